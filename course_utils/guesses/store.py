"""The reader's guesses: in the kernel's memory, and in a file beside the notebook, which is the reader's own."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from course_utils.guesses.question import SURE, Given, Question

__all__ = ["STORE", "Store"]

FILE = "guesses.json"


class Store:
    """What was guessed, and what came out, by the key of the question.

    Parameters
    ----------
    path : Path or None, optional
        The file. By default what the environment variable COURSE_GUESSES names, else `guesses.json` in the folder in
        which Python runs; nothing is written if the variable is empty.
    """

    def __init__(self, path: Path | None = None) -> None:
        named = os.environ.get("COURSE_GUESSES", FILE)
        self.path = path or (Path(named).absolute() if named else None)
        self.kept: dict[str, dict[str, Any]] = self.read()

    def read(self) -> dict[str, dict[str, Any]]:
        """Return what the file holds; a file that is none of ours holds nothing."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
        except (OSError, ValueError, RecursionError):
            return {}
        entries = found.items() if isinstance(found, dict) else ()
        return {key: entry for key, entry in entries if isinstance(entry, dict)}

    def kept_of(self, one: Question) -> dict[str, Any]:
        """Return what is kept of a question: its "guess", "sure" and "truth"; nothing that it does not allow."""
        entry = self.kept.get(one.key, {})
        found = {"sure": entry["sure"]} if entry.get("sure") in SURE else {}
        for name in ("guess", "truth"):
            with suppress(ValueError):
                found |= {name: one.parse(entry[name])} if entry.get(name) is not None else {}
        return found

    def guess_of(self, one: Question) -> Given | None:
        """Return what was guessed, None if nothing was."""
        return self.kept_of(one).get("guess")

    def keep(self, key: str, **changes: Any) -> None:
        """Change what is kept of a question; other kernels' entries in the file stay as they are."""
        entry = {name: value for name, value in (self.kept.get(key, {}) | changes).items() if value is not None}
        self.kept = self.kept | self.read() | {key: entry}
        if self.path is None:
            return
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            beside.write_text(json.dumps(self.kept, indent=1, ensure_ascii=False), encoding="utf-8")
            beside.replace(self.path)
        except OSError:  # a folder that nobody may write to: the guesses last as long as the kernel
            self.path = None


STORE = Store()  # that of this kernel
