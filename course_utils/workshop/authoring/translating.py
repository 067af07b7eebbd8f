"""The command `translate`: what is to be translated, stubs for it, and the record of what it was made from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.commands import NOTEBOOKS
from course_utils.workshop.command import argument, command, fail

if TYPE_CHECKING:
    from course_utils.workshop.authoring.originals import Original
    from course_utils.workshop.authoring.translation import Text

__all__ = ["translate"]


@command(
    NOTEBOOKS,
    argument("language", nargs="?", metavar="LANGUAGE", help="such as zh; none means all that languages.toml has"),
    argument(
        "parts", nargs="*", metavar="PART", help="such as 02, notes.md, texts, beliefs/masks.toml; none means all"
    ),
    argument("--todo", action="store_true", help="show what is missing or behind its English, with the English"),
    argument("--stubs", action="store_true", help="write a place for each missing text, the English in a comment"),
    argument("--accept", action="store_true", help="note that what was written or changed fits the English of today"),
    argument(
        "--still", nargs="+", default=(), metavar="FILE:KEY",
        help="with --accept: translations that hold unchanged, as it names them",
    ),
)  # fmt: skip
def translate(arguments: argparse.Namespace) -> int:
    """Show how far a translation is, and with --todo, --stubs and --accept go on with it."""
    from course_utils.workshop.authoring.translation import declared_languages

    declared = declared_languages(arguments.notebooks_dir)
    if arguments.language and arguments.language not in declared:
        raise ChapterError(
            f"{arguments.language}: {arguments.notebooks_dir / 'source' / 'languages.toml'} has "
            f"{', '.join(declared) or 'no languages'}"
        )
    status = 0
    for language in [arguments.language] if arguments.language else declared:
        files = selected_files(arguments.notebooks_dir, arguments.parts)
        if arguments.stubs:
            write_stubs(files, language)
        elif arguments.accept:
            require_texts(files, language, arguments.still)
            status |= accept_all(files, language, arguments.still)
        elif arguments.todo:
            for line in todo(files, language):
                print(line)
        else:
            print_table(files, language)
    return status


def selected_files(notebooks_dir: Path, parts: Sequence[str]) -> list[Original]:
    """Return the files that are named: by chapter, by room or by their own name; each that fits all words.

    Raises
    ------
    ChapterError
        If a word fits none.
    """
    from course_utils.workshop.authoring.originals import originals

    files = originals(notebooks_dir)
    for part in parts:
        files = [file for file in files if fits(file, part)]
        if not files:
            raise ChapterError(f"{part}: no file of texts is called so; `python -m course_utils translate` lists them")
    return files


def fits(file: Original, part: str) -> bool:
    """Return whether a word names a file."""
    names = [file.room.name, file.room.name.partition("_")[0], file.name, file.path.name, file.path.stem]
    return part.strip("/") in [*names, *file.path.parts] or file.path.as_posix().endswith(f"/{part}")


def todo(files: Sequence[Original], language: str) -> Iterator[str]:
    """Give the lines that say what is to be done: the English of what is missing, and how that of others changed."""
    from course_utils.workshop.authoring.translation import DONE, NEW, STALE, texts_of, what_changed

    for file in files:
        texts = [text for text in texts_of(file, language) if text.state != DONE]
        if texts:
            yield f"# {file.overlay(language)}  (of {file.path}): {len(texts)} to do"
        for text in texts:
            told = " (translated, not accepted)" if text.state == NEW else ""
            yield f"\n## key: {text.key}\n<!-- {text.state}{told} -->"
            if text.state == STALE:
                yield from (f"<!-- changed: {change} -->" for change in what_changed(text, language))
            if text.state != NEW:
                yield shown(text)
        if texts:
            yield ""


def shown(text: Text) -> str:
    """Return the English of a text, and below it a translation that is behind."""
    parts = ["\n".join(one) if isinstance(one, list) else one for one in (text.english, text.translation)]
    return "\n<!-- translated as: -->\n".join(filter(None, parts))


def write_stubs(files: Sequence[Original], language: str) -> None:
    """Write a place for each text that is missing, and say where."""
    from course_utils.workshop.authoring.translation import MISSING, texts_of, tidy

    for file in files:
        missing = [text for text in texts_of(file, language) if text.state == MISSING]
        if missing:
            tidy(file, language, stubs=True)
            print(f"{file.overlay(language)}: {len(missing)} places to fill")


def accept_all(files: Sequence[Original], language: str, still: Sequence[str]) -> int:
    """Accept what can be, say why the rest cannot, and return the exit status."""
    from course_utils.workshop.authoring.translation import MISSING, accept, texts_of, tidy

    count, status = 0, 0
    for file in files:
        texts = texts_of(file, language)
        taken, refused = accept(texts, language, still)
        count += len(taken)
        for line in refused:
            status = fail(line)
        tidy(file, language, stubs=has_stubs(file, language) and any(text.state == MISSING for text in texts))
    print(f"{language}: {count} texts accepted")
    return status


def require_texts(files: Sequence[Original], language: str, called: Sequence[str]) -> None:
    """Refuse names of texts that none has, before anything is accepted."""
    from course_utils.workshop.authoring.translation import texts_of

    known = {text.called for file in files for text in texts_of(file, language)} if called else set()
    if unknown := [name for name in called if name not in known]:
        raise ChapterError(
            f"--still {unknown[0]}: no text here is called so; FILE:KEY is meant, such as "
            f"{min((one for one in known if one.endswith(f':{unknown[0]}')), default=min(known, default='FILE:KEY'))}"
        )


def has_stubs(file: Original, language: str) -> bool:
    """Return whether a translation has places that are still to be filled."""
    path = file.overlay(language)
    if not path.exists():
        return False
    text = path.read_text(encoding="utf-8")
    return "<!-- english\n" in text or "\n# english: " in text


def print_table(files: Sequence[Original], language: str) -> None:
    """Print of each file how many of its texts are translated and how many are behind."""
    from course_utils.workshop.authoring.translation import DONE, MISSING, STALE, texts_of

    totals = [0, 0, 0]
    for file in files:
        states = [text.state for text in texts_of(file, language)]
        told = len(states) - states.count(MISSING)
        counts = [told, len(states), told - states.count(DONE)]
        totals = [one + other for one, other in zip(totals, counts, strict=True)]
        behind = f", {states.count(STALE)} stale, {counts[2] - states.count(STALE)} not accepted" if counts[2] else ""
        print(f"{file.path}: {counts[0]} of {counts[1]}{behind}")
    print(f"{language}: {totals[0]} of {totals[1]} texts translated, {totals[2]} of them stale or not accepted")
