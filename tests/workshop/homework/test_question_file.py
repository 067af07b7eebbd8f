"""A file of an instructor's own questions."""

import re
from pathlib import Path

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.homework import question_file
from course_utils.workshop.homework.question_file import read_questions

EXAMPLE = Path(question_file.__file__).parent / "template" / "my_homework.md"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def read(folder, text, name="own.md"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_questions(path)


def test_the_example_has_all_three_kinds_and_says_what_each_is_worth():
    file = read_questions(EXAMPLE)
    assert [(one.key, one.kind, one.points) for one in file.questions] == [
        ("kept", "text", 3), ("rows", "code", 2), ("at-test-time", "choice", 1)
    ]  # fmt: skip
    assert file.title == "Homework: dropout, week 3"
    assert file.setup.text == "import numpy as np"
    text, code, choice = file.questions
    assert set(text.parts) == {"model answer", "rubric"}
    assert "### BEGIN SOLUTION" in code.parts["code"].text
    assert "assert" in code.parts["check"].text
    assert [(right, mistake) for _, right, mistake in choice.choices()] == [
        (False, "scaled-at-test-time"), (False, "scale-inverted"), (True, ""), (False, "mask-drawn-once")
    ]  # fmt: skip
    assert choice.shuffle


def test_lines_are_those_of_the_file():
    lines = TEXT.splitlines()
    for question in read_questions(EXAMPLE).questions:
        for part in (question.text, *question.parts.values()):
            assert lines[part.line - 1].strip() == part.text.splitlines()[0].strip()


def as_percent(text):
    """Write Markdown in percent format: listings are cells of code."""
    cells = []
    for number, piece in enumerate(re.split(r"^```(?:python)?\n", text, flags=re.MULTILINE)):
        if number % 2:
            cells.append(f"# %%\n{piece}")
        else:
            cells.append("# %% [markdown]\n" + "".join(f"# {line}".rstrip() + "\n" for line in piece.splitlines()))
    return "\n".join(cells)


def test_percent_format_says_the_same(tmp_path):
    markdown, percent = read(tmp_path, TEXT), read(tmp_path, as_percent(TEXT), "own.py")
    assert percent.title == markdown.title
    assert [one.key for one in percent.questions] == [one.key for one in markdown.questions]
    for one, other in zip(markdown.questions, percent.questions, strict=True):
        assert {name: part.text for name, part in other.parts.items()} == {
            name: part.text for name, part in one.parts.items()
        }
        assert one.text.text == other.text.text


def test_keys_and_points_may_be_missing_and_titles_may_be_in_any_script(tmp_path):
    text = "# T\n\n## Why, then?\n\nWhy?\n\n### Model answer\n\nSo.\n\n"
    text += "## 为什么 {#why points=0.5}\n\nW\n\n### Model answer\n\nS\n"
    text += "\n## On C#\n\nW\n\n### Model answer ###\n\nS\n"
    first, second, third = read(tmp_path, text).questions
    assert third.title == "On C#"
    assert (first.key, first.points) == ("why-then", 1)
    assert (second.key, second.points, second.title) == ("why", 0.5, "为什么")


def test_a_choice_may_go_on_and_headings_in_code_are_none(tmp_path):
    text = "# T\n\n## A\n\nW\n\n### Choices\n\n- [ ] one\n  goes on [some-mistake]\n- [X] two\n\n## B\n\nW\n\n"
    text += "~~~python\n## no heading\n~~~\n\n### Model answer\n\n```\n### Nor this\n```\n"
    first, second = read(tmp_path, text).questions
    assert first.choices() == [("one goes on", False, "some-mistake"), ("two", True, "")]
    assert "## no heading" in second.text.text
    assert "### Nor this" in second.parts["model answer"].text


ASK = "# T\n\n## A {#a}\n\nWhy?\n\n"
CODE = "### Code\n\n```python\ndef f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n```\n\n"
CHECK = "### Check\n\n```python\nassert f() == 1\n```\n"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "there is no title, `# …`"),
        ("Hello\n# T\n", 1, "stands above the title"),
        ("## A\n", 1, "begins with one title"),
        ("# T\n\n# U\n", 3, "begins with one title"),
        ("# T\n", 1, "there is no question, `## …`"),
        (ASK, 3, "needs one of `### Model answer` (text), `### Code` (code), `### Choices` (choice); it has 0"),
        (ASK + "### Model answer\n\nS\n\n### Choices\n\n- [x] a\n- [ ] b\n", 3, "it has 2 of them"),
        (ASK + "### Model answer\n", 3, "needs `### Model answer` with something in it"),
        (ASK + "### Modelanswer\n\nS\n", 7, "`### Modelanswer` is not known; allowed are: Model answer, Rubric, Code"),
        (ASK + "### Model answer\n\nS\n\n### Check\n\n```python\n1\n```\n", 14, "a question of the kind text has no"),
        (ASK + "### Model answer\n\nS\n\n### Model answer\n\nS\n", 11, "stands in this question already"),
        ("# T\n\n## A {points=0}\n\nW\n\n### Model answer\n\nS\n", 3, "a number above 0, at most 1000"),
        ("# T\n\n## A {points=two}\n\nW\n\n### Model answer\n\nS\n", 3, "a number above 0, at most 1000"),
        ("# T\n\n## A {#Big_Key}\n\nW\n\n### Model answer\n\nS\n", 3, "small letters of a to z, digits and hyphens"),
        ("# T\n\n## A {shufle}\n\nW\n\n### Model answer\n\nS\n", 3, "`shufle` is not known: a heading ends as"),
        ("# T\n\n## A {shuffle}\n\nW\n\n### Model answer\n\nS\n", 3, "shuffle is for choices"),
        ("# T\n\n## 为\n\nW\n\n### Model answer\n\nS\n", 3, "needs a title of letters, or a key"),
        ("# T\n\n## A\n\n### Model answer\n\nS\n", 3, "asks nothing"),
        (ASK + "### Model answer\n\nS\n\n## B {#a}\n\nW\n\n### Model answer\n\nS\n", 11, "question has the key a"),
        (ASK + "### Model answer\n\n```\nS\n", 9, "is closed nowhere"),
        (ASK + CODE, 3, "needs `### Check`"),
        (ASK + CODE + "### Check\n\nassert\n", 18, "stands one listing, ```python, and nothing else"),
        (ASK + CODE + "### Check\n\n```python\nassert f( == 1\n```\n", 19, "this is no Python"),
        (ASK + "### Code\n\n```python\nx = 1\n```\n\n" + CHECK, 10, "between ### BEGIN SOLUTION and ### END SOLUTION"),
        (ASK + CODE.replace("### END SOLUTION", "### END SOLUTON") + CHECK, 11, "BEGIN SOLUTION without"),
        (ASK + "### Choices\n\n- [x] a\n", 9, "2 to 12 choices are allowed, here are 1"),
        (ASK + "### Choices\n\n- [ ] a\n- [ ] b\n", 9, "no choice is right: write [x]"),
        (ASK + "### Choices\n\n- [x] a\n- [ ] a\n", 9, "two choices say the same"),
        (ASK + "### Choices\n\n- [x] a\n* b\n", 10, "a choice is a line `- [ ] text`"),
        (ASK + "### Choices\n\na\n- [x] b\n", 9, "a choice is a line `- [ ] text`"),
        (ASK + "### Model answer\n\nS\nT {{q: 0..1}}\n", 10, "is no range"),
        ("# T\n\n## A\n\nW\nis {{q}}?\n\n### Model answer\n\nS\n", 6, "says no number of that name"),
        ("# T\n\n## A\n\n{{q: 1 | 2}}\n\n### Model answer\n\n{{q: 1 | 2}}\n", 5, "stands here twice"),
        ("# T\n\n## Of {{n: 2 | 3}} {#a}\n\nW\n\n### Model answer\n\nS\n", 3, "a title is the same for everybody"),
        (
            ASK + CODE + CHECK.replace("1\n", "1\n### END HIDDEN TESTS\nassert f() + 1 == 2\n"), 20,
            "leave out `END HIDDEN TESTS`",
        ),
        ("# T\n\n## A\n\nW\n- **b)** so\n\n### Choices\n\n- [x] a\n- [ ] b\n", 6, "looks like one of the sheet's"),
        ("# T\n\n### Rubric\n\nS\n\n## A\n\nW\n\n### Model answer\n\nS\n", 5, "belongs below a question"),
    ],
)
def test_a_fault_is_told_with_file_line_and_what_is_allowed(tmp_path, text, line, why):
    with pytest.raises(ChapterError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'own.md'}:{line}: ")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["own.txt", "my homework.md", "-x.md", "a.b.md"])
def test_a_files_name_is_the_assignments(tmp_path, name):
    with pytest.raises(ChapterError, match="it names the assignment"):
        read(tmp_path, TEXT, name)


def test_a_file_that_is_not_there_or_not_utf_8_is_told(tmp_path):
    with pytest.raises(ChapterError, match=r"none\.md: cannot be read"):
        read_questions(tmp_path / "none.md")
    (tmp_path / "own.md").write_bytes(b"# T\n\n## f\xfcr")
    with pytest.raises(ChapterError, match=r"own\.md:3: is not in UTF-8; save it as UTF-8"):
        read_questions(tmp_path / "own.md")
