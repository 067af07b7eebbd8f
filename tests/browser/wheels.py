"""Archives that only tests of browsers read, brought by pip or npm the first time and kept for the next."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from course_utils.workshop.authoring.files import replace_folder

PATIENCE = 120  # seconds for a download


def fetch(requirement: str) -> Path:
    """Return a wheel, ``name==1.0 --hash=sha256:…``, or raise OSError with what pip says; nothing of it is run."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
    command += ["--retries", "1", "--dest", "brought", "-r", "requirements.txt"]
    return _brought(requirement.split()[0], command, requirement)


def fetch_npm(package: str, sha256: str) -> Path:
    """Return a package's archive, ``name@1.0``, or raise OSError with what npm says; nothing of it is run."""
    if shutil.which("npm") is None:
        raise OSError(f"npm, which brings {package}, is not installed")
    found = _brought(package, ["npm", "pack", package, "--silent", "--pack-destination", "brought"])
    if hashlib.sha256(found.read_bytes()).hexdigest() != sha256:
        raise OSError(f"{found}: is not the {package} that is known here")
    return found


def _brought(name: str, command: Sequence[str], requirement: str = "") -> Path:
    """Return the one file that a command writes to the folder ``brought``."""
    kept = Path(platformdirs.user_cache_dir("course_utils", appauthor=False)) / "packages" / name
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            (Path(folder) / "brought").mkdir()
            (Path(folder) / "requirements.txt").write_text(requirement, encoding="utf-8")
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
            if done.returncode:
                raise OSError(f"{command[0]} cannot bring {name}: {done.stderr.strip()[-200:]}")
            replace_folder(Path(folder) / "brought", kept)
    return next(kept.iterdir())
