"""Files replaced in one step, so a crash or a reader never meets half of one."""

import os
from pathlib import Path


def replace_file(path: Path, data: bytes) -> bool:
    """Make `data` the content of `path`, unless it is already.

    Parameters
    ----------
    path
        The file; it may not exist yet.
    data
        What it shall hold.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    OSError
        If the file cannot be written; the old one then stands untouched.
    """
    if path.exists() and path.read_bytes() == data:
        return False
    # Beside the target, because os.replace is one step only within one file system.
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return True
