"""The chapters of the course themselves: facts, notes, pictures and editions are all there, and small enough."""

import json
import re

import pytest

from course_utils.workshop.authoring.beside import alt_texts, expectations
from course_utils.workshop.authoring.chapters import find_chapters
from course_utils.workshop.authoring.editions import instructor_path
from course_utils.workshop.authoring.facts import chapter_facts
from course_utils.workshop.authoring.notes import read_notes
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.authoring.tables import stale_tables
from tests import NOTEBOOKS

from .course import Course, cells_of

CHAPTERS = find_chapters(NOTEBOOKS)
taught = pytest.mark.parametrize("chapter", [one for one in CHAPTERS if one.is_taught], ids=lambda one: one.stem)


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.stem)
def chapter(request):
    """Each chapter of the course, and its pages to look things up in."""
    return request.param


@pytest.fixture
def source(chapter):
    return read_source(chapter.source)


@taught
def test_every_numbered_section_has_its_minutes(source):
    facts = chapter_facts(source)
    numbered = [cell.key for cell in source.cells if cell.kind == "markdown" and re.match(r"## \d+ ", cell.text)]
    assert [key for key in numbered if key not in facts.minutes] == []
    assert facts.aims.startswith("**")


def test_tables_of_chapters_are_up_to_date():
    assert stale_tables(NOTEBOOKS) == []


@taught
def test_every_question_has_an_answer(source):
    asked = [cell.key for cell in source.cells if cell.kind == "markdown" and "**Predict" in cell.text]
    notes = read_notes(source).by_key
    assert asked
    assert [key for key in asked if key not in notes or "**Answer:**" not in notes[key].text] == []


def test_readers_cells_give_no_answer_away(source):
    code = [cell for cell in source.cells if cell.kind == "code"]
    assert [cell.key for cell in code if re.search(r"^\s*assert |\balt ?=", cell.text, re.MULTILINE)] == []
    assert set(expectations(source)) <= {cell.key for cell in code}


def test_every_picture_says_what_it_shows(chapter, source):
    texts = alt_texts(source)
    for notebook in [chapter.notebook] + [instructor_path(chapter)] * chapter.is_taught:
        shown = {
            key: output.metadata["image/png"]["alt"]
            for key, cell in cells_of(notebook).items()
            for output in cell.get("outputs", [])
            if "image/png" in output.get("data", {})
        }
        assert shown == texts


@taught
def test_every_chapter_has_a_solved_and_annotated_edition(chapter, source):
    shown = cells_of(instructor_path(chapter))
    assert {f"{key}-note" for key in read_notes(source).by_key} <= set(shown)
    for cell in source.cells:
        assert "SOLUTION" not in shown[cell.key].source
        if re.match(r'check\("', cell.text):
            verdicts = [output.data["text/plain"] for output in shown[cell.key].outputs if "data" in output]
            assert verdicts
            assert all(": done. Verified: " in verdict for verdict in verdicts), verdicts


def test_every_chapter_stays_small_enough_to_mail(chapter, tmp_path):
    assert Course(NOTEBOOKS).command("standalone", chapter.short_name, "--out", str(tmp_path)) == 0
    text = (tmp_path / chapter.notebook.name).read_text(encoding="utf-8")
    assert len(text) < 1_500_000
    assert max(map(len, json.loads(text)["cells"][1]["source"])) < 4100
