"""The command that computes atlases, and the check that finds those that are stale."""

import pytest

from course_utils.__main__ import main
from course_utils.live import atlas as kept
from course_utils.live.atlas import Atlas
from course_utils.workshop.authoring import atlases, commands
from tests import NOTEBOOKS
from tests.figures.recorded import alike, drawn
from tests.live.test_atlas import drawn_alike


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder for atlases of its own, empty."""
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "atlases")
    return tmp_path / "atlases"


@drawn_alike
def test_an_atlas_is_computed_by_several_processes_as_it_is_kept(folder, capsys):
    committed = Atlas.unpacked((atlases.Path(kept.__file__).parent / "atlases" / "penalty_bowl.atlas").read_bytes())
    assert main(["atlas", "penalty_bowl", "--workers", "2", "--notebooks-dir", str(NOTEBOOKS)]) == 0
    assert "penalty_bowl.atlas: 122 states" in capsys.readouterr().out
    made = Atlas.unpacked((folder / "penalty_bowl.atlas").read_bytes())
    parts = ("frames", "plates")
    assert {k: v for k, v in made.head.items() if k not in parts} == {
        k: v for k, v in committed.head.items() if k not in parts
    }
    for place in range(0, 122, 11):
        pair = [drawn(one.chunks, one.head["frames"][place]) for one in (made, committed)]
        assert alike(*pair)
    assert kept.stamps().keys() == {"penalty_bowl"}


def test_an_unknown_name_is_refused_with_all_names(folder, capsys):
    assert main(["atlas", "playgruond", "--notebooks-dir", str(NOTEBOOKS)]) == 1
    assert "atlas must be one of bug_clinic, double_descent" in capsys.readouterr().err
    assert main(["atlas", "penalty_bowl", "--workers", "0", "--notebooks-dir", str(NOTEBOOKS)]) == 1
    assert "workers must be a whole number >= 1, got 0" in capsys.readouterr().err
    assert not folder.exists()


def test_check_names_what_is_stale_and_computes_nothing(monkeypatch, capsys):
    monkeypatch.setattr(atlases, "stale_atlases", lambda constraints: ["playground"])
    monkeypatch.setattr(atlases, "build_atlas", None)
    assert main(["build", "--check", "--notebooks-dir", str(NOTEBOOKS)]) == 1
    said = capsys.readouterr().err
    assert said == "atlas playground: was made from other code; run `python -m course_utils atlas`\n"


def test_build_computes_what_is_stale_first_and_only_of_its_own_course(monkeypatch, course):
    asked = []
    monkeypatch.setattr(commands, "_build_atlases", lambda names, *_: asked.append(names))
    course.write("01_first", '# %% [markdown] key="title"\n# # First\n')
    assert main(["build", "--notebooks-dir", str(course.notebooks_dir)]) == 0
    assert asked == []  # the package stands elsewhere
    assert atlases.has_package(NOTEBOOKS)
    assert not atlases.has_package(course.notebooks_dir)
