"""Texts that an instructor writes, as editors and spreadsheets save them."""

from __future__ import annotations

from pathlib import Path

from course_utils.workshop.authoring.chapters import ChapterError

__all__ = ["text_of"]

LARGEST = 10 * 2**20


def text_of(path: Path) -> str:
    """Return the text of a file in UTF-8 or, where its first two bytes say so, in UTF-16, without that mark.

    Raises
    ------
    ChapterError
        With the file and, where it is in another encoding, the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ChapterError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise ChapterError(f"{path}: is larger than {LARGEST // 2**20} MiB")
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ChapterError(f"{path}:{line}: is not in UTF-8; save it as UTF-8 (of a spreadsheet: CSV UTF-8)") from None
