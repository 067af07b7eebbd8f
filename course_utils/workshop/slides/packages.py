"""Files of others that a page needs, taken from a package when the page is made, and kept for the next time."""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file

_PATIENCE = 120  # seconds for a download


@dataclass(frozen=True)
class Package:
    """A wheel, known by its hash, so that nothing else can take its place.

    Parameters
    ----------
    name, version
        What pip calls it.
    file
        The wheel's file name.
    sha256
        The hash of that file.
    """

    name: str
    version: str
    file: str
    sha256: str

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"{self.name}=={self.version}"


REVEAL = Package(  # carries reveal.js, fonts included, as its authors publish it
    "sphinx-revealjs",
    "3.2.1",
    "sphinx_revealjs-3.2.1-py3-none-any.whl",
    "805bed3ca459346e0f01967d5ed1c40d6b7b917de1541e1e4566c8341fe7017b",
)


def cache_folder() -> Path:
    """Return where fetched packages are kept: in the user's own folder for such things."""
    return Path(platformdirs.user_cache_dir("course_utils", appauthor=False)) / "packages"


def fetch(package: Package) -> Path:
    """Return the wheel of a package, downloaded with pip unless it is there already.

    Raises
    ------
    ChapterError
        If it is not there and cannot be downloaded, or if what came has another hash.
    """
    cached = cache_folder() / package.file
    if _sha256(cached) == package.sha256:
        return cached
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cached.parent) as folder:
            wheel = _download(package, Path(folder))
            if _sha256(wheel) != package.sha256:
                raise ChapterError(f"{package.requirement}: the file that came is not the one expected; it is not used")
            os.replace(wheel, cached)
    except OSError as error:
        raise ChapterError(f"{cached}: cannot be written: {error.strerror}") from error
    return cached


def unpack(package: Package, files: Mapping[str, str], folder: Path) -> None:
    """Write some files of a package into a folder, and nothing else of it.

    Parameters
    ----------
    package
        The package; it is fetched if need be.
    files
        The path in the wheel of each file, and its path below `folder`.
    folder
        Where they go.

    Raises
    ------
    ChapterError
        If the package cannot be had, has no such file, or a path leads out of the folder.
    """
    wheel = fetch(package)
    with zipfile.ZipFile(wheel) as archive:
        for inside, target in files.items():
            path = folder / target
            if not path.resolve().is_relative_to(folder.resolve()):
                raise ChapterError(f"{target}: leads out of {folder}")
            try:
                data = archive.read(inside)
            except KeyError:
                raise ChapterError(f"{wheel}: has no file {inside}") from None
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)


def _download(package: Package, folder: Path) -> Path:
    """Let pip bring the wheel, by the settings of whoever runs this; nothing of it is run."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet"]
    command += ["--retries", "1", "--disable-pip-version-check", "--dest", str(folder), package.requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE)
        said = done.stderr.strip() or done.stdout.strip()
    except subprocess.TimeoutExpired:
        said = f"no answer in {_PATIENCE} s"
    wheel = folder / package.file
    if not wheel.exists():
        reason = said.splitlines()[-1] if said else f"pip brought no {package.file}"
        raise ChapterError(
            f"{package.requirement}: not in {cache_folder()}, and pip cannot download it ({reason}); "
            "run this once with a network"
        )
    return wheel


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
