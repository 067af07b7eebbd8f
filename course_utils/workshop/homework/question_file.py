"""A file of questions that an instructor writes: Markdown, or the same in percent format; README.md says how."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.solutions import SolutionError, has_solution, without_solutions
from course_utils.workshop.homework.choices import LINE
from course_utils.workshop.homework.numbers import NumberError, choices_of, drawn, filled, has_numbers
from course_utils.workshop.homework.reading import text_of

__all__ = ["KINDS", "Part", "Question", "QuestionFile", "read_questions"]

CODE_PARTS = ("setup", "code", "example", "check")  # of Python; the others are text
# What a kind of question must have, and what it may have besides. A question's kind is that whose first part it has.
KINDS = {
    "text": (("model answer",), ("rubric",)),
    "code": (("code", "check"), ("setup", "example")),
    "choice": (("choices",), ("explanation",)),
}
PARTS = tuple(part for must, may in KINDS.values() for part in (*must, *may))
POINTS = {"text": 1.0, "code": 2.0, "choice": 1.0}  # where a question says none
LONGEST_KEY = 50  # cells add words of their own, and a notebook allows 64 letters
MOST_CHOICES = 12
KEY = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_KEY - 1}}}")
HEADING = re.compile(r"(#{1,3})\s+(.*?)(?:\s+#+)?\s*")
ATTRIBUTES = re.compile(r"(.*?)\s*\{([^{}]*)\}")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*(\S*).*")
CHOICE = re.compile(r"[-*]\s+\[([ xX])\]\s+(.*)")
MISTAKE = re.compile(r"\s*\[([a-z0-9]+(?:-[a-z0-9]+)+)\]\s*\Z")
PERCENT = re.compile(r"#\s*%%(.*)")
NAME = re.compile(r"[A-Za-z0-9]\w*")
HIDDEN = re.compile(r"(?:BEGIN|END) HIDDEN TESTS")
FORMS = "a heading ends as `## Title {#key points=2 shuffle}`; key, points and shuffle may be missing"


@dataclass(frozen=True)
class Part:
    """What stands below a heading.

    Parameters
    ----------
    text
        Its text; of Python without the fences.
    line
        The line in the file on which it begins.
    """

    text: str = ""
    line: int = 0


@dataclass(frozen=True)
class Question:
    """One question.

    Parameters
    ----------
    key
        Its lasting name, by which answers are found again.
    title
        What its heading says.
    kind
        "text", "code" or "choice".
    points
        How many it gives.
    shuffle
        Whether its choices stand in another order for each student.
    text
        What is asked.
    parts
        The rest, by the name of its heading.
    """

    key: str
    title: str
    kind: str
    points: float
    shuffle: bool
    text: Part
    parts: dict[str, Part]

    def choices(self) -> list[tuple[str, bool, str]]:
        """Return what can be chosen: the text, whether it is right, and the mistake it shows, if it names one."""
        found: list[tuple[str, bool, str]] = []
        for line in self.parts["choices"].text.splitlines():
            if match := CHOICE.fullmatch(line.strip()):
                named = MISTAKE.search(match[2])
                text = match[2][: named.start()] if named else match[2]
                found.append((text, match[1] != " ", named[1] if named else ""))
            elif line.strip():  # a choice that goes on
                text, right, mistake = found.pop()
                named = MISTAKE.search(line)
                rest = line[: named.start()] if named else line
                found.append((f"{text} {rest.strip()}".strip(), right, named[1] if named else mistake))
        return found


@dataclass(frozen=True)
class QuestionFile:
    """All questions of a file, with its title, what stands above the first question, and code that runs first."""

    path: Path
    title: str
    introduction: str
    setup: Part
    questions: tuple[Question, ...]


def read_questions(path: Path) -> QuestionFile:
    """Read a file of questions.

    Raises
    ------
    ChapterError
        With the file, the line, and what is allowed there.
    """
    if path.suffix not in (".md", ".py") or not NAME.fullmatch(path.stem):
        raise ChapterError(
            f"{path}: the name of a file of questions is letters, digits and _, then .md for Markdown or .py for "
            "percent format; it names the assignment"
        )
    numbered = list(enumerate(text_of(path).splitlines(), start=1))
    blocks = list(headed(as_markdown(numbered, path) if path.suffix == ".py" else numbered, path))
    top = [block for block in blocks if block.level == 1]
    if len(top) != 1 or blocks[0] is not top[0]:
        line = top[1].line if len(top) > 1 else 1
        raise fault(path, line, "a file of questions begins with one title, `# …`, which stands nowhere else")
    return gathered(path, blocks)


@dataclass(frozen=True)
class Block:
    """A heading and the lines below it, up to the next."""

    level: int
    title: str
    line: int
    below: list[tuple[int, str]]


def headed(lines: list[tuple[int, str]], path: Path) -> Iterator[Block]:
    """Give the text by headings; those in code are none."""
    fence, opened, block = "", 0, None
    for number, line in lines:
        mark = FENCE.fullmatch(line)
        if mark and not fence:
            fence, opened = mark[1], number
        elif mark and fence and mark[1].startswith(fence) and not mark[2]:
            fence = ""
        heading = None if fence or mark else HEADING.fullmatch(line)
        if heading:
            if block:
                yield block
            block = Block(len(heading[1]), heading[2], number, [])
        elif block:
            block.below.append((number, line))
        elif line.strip():
            raise fault(path, number, "this stands above the title, `# …`")
    if fence:
        raise fault(path, opened, f"this {fence} is closed nowhere")
    if not block:
        raise fault(path, 1, "there is no title, `# …`")
    yield block


def gathered(path: Path, blocks: list[Block]) -> QuestionFile:
    """Return the questions that the blocks of a file make."""
    groups: list[list[Block]] = []
    for block in blocks:
        if block.level < 3:
            groups.append([])
        groups[-1].append(block)
    first, *others = groups
    setup = parts_of(path, first)
    if strange := next((name for name in setup if name != "setup"), ""):
        raise fault(path, setup[strange].line, f"`### {strange.capitalize()}` belongs below a question, `## …`")
    questions: dict[str, Question] = {}
    for group in others:
        question = question_of(path, group)
        if question.key in questions:
            raise fault(path, group[0].line, f"another question has the key {question.key}; write {{#another-key}}")
        questions[question.key] = question
    if not questions:
        raise fault(path, blocks[0].line, "there is no question, `## …`")
    introduction, title = joined(first[0].below).text, first[0].title
    return QuestionFile(path, title, introduction, setup.get("setup", Part()), tuple(questions.values()))


def question_of(path: Path, group: list[Block]) -> Question:
    """Return the question of a heading and what stands below it."""
    head, line = group[0], group[0].line
    title, key, points, shuffle = heading_of(path, head)
    parts = parts_of(path, group)
    kinds = [kind for kind, (must, _) in KINDS.items() if must[0] in parts]
    if len(kinds) != 1:
        firsts = ", ".join(f"`### {must[0].capitalize()}` ({kind})" for kind, (must, _) in KINDS.items())
        raise fault(path, line, f"the question {key} needs one of {firsts}; it has {len(kinds)} of them")
    kind, (must, may) = kinds[0], KINDS[kinds[0]]
    for name in must:
        if not parts.get(name, Part()).text.strip():
            raise fault(path, line, f"the question {key} ({kind}) needs `### {name.capitalize()}` with something in it")
    for name, part in parts.items():
        if name not in (*must, *may):
            allowed = ", ".join(one.capitalize() for one in (*must, *may))
            what = f"a question of the kind {kind} has no `### {name.capitalize()}`"
            raise fault(path, part.line, f"{what}; allowed are: {allowed}")
    if shuffle and kind != "choice":
        raise fault(path, line, f"shuffle is for choices; the question {key} has none")
    text = joined(head.below)
    if not text.text.strip():
        raise fault(path, line, f"the question {key} asks nothing: write it below its heading")
    question = Question(key, title, kind, POINTS[kind] if points is None else points, shuffle, text, parts)
    require_sound(path, question)
    return question


def heading_of(path: Path, head: Block) -> tuple[str, str, float | None, bool]:
    """Return the title, the key, the points and whether to shuffle, as a question's heading says."""
    match = ATTRIBUTES.fullmatch(head.title)
    title, words = (match[1], match[2].split()) if match else (head.title, [])
    key, points, shuffle = "", None, False
    for word in words:
        name, _, value = word.partition("=")
        if word.startswith("#"):
            key = word[1:]
            if not KEY.fullmatch(key):
                raise fault(
                    path, head.line,
                    f"key {key!r}: 1 to {LONGEST_KEY} small letters of a to z, digits and hyphens are allowed",
                )  # fmt: skip
        elif name == "points":
            try:
                points = float(value)
            except ValueError:
                points = 0.0
            if not 0 < points <= 1000:
                raise fault(path, head.line, f"points={value}: a number above 0, at most 1000, is allowed")
        elif word == "shuffle":
            shuffle = True
        else:
            raise fault(path, head.line, f"`{word}` is not known: {FORMS}")
    key = key or "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:LONGEST_KEY].strip("-")
    if has_numbers(title):
        raise fault(path, head.line, "a title is the same for everybody; say numbers below it")
    if not title or not key:
        raise fault(path, head.line, f"this question needs a title of letters, or a key: {FORMS}")
    return title, key, points, shuffle


def parts_of(path: Path, group: list[Block]) -> dict[str, Part]:
    """Return what stands below the small headings of a question."""
    found: dict[str, Part] = {}
    for block in group[1:]:
        name = block.title.lower()
        if name not in PARTS:
            allowed = ", ".join(part.capitalize() for part in PARTS)
            raise fault(path, block.line, f"`### {block.title}` is not known; allowed are: {allowed}")
        if name in found:
            raise fault(path, block.line, f"`### {block.title}` stands in this question already")
        found[name] = python_of(path, block) if name in CODE_PARTS else joined(block.below)
    return found


def python_of(path: Path, block: Block) -> Part:
    """Return the code of a part, which must be one listing."""
    inside: list[tuple[int, str]] = []
    fence, closed = "", False
    for number, line in block.below:
        mark = FENCE.fullmatch(line)
        if not fence and not closed and mark and mark[2].lower() in ("python", "py"):
            fence = mark[1]
        elif fence and mark and mark[1].startswith(fence) and not mark[2]:
            fence, closed = "", True
        elif fence:
            inside.append((number, line))
        elif line.strip():
            raise fault(path, number, f"below `### {block.title}` stands one listing, ```python, and nothing else")
    if not closed:
        raise fault(path, block.line, f"below `### {block.title}` must stand a listing, ```python")
    return Part("\n".join(line for _, line in inside).rstrip(), inside[0][0] if inside else block.line)


def joined(lines: list[tuple[int, str]]) -> Part:
    """Return lines as one text, without empty ones around it."""
    text = "\n".join(line for _, line in lines)
    empty = len(text) - len(text.lstrip("\n"))
    return Part(text.strip("\n").rstrip(), lines[empty][0] if empty < len(lines) else 0)


def require_sound(path: Path, question: Question) -> None:
    """Refuse a question whose numbers, code or choices cannot be."""
    texts = [question.text, *question.parts.values()]
    try:
        for text in texts:  # one by one, so that a fault has its line
            at = text
            choices_of([text.text])
        at = question.text
        numbers = drawn(choices_of([one.text for one in texts]), "", "", question.key)
        for text in texts:
            at = text
            filled(text.text, numbers)
    except NumberError as error:
        line = at.line + at.text.count("\n", 0, error.place)
        raise fault(path, line, str(error)) from None
    for name in CODE_PARTS:
        if name in question.parts:
            require_python(path, question.parts[name], numbers)
    if question.kind == "code":
        code = question.parts["code"]
        if not has_solution(code.text):
            between = "between ### BEGIN SOLUTION and ### END SOLUTION"
            raise fault(path, code.line, f"the lines of the solution stand {between}")
    if question.kind == "choice":
        require_choices(path, question)


def require_python(path: Path, part: Part, numbers: dict[str, str]) -> None:
    """Refuse code that is none, or in which the marks of a solution do not pair up, or those of a check stand."""
    if mark := HIDDEN.search(part.text):  # what followed it would stand on students' sheets
        line = part.line + part.text.count("\n", 0, mark.start())
        raise fault(path, line, f"leave out `{mark[0]}`: a check is hidden as a whole, and other code is not")
    try:
        text = filled(part.text, numbers)
        for variant in (text, without_solutions(text)):
            ast.parse(variant)
    except SolutionError as error:
        raise fault(path, part.line + error.line - 1, str(error)) from None
    except SyntaxError as error:
        raise fault(path, part.line + (error.lineno or 1) - 1, f"this is no Python: {error.msg}") from None


def require_choices(path: Path, question: Question) -> None:
    """Refuse choices that are none."""
    part = question.parts["choices"]
    if like := LINE.search(question.text.text):
        at = question.text.line + question.text.text.count("\n", 0, like.start())
        raise fault(path, at, f"`{like[0]}` looks like one of the sheet's choices; write it in another way")
    for number, line in enumerate(part.text.splitlines()):
        begins = line.strip() and not line.startswith((" ", "\t"))
        if (begins or not number) and not CHOICE.fullmatch(line.strip()):
            raise fault(path, part.line + number, "a choice is a line `- [ ] text`, or `- [x] text` where it is right")
    choices = question.choices()
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise fault(path, part.line, f"2 to {MOST_CHOICES} choices are allowed, here are {len(choices)}")
    if not any(right for _, right, _ in choices):
        raise fault(path, part.line, "no choice is right: write [x] before one")
    texts = [text for text, _, _ in choices]
    if twice := next((text for text in texts if texts.count(text) > 1), ""):
        raise fault(path, part.line, f"two choices say the same: {twice}")


def as_markdown(lines: list[tuple[int, str]], path: Path) -> list[tuple[int, str]]:
    """Return a text in percent format as Markdown: what is no Markdown cell is a listing."""
    found: list[tuple[int, str]] = []
    kind = ""
    for number, line in lines:
        if header := PERCENT.fullmatch(line):
            found += [(number, "```")] * (kind == "code")
            kind = "markdown" if "[markdown]" in header[1] or "[md]" in header[1] else "code"
            found.append((number, "" if kind == "markdown" else "```python"))
        elif kind == "markdown":
            if line.strip() and not line.startswith("#"):
                raise fault(path, number, "in a cell of text, `# %% [markdown]`, each line begins with #")
            found.append((number, line[1:].removeprefix(" ")))
        elif kind == "code":
            found.append((number, line))
        elif line.strip() and not line.startswith("#"):
            raise fault(path, number, "this stands above the first `# %%` line, in no cell")
    last = lines[-1][0] if lines else 1
    return found + [(last, "```")] * (kind == "code")


def fault(path: Path, line: int, message: str) -> ChapterError:
    """Make an error that names the file and the line."""
    return ChapterError(f"{path}:{line}: {message}")
