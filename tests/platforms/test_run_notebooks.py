"""The runner of notebooks says which cell failed, and sees a live figure that does not do its work."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.platforms import run_notebooks

pytestmark = pytest.mark.slow  # as all that runs the runner
FIGURE = """
import ipywidgets as widgets

class Figure:
    def __init__(self, follow):
        slider = widgets.FloatSlider(value=0.5, min=0, max=1, step=0.25)
        picture = widgets.Image(value=b"first")
        slider.observe(lambda change: follow(picture, change["new"]), "value")
        self.widget = widgets.VBox([slider, picture])

    def _repr_mimebundle_(self, **_):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        return {"application/vnd.jupyter.widget-view+json": view, "image/png": b"still", "text/plain": "figure"}
"""
FOLLOWS = "def follow(picture, value):\n    picture.value = b'%d' % (100 * value)"
HANGS = "import time\ndef follow(picture, value):\n    time.sleep(60)"
STAYS = "def follow(picture, value):\n    pass"
SHOWN = "Figure(follow)"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Give a function that runs cells as the script runs a notebook; it gives the exit status and what was said."""
    monkeypatch.setenv("JUPYTER_PATH", "")  # put back afterwards, as the script sets them
    monkeypatch.setenv("IPYTHONDIR", "")

    def run(*sources, after=()):
        books = {"book.ipynb": sources} | ({"next.ipynb": after} if after else {})
        for name, texts in books.items():
            cells = [new_code_cell(text, id=f"key-{number}") for number, text in enumerate(texts)]
            nbformat.write(new_notebook(cells=cells), tmp_path / name)
        return run_notebooks.main([str(tmp_path / name) for name in books]), capsys.readouterr().out

    return run


def test_a_live_figure_is_moved_and_moved_back(run):
    status, said = run(FIGURE, FOLLOWS, SHOWN)

    assert status == 0
    assert "passed (1 live figures, 2 moves," in said


def test_a_picture_that_stays_as_it_was_is_a_fault(run):
    status, said = run(FIGURE, STAYS, SHOWN)

    assert status == 1
    assert "FAILED: cell 2 (key-2): FloatSliderModel {'value': 0.25} leaves the picture as it was" in said


def test_a_move_without_an_answer_is_a_fault_and_the_next_notebook_is_run(run, monkeypatch):
    monkeypatch.setattr(run_notebooks, "LONGEST", 5)
    status, said = run(FIGURE, HANGS, SHOWN, after=["1"])

    assert status == 1
    assert "FAILED: cell 2 (key-2): a move has no answer after 5 s" in said
    assert "next.ipynb: passed" in said


@pytest.mark.parametrize(("there", "instead"), [(', "image/png": b"still"', ""), ('value=b"first"', "")])
def test_a_live_figure_without_its_picture_is_a_fault(run, there, instead):
    assert there in FIGURE
    status, said = run(FIGURE.replace(there, instead), FOLLOWS, SHOWN)

    assert status == 1
    assert "FAILED: cell 2 (key-2): a live figure without its picture" in said


def test_a_widget_without_a_picture_is_no_live_figure(run):
    status, said = run("import ipywidgets\nipywidgets.IntProgress()")

    assert status == 0
    assert "passed (0 live figures, 0 moves," in said


def test_a_kernel_that_dies_is_told_with_its_cell(run):
    status, said = run("1", "import os\nos._exit(1)")

    assert status == 1
    assert "FAILED: cell 1 (key-1): Kernel died" in said


def test_a_failing_cell_is_named(run):
    status, said = run("1", "1 / 0", "2")

    assert status == 1
    assert "FAILED: cell 1 (key-1): ZeroDivisionError: division by zero" in said


def test_text_on_stderr_is_told_and_no_fault(run):
    status, said = run("import warnings; warnings.warn('old', UserWarning)")

    assert status == 0
    assert "on stderr: cell 0 (key-0)" in said


def test_a_notebook_with_torch_is_left_out_where_there_is_none(run, monkeypatch):
    monkeypatch.setattr(run_notebooks.util, "find_spec", lambda name: None)

    status, said = run("from torch import nn\n1 / 0")

    assert status == 0
    assert "left out, since it needs PyTorch" in said


@pytest.mark.parametrize(
    ("slider", "there"),
    [((0.05, 0.7, 1.0, 0.05), 0.35), ((0.0, 1.0, 6.0, 0.1), 3.5), ((2.0, 200.0, 200.0, 2.0), 100.0)],
)
def test_a_slider_goes_half_way_to_its_further_end(slider, there):
    names = ("min", "value", "max", "step")
    state = {"_model_name": "FloatSliderModel"} | dict(zip(names, slider, strict=True))

    away, back = run_notebooks.away_and_back(state)

    assert away["value"] == pytest.approx(there, abs=slider[3])
    assert back == {"value": slider[1]}


def test_toggle_buttons_go_to_the_next_and_back():
    state = {"_model_name": "ToggleButtonsModel", "_options_labels": ["none", "L1", "L2"]}

    assert run_notebooks.away_and_back(state | {"index": 0}) == [{"index": 1}, {"index": 0}]
    assert run_notebooks.away_and_back(state | {"index": 2}) == [{"index": 0}, {"index": 2}]


def test_what_is_no_control_is_not_moved():
    assert run_notebooks.away_and_back({"_model_name": "HTMLModel", "value": "text"}) == []
