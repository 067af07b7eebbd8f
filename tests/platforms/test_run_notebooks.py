"""The runner of notebooks says which cell failed, and sees a live figure that does not do its work."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.platforms import run_notebooks

pytestmark = pytest.mark.slow  # as all that runs the runner
FIGURE = """
import anywidget, traitlets

class Widget(anywidget.AnyWidget):
    _esm = "export default {}"
    declaration = traitlets.Dict().tag(sync=True)

class Figure:
    def __init__(self, **answers):
        slider = {"kind": "Range", "name": "keep_prob", "low": 0.0, "high": 1.0, "step": 0.25}
        self.widget = Widget(declaration={"quantities": [slider]})
        self.settings = {"keep_prob": 0.5}
        self.widget.on_msg(lambda _, said, __: self.answer(said, answers))

    def answer(self, said, answers):
        self.settings |= said["want"]
        drawn = b"%d" % (100 * self.settings["keep_prob"])
        usual = {"settings": self.settings, "era": 1, "first": said["have"], "lengths": [len(drawn)],
                 "frames": [[said["have"]]], "words": "70 %", "rough": False}
        self.widget.send(usual | {name: answer(said) for name, answer in answers.items()}, [drawn])

    def _repr_mimebundle_(self, **_):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        return {"application/vnd.jupyter.widget-view+json": view, "image/png": b"still", "text/plain": "figure"}
"""
SHOWN = "Figure()"
STAYS = "Figure(frames=lambda said: [[0]])"
HANGS = "import time\nFigure(frames=lambda said: time.sleep(60))"
FAILS = "Figure(error=lambda said: 'an old version' if said['have'] else '')"
DUMB = "Figure(frames=lambda said: [])"
GAPS = "Figure(first=lambda said: said['have'] + 1)"
UNSENT = "Figure(frames=lambda said: [[said['have'] + 1]])"
SHORT = "Figure(lengths=lambda said: [1])"
ROUGH = "Figure(rough=lambda said: 'full' not in said)"
STILL = ', "image/png": b"still"'
PLAIN = "import ipywidgets as widgets\nfigure = Figure()\nfigure.widget = widgets.VBox()\nfigure"


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
        ([FIGURE, SHOWN], "passed (1 live figures, 2 moves,"),
        ([FIGURE, ROUGH], "passed (1 live figures, 2 moves,"),
        (
            [FIGURE, STAYS],
            "FAILED: cell 1 (key-1): {'keep_prob': 0.25} leaves the picture as it was; beside it: 70 %",
        ),
        ([FIGURE, FAILS], "FAILED: cell 1 (key-1): a live figure answers an old version"),
        ([FIGURE, DUMB], "FAILED: cell 1 (key-1): a live figure answers {"),
        ([FIGURE, GAPS], "FAILED: cell 1 (key-1): a live figure answers with gaps"),
        ([FIGURE, SHORT], "FAILED: cell 1 (key-1): a live figure answers with gaps"),
        ([FIGURE, UNSENT], "FAILED: cell 1 (key-1): a live figure draws what it has not sent"),
        ([FIGURE.replace(STILL, ""), SHOWN], "FAILED: cell 1 (key-1): a live figure without its picture"),
        ([FIGURE, PLAIN], "FAILED: cell 1 (key-1): a live figure with ipywidgets' controls in place of its own"),
        (["import ipywidgets\nipywidgets.IntProgress()"], "passed (0 live figures, 0 moves,"),
        (["1", "import os\nos._exit(1)"], "FAILED: cell 1 (key-1): Kernel died"),
        (["1", "1 / 0", "2"], "FAILED: cell 1 (key-1): ZeroDivisionError: division by zero"),
        (["import warnings; warnings.warn('old', UserWarning)"], "on stderr: cell 0 (key-0)"),
    ],
    ids=[
        "moved", "quick look", "stays", "error", "no frames", "gaps", "short", "unsent", "no still", "plain",
        "no figure", "kernel dies", "fails", "stderr",
    ],
)  # fmt: skip
def test_a_notebook_is_run_and_what_is_wrong_is_told_with_its_cell(run, cells, said):
    status, told = run(cells)

    assert status == ("FAILED" in said)
    assert said in told


def test_a_move_without_an_answer_is_a_fault_and_the_next_notebook_is_run(run, monkeypatch):
    monkeypatch.setattr(run_notebooks, "LONGEST", 5)
    status, told = run([FIGURE, HANGS], ["1"])

    assert status == 1
    assert "FAILED: cell 1 (key-1): a move has no answer after 5 s" in told
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
    slider = {"kind": "Range", "name": "lambd", "low": least, "high": most, "step": step}

    away, back = run_notebooks.away_and_back(slider, {"lambd": value})

    assert away["lambd"] == pytest.approx(there, abs=step)
    assert back == {"lambd": value}


def test_a_choice_goes_to_the_next_option_and_masks_to_the_next_draw_and_back():
    choice = {"kind": "Choice", "name": "penalty", "options": ["none", "L1", "L2"]}

    assert run_notebooks.away_and_back(choice, {"penalty": "none"}) == [{"penalty": "L1"}, {"penalty": "none"}]
    assert run_notebooks.away_and_back(choice, {"penalty": "L2"}) == [{"penalty": "none"}, {"penalty": "L2"}]
    assert run_notebooks.away_and_back({"kind": "Redraw", "name": "masks"}, {"masks": 3}) == [
        {"masks": 4},
        {"masks": 3},
    ]
