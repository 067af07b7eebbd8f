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
STILL, FIRST = ', "image/png": b"still"', 'value=b"first"'
NO_PICTURE = "FAILED: cell 2 (key-2): a live figure without its picture"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Give a function that runs notebooks as the script does; it gives the exit status and what was said."""
    monkeypatch.setenv("JUPYTER_PATH", "")  # put back afterwards, as the script sets them
    monkeypatch.setenv("IPYTHONDIR", "")

    def run(*books):
        names = [tmp_path / f"book-{number}.ipynb" for number in range(len(books))]
        for name, texts in zip(names, books, strict=True):
            cells = [new_code_cell(text, id=f"key-{number}") for number, text in enumerate(texts)]
            nbformat.write(new_notebook(cells=cells), name)
        return run_notebooks.main([str(name) for name in names]), capsys.readouterr().out

    return run


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([FIGURE, FOLLOWS, SHOWN], "passed (1 live figures, 2 moves,"),
        (
            [FIGURE, STAYS, SHOWN],
            "FAILED: cell 2 (key-2): FloatSliderModel {'value': 0.25} leaves the picture as it was",
        ),
        ([FIGURE.replace(STILL, ""), FOLLOWS, SHOWN], NO_PICTURE),
        ([FIGURE.replace(FIRST, ""), FOLLOWS, SHOWN], NO_PICTURE),
        (["import ipywidgets\nipywidgets.IntProgress()"], "passed (0 live figures, 0 moves,"),
        (["1", "import os\nos._exit(1)"], "FAILED: cell 1 (key-1): Kernel died"),
        (["1", "1 / 0", "2"], "FAILED: cell 1 (key-1): ZeroDivisionError: division by zero"),
        (["import warnings; warnings.warn('old', UserWarning)"], "on stderr: cell 0 (key-0)"),
    ],
    ids=["moved", "stays", "no still", "no picture", "no figure", "kernel dies", "fails", "stderr"],
)
def test_a_notebook_is_run_and_what_is_wrong_is_told_with_its_cell(run, cells, said):
    status, told = run(cells)

    assert status == ("FAILED" in said)
    assert said in told


def test_a_move_without_an_answer_is_a_fault_and_the_next_notebook_is_run(run, monkeypatch):
    monkeypatch.setattr(run_notebooks, "LONGEST", 5)
    status, told = run([FIGURE, HANGS, SHOWN], ["1"])

    assert status == 1
    assert "FAILED: cell 2 (key-2): a move has no answer after 5 s" in told
    assert "book-1.ipynb: passed" in told


def test_a_notebook_with_torch_is_left_out_where_there_is_none(run, monkeypatch):
    monkeypatch.setattr(run_notebooks.util, "find_spec", lambda name: None)

    status, told = run(["from torch import nn\n1 / 0"])

    assert status == 0
    assert "left out, since it needs PyTorch" in told


@pytest.mark.parametrize(
    ("least", "value", "most", "step", "there"),
    [(0.05, 0.7, 1.0, 0.05, 0.35), (0.0, 1.0, 6.0, 0.1, 3.5), (2.0, 200.0, 200.0, 2.0, 100.0)],
)
def test_a_slider_goes_half_way_to_its_further_end(least, value, most, step, there):
    state = {"_model_name": "FloatSliderModel", "min": least, "value": value, "max": most, "step": step}

    away, back = run_notebooks.away_and_back(state)

    assert away["value"] == pytest.approx(there, abs=step)
    assert back == {"value": value}


def test_toggle_buttons_go_to_the_next_and_back_and_what_is_no_control_stays():
    state = {"_model_name": "ToggleButtonsModel", "_options_labels": ["none", "L1", "L2"]}

    assert run_notebooks.away_and_back(state | {"index": 0}) == [{"index": 1}, {"index": 0}]
    assert run_notebooks.away_and_back(state | {"index": 2}) == [{"index": 0}, {"index": 2}]
    assert run_notebooks.away_and_back({"_model_name": "HTMLModel", "value": "text"}) == []
