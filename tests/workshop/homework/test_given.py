"""An exercise's text on the sheet stands without what the chapter says before it; what it speaks of has to be there."""

import re
from itertools import pairwise

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.source import parse_source, read_source
from course_utils.workshop.homework.assignment import assignment
from tests import SOURCES

# Words for something that was said before, and letters that stand for it.
AWAY = re.compile(
    r"\b(?:[Ww]rite|[Dd]o|[Rr]eturn|[Tt]ake|[Ss]olve) (?:it|this|that|the solution)\b|\bsuch a\b|\bthese traps\b"
    r"|\bthis noise\b|\bthe (?:table|cell|list|formula|ratio)s?\b(?! of)|\bin the table\b"
    r"|\b[Tt]he [A-Z]{2,}\b|\bwhich you have\b"
)
NAME = re.compile(r"`([A-Za-z_]\w*)`")
# Chapter 05 is about listings, which the sheet asks to have open. Elsewhere the words mean what the text itself says.
SAID = {
    "exercise-patience": "the list is the argument `costs`",
    "exercise-moments": "the masks of any network are lists of 0 and 1",
    "exercise-choose": "the table is what the function returns",
}


def unsaid(path):
    """Give exercises whose text points to what is not on the sheet, with what that is."""
    cells = assignment(read_source(path), [1]).cells
    ids = {cell.id for cell in cells}
    code = " ".join(cell.source for cell in cells if cell.cell_type == "code" and not cell.metadata.nbgrader.solution)
    for before, cell in pairwise(cells):
        asks = cell.cell_type == "code" and cell.metadata.nbgrader.solution and before.cell_type == "markdown"
        if not asks or before.source.startswith("## ") or f"{cell.id}-given" in ids or cell.id in SAID:
            continue
        known = f"{code} {cell.source}"
        found = AWAY.findall(before.source)
        found += [name for name in NAME.findall(before.source) if not re.search(rf"\b{name}\b", known)]
        if found:
            yield cell.id, found


@pytest.mark.parametrize("path", sorted(SOURCES.glob("0[12346]_*/chapter.py")), ids=lambda path: path.parent.name[:2])
def test_an_exercise_on_the_sheet_speaks_of_nothing_that_is_not_there(path):
    assert dict(unsaid(path)) == {}


def test_what_is_given_stands_above_the_exercise_and_names_one():
    cells = assignment(read_source(SOURCES / "01_dropout_theory" / "chapter.py"), [1]).cells
    ids = [cell.id for cell in cells]
    place = ids.index("exercise-geometric")
    assert ids[place - 2 : place] == ["exercise-geometric-given", "sigmoid-proof"]
    assert r"\text{NGM} = \frac{G}{G + G'}" in cells[place - 2].source
    assert r"\sigma(\operatorname{E}[z])" not in cells[place - 2].source  # that would answer the section's question


def test_what_is_given_to_no_exercise_is_refused(tmp_path):
    (tmp_path / "02_a").mkdir()
    text = (SOURCES / "02_numpy_dropout" / "chapter.py").read_text(encoding="utf-8")
    source = parse_source(text, tmp_path / "02_a" / "chapter.py")
    source.path.with_name("homework.toml").write_text('[given]\nexercise-variances = "x"')
    with pytest.raises(ChapterError, match=r"homework\.toml: the chapter has no exercise exercise-variances"):
        assignment(source, [1])


def test_the_sheet_says_how_a_formula_is_given():
    cells = assignment(read_source(SOURCES / "02_numpy_dropout" / "chapter.py"), [1]).cells
    assert r"`$\frac{1 - q}{q}$`" in cells[0].source
    assert "`(1 - q) / q`" in cells[0].source
