"""What stands beside a chapter: asserts that hold behind its cells and change nothing, and texts of its pictures."""

import random
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.expectation import hold
from course_utils.workshop.authoring.freshness import stale_chapters
from tests import ROOT

from .course import cells_of

CHAPTER = """\
# %% key="draw"
import numpy as np

rng = np.random.default_rng(0)
values = [rng.random()]
print(round(values[0], 2))

# %% key="again"
print(round(rng.random(), 2))

# %% key="picture"
from course_utils.figures.lines import line_figure

line_figure({"p": {"a": (np.arange(3), np.arange(3))}}, xlabel="x")
"""
EXPECTED = """\
# %% key="draw"
assert len(values) == 1
values = [rng.random() for _ in range(100)]
assert 0.3 < np.mean(values) < 0.7
"""
BESIDE = {"expected.py": EXPECTED, "alt.toml": 'picture = "A line that rises, as λ does"\n'}


def refuse(chapter, message):
    """Build a chapter that cannot be built; its notebook stays."""
    before = chapter.notebook.read_bytes()
    with pytest.raises(ChapterError, match=re.escape(message)):
        build_chapter(chapter)
    assert chapter.notebook.read_bytes() == before


def test_what_holds_leaves_the_chapter_as_it_would_be_without(chapter):
    cells = cells_of(chapter.notebook)
    fresh = np.random.default_rng(0)
    shown = [cells[key].outputs[0].text for key in ("draw", "again")]
    assert shown == [f"{round(fresh.random(), 2)}\n" for _ in shown]
    (picture,) = cells["picture"].outputs
    assert picture.metadata["image/png"]["alt"] == "A line that rises, as λ does"
    assert picture.data["text/plain"] == "<figure>"
    assert "assert" not in chapter.notebook.read_text(encoding="utf-8")
    assert stale_chapters([chapter]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("assert len(values) == 2", "what draw must show does not hold: assert len(values) == 2"),
        ("x = 1\nassert lost", "what draw must show does not hold: assert lost (NameError: name 'lost' is not"),
    ],
)
def test_what_does_not_hold_is_named_and_nothing_is_written(chapter, text, said):
    (chapter.folder / "expected.py").write_text(f'# %% key="draw"\n{text}\n', encoding="utf-8")
    refuse(chapter, f"{chapter.source}:1: cell draw: {said}")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("expected.py", '# %% key="drew"\nassert True\n', "the chapter has no code cell drew"),
        ("alt.toml", 'drew = "A"\n', "the chapter has no code cell drew"),
        ("alt.toml", 'draw = " "\n', "draw must be a text that says what the picture shows"),
        ("alt.toml", "draw = 3\n", "draw must be a text that says what the picture shows"),
        ("alt.toml", "draw\n", "cannot be read: "),
    ],
)
def test_a_fault_beside_a_chapter_is_told_before_it_runs(chapter, file, text, said):
    path = chapter.folder / file
    path.write_text(text, encoding="utf-8")
    refuse(chapter, f"{path}: {said}")
    assert stale_chapters([chapter])[0].startswith(f"{path}: {said}")


def test_a_text_without_a_picture_is_named(chapter):
    (chapter.folder / "alt.toml").write_text('again = "A"\n', encoding="utf-8")
    refuse(chapter, "cell again: alt.toml describes its picture, and it shows 0")


def test_another_text_makes_a_notebook_stale(chapter):
    (chapter.folder / "alt.toml").write_text('picture = "Another"\n', encoding="utf-8")
    (line,) = stale_chapters([chapter])
    assert "pictures whose texts are not those of alt.toml (picture); run `python -m course_utils build 03`" in line


def test_names_and_random_generators_stay_as_they_were():
    torch = sys.modules.get("torch")
    own = np.random.default_rng(5)
    names = {"rng": own, "x": 1, "np": np, "random": random} | ({"torch": torch} if torch else {})
    before = dict(names)
    after = [random.getstate(), np.random.get_state()[1].tolist(), own.bit_generator.state]  # noqa: NPY002
    draws = "x = 2\ny = 3\nrandom.random()\nnp.random.rand()\nrng.random()\n" + "torch.rand(1)\n" * bool(torch)
    hold(draws, "draws", names)
    assert names == before
    assert after == [random.getstate(), np.random.get_state()[1].tolist(), own.bit_generator.state]  # noqa: NPY002
    with pytest.raises(AssertionError, match="must show"):
        hold(draws + "assert x == 1\n", "draws", names)
    assert after[2] == own.bit_generator.state


def test_nbval_runs_them_too(chapter, tmp_path):
    """A chapter whose outputs are all right; of two expectations one holds."""
    (chapter.folder / "expected.py").write_text(f'{EXPECTED}\n# %% key="again"\nassert len(values) == 2\n')
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", str(chapter.notebook)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stdout
    assert "what again must show does not hold: assert len(values) == 2" in done.stdout
    assert "1 failed, 2 passed" in done.stdout
