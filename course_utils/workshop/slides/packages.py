"""Files of others that a page needs, in a wheel that pip brings the first time and that is kept for the next."""

import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_folder

# Carries reveal.js, fonts included, as its authors publish it.
REVEAL = "sphinx-revealjs==3.2.1 --hash=sha256:805bed3ca459346e0f01967d5ed1c40d6b7b917de1541e1e4566c8341fe7017b"
_PATIENCE = 120  # seconds for a download


def cache_folder() -> Path:
    """Return where wheels are kept: in the user's own folder for such things."""
    return Path(platformdirs.user_cache_dir("course_utils", appauthor=False)) / "packages"


def fetch(requirement: str) -> Path:
    """Return a wheel, by pip's settings of whoever runs this; nothing of it is run.

    Parameters
    ----------
    requirement
        As in pip's files of requirements, with the hash of the only file that may come:
        ``name==1.0 --hash=sha256:…``.

    Raises
    ------
    ChapterError
        If it is not there and cannot be downloaded, or if what comes has another hash.
    """
    kept = cache_folder() / requirement.split()[0]
    try:
        if not list(kept.glob("*.whl")):
            kept.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
                _download(requirement, Path(folder))
                replace_folder(Path(folder) / "wheel", kept)
    except OSError as error:
        raise ChapterError(f"{kept}: cannot be written: {error.strerror}") from error
    return next(kept.glob("*.whl"))


def _download(requirement: str, folder: Path) -> None:
    """Let pip bring the wheel, which it checks, into a folder within `folder`."""
    (folder / "requirements.txt").write_text(requirement, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet"]
    command += ["--retries", "1", "--disable-pip-version-check", "--dest", "wheel", "-r", "requirements.txt"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        reason = f"no answer in {_PATIENCE} s"
    else:
        if not done.returncode:
            return
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        reason = next((line for line in said if line.startswith("ERROR: ")), said[-1])
    raise ChapterError(
        f"{requirement.split()[0]}: not in {cache_folder()}, and pip cannot download it ({reason}); "
        "run this once with a network"
    )
