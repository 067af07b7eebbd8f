"""Where the course lives: one line in pyproject.toml, from which all badges and install cells are made."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import tomli

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file

GITHUB = "https://github.com/"
# Names as GitHub allows them: an owner is at most 39 letters, digits and single hyphens.
_NAME = re.compile(r"(?P<owner>[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})/(?P<name>[A-Za-z0-9._-]{1,100})")
_SECTION = "[project.urls]\n"
_LINE = re.compile(r"^Repository *=.*\n?", re.MULTILINE)
_NEXT = re.compile(r"^\[|\Z", re.MULTILINE)  # where a section ends


@dataclass(frozen=True)
class Address:
    """A repository on GitHub, the one place that Colab and Binder both open notebooks from."""

    owner: str
    name: str

    @property
    def repository(self) -> str:
        """The repository's page."""
        return f"{GITHUB}{self.owner}/{self.name}"

    @property
    def site(self) -> str:
        """Where the repository's workflow publishes the website, if its owner lets it."""
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"

    def colab(self, path: str) -> str:
        """Return the address at which Colab opens a notebook of the repository."""
        return f"https://colab.research.google.com/github/{self.owner}/{self.name}/blob/main/{path}"

    def binder(self, path: str) -> str:
        """Return the address at which Binder opens it in JupyterLab."""
        return f"https://mybinder.org/v2/gh/{self.owner}/{self.name}/main?urlpath=lab/tree/{path}"


def parse_address(text: str) -> Address:
    """Read an address from what somebody typed.

    Parameters
    ----------
    text
        OWNER/NAME, or the address of a page on GitHub.

    Raises
    ------
    ChapterError
        If it is neither.
    """
    name = text.strip().removeprefix(GITHUB).removesuffix("/").removesuffix(".git")
    match = _NAME.fullmatch(name)
    if not match or match["name"] in (".", ".."):
        raise ChapterError(f"{text!r}: a repository on GitHub is named OWNER/NAME, such as ada/dropout-course")
    return Address(match["owner"], match["name"])


def read_address(root: Path) -> Address | None:
    """Read where the course lives; None if that is not set.

    Parameters
    ----------
    root
        The folder of pyproject.toml; there may be none.

    Raises
    ------
    ChapterError
        If the file cannot be read, or holds something else than a repository on GitHub.
    """
    path = root / "pyproject.toml"
    if not path.exists():
        return None
    try:
        urls = tomli.loads(path.read_text(encoding="utf-8")).get("project", {}).get("urls", {})
    except (OSError, ValueError) as error:
        raise ChapterError(f"{path}: cannot be read: {error}") from error
    return parse_address(urls["Repository"]) if "Repository" in urls else None


def write_address(root: Path, address: Address) -> bool:
    """Set where the course lives; say whether that changed anything.

    Raises
    ------
    ChapterError
        If there is no pyproject.toml, or it cannot be written.
    """
    path = root / "pyproject.toml"
    line = f'Repository = "{address.repository}"\n'
    try:
        text = path.read_text(encoding="utf-8")
        if _SECTION not in text:
            text = text.replace("\n[project.optional-dependencies]", f"\n{_SECTION}\n[project.optional-dependencies]")
        head, section, rest = text.partition(_SECTION)
        end = _NEXT.search(rest).start()  # type: ignore[union-attr]  # the end of the text at last
        text = head + section + line + _LINE.sub("", rest[:end]) + rest[end:]
        return replace_file(path, text.encode())
    except OSError as error:
        raise ChapterError(f"{path}: cannot be written: {os.strerror(error.errno or 0)}") from error
