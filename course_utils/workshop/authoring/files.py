"""Files and folders replaced in one step, so a crash or a reader never meets half of one."""

import os
import shutil
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


def replace_folder(fresh: Path, target: Path) -> None:
    """Move a folder to where another may stand, which is deleted then.

    Parameters
    ----------
    fresh
        The new folder, on the file system of `target`.
    target
        Where it goes.

    Raises
    ------
    OSError
        If it cannot be moved; the old folder then stands as it was.
    """
    if not target.exists():
        os.replace(fresh, target)
        return
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    os.replace(target, old)
    try:
        os.replace(fresh, target)
    except OSError:
        os.replace(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)
