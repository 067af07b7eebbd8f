"""Multiple choice on a sheet: how it stands there, in whose order, and what a chosen letter is worth.

What can be chosen stands in the question's cell, and what is right in the cell for the answer, where nbgrader keeps
what it takes out of students' sheets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

from course_utils.workshop.phrases import phrase

__all__ = ["Chosen", "asked_choices", "chosen", "key_of", "shuffled"]

LETTERS = "abcdefghijkl"
LINE = re.compile(r"^- \*\*([a-l])\)\*\* (.*)$", re.MULTILINE)
RIGHT = re.compile(r"^\*\*Right:\*\* ([a-l](?:, [a-l])*)$", re.MULTILINE)
MISTAKES = re.compile(r"^\*\*Mistakes:\*\* (.*)$", re.MULTILINE)
MISTAKE = re.compile(r"([a-l]) \[([a-z0-9-]+)\]")
# Of an answer: what may stand around letters, and what may stand between them.
AROUND = re.compile(r"(?:the\s+|my\s+)?(?:right\s+)?(?:answers?|choices?|letters?)?(?:\s+(?:is|are))?\s*:?\s*", re.I)
SIGNS = re.compile(r"[\s*_`()\[\].,;:&+/]+|\band\b", re.IGNORECASE)

Chosen = tuple[bool | None, str, str]  # whether it is right, the mistake it shows, and what to say of it


def asked_choices(texts: Sequence[str], several: bool) -> str:
    """Return what can be chosen as Markdown, with how to answer."""
    all_of, one = "Write the letters of all that are right, such as `a, c`.", "Write one letter, such as `b`."
    how = phrase(all_of if several else one)
    lines = [f"- **{letter})** {text}" for letter, text in zip(LETTERS, texts, strict=False)]
    return "\n".join(lines) + f"\n\n{how}"


def key_of(right: Sequence[bool], mistakes: Sequence[str], explanation: str) -> str:
    """Return what the instructor's cell says of the right choice."""
    named = [f"{letter} [{name}]" for letter, name in zip(LETTERS, mistakes, strict=False) if name]
    lines = [f"**Right:** {', '.join(letter for letter, one in zip(LETTERS, right, strict=False) if one)}"]
    lines += [f"**Mistakes:** {', '.join(named)}"] * bool(named)
    return "\n\n".join([*lines, *[explanation] * bool(explanation)])


def shuffled(asked: str, key: str, *names: str) -> tuple[str, str]:
    """Return a question and its key with the choices in another order, which depends on nothing but the names."""
    order = sorted(LINE.findall(asked), key=lambda one: digest(*names, one[0]))
    new = {old: letter for (old, _), letter in zip(order, LETTERS, strict=False)}
    lines = iter(f"- **{letter})** {text}" for letter, (_, text) in zip(LETTERS, order, strict=False))

    def right(said: re.Match[str]) -> str:
        return f"**Right:** {', '.join(sorted(new[one] for one in said[1].split(', ')))}"

    def mistakes(said: re.Match[str]) -> str:
        named = sorted(f"{new[old]} [{name}]" for old, name in MISTAKE.findall(said[1]))
        return f"**Mistakes:** {', '.join(named)}"

    return LINE.sub(lambda _: next(lines), asked), MISTAKES.sub(mistakes, RIGHT.sub(right, key))


def digest(*names: str) -> bytes:
    """Return bytes that depend on nothing but the names."""
    return sha256("\0".join(names).encode("utf-8", "surrogatepass")).digest()


def chosen(answer: str, asked: str, key: str) -> Chosen:
    """Return what an answer is worth: None where somebody has to look, since it names no choice.

    Parameters
    ----------
    answer
        What the student wrote.
    asked
        The question, with the choices in the student's order.
    key
        What the instructor's cell says.
    """
    right = RIGHT.search(key)
    texts = dict(LINE.findall(asked))
    letters = letters_in(answer, texts)
    if not right or not letters:
        return None, "", f"{answer.strip()}\n{phrase('(No letter of a choice alone; somebody has to look.)')}"
    wanted = set(right[1].split(", "))
    said = "\n".join(f"{letter}) {texts[letter]}" for letter in letters)
    if set(letters) == wanted:
        return True, "", said
    mistakes = dict(MISTAKE.findall(match[1])) if (match := MISTAKES.search(key)) else {}
    named = [mistakes[letter] for letter in letters if letter in mistakes and letter not in wanted]
    return False, named[0] if named else "", said


def letters_in(answer: str, texts: dict[str, str]) -> list[str]:
    """Return the letters that an answer names, none if it says anything else."""
    bare = answer.strip()
    for letter, text in texts.items():  # the whole line, copied
        if bare.lstrip("- ").replace("*", "") in (f"{letter}) {text.replace('*', '')}", text.replace("*", "")):
            return [letter]
    bare = AROUND.sub("", bare, count=1) if AROUND.match(bare) else bare
    parts = [part.lower() for part in SIGNS.split(bare) if part]
    if len(parts) == 1 and len(parts[0]) > 1 and set(parts[0]) <= set(texts) and len(set(parts[0])) == len(parts[0]):
        parts = list(parts[0])  # "ac"
    return sorted(set(parts)) if parts and all(part in texts for part in parts) else []
