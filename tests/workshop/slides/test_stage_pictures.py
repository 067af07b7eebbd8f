"""Live figures at stage size: which cells are drawn, and how large."""

import base64
import io

import pytest
from PIL import Image

from course_utils.workshop.slides.stage_pictures import stage_output

CELL = "from course_utils.live import mask_explorer\n\nmask_explorer(keep_prob=0.8)"


def size(output):
    return Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).size


def test_a_live_figure_is_drawn_larger():
    from course_utils.live import mask_explorer

    data, _ = mask_explorer(keep_prob=0.8)._repr_mimebundle_()
    staged = stage_output(CELL)
    assert list(staged.data) == ["image/png"]  # no widget, of which nothing would be seen
    assert staged.metadata["image/png"]["alt"]
    assert size(staged)[1] > Image.open(io.BytesIO(data["image/png"])).size[1]


def test_a_figure_imported_in_an_earlier_cell_is_found():
    assert stage_output("mask_explorer(0.8, seed=1)").data == stage_output("mask_explorer(0.8, seed=1)").data
    assert stage_output("mask_explorer(0.8, seed=1)").data != stage_output("mask_explorer(0.8, seed=2)").data


@pytest.mark.parametrize(
    "code",
    [
        "",
        "x = 1",
        "print('mask_explorer')",
        "figure = mask_explorer()",
        "x = 0.5\nmask_explorer(keep_prob=x)",
        "print('what this says would be lost')\nmask_explorer()",
        "mask_explorer(keep_prob=x)",
        "mask_explorer(**settings)",
        "mask_explorer(**{'keep_prob': 0.5})",
        "live.mask_explorer()",
        "%matplotlib inline\nmask_explorer()",
    ],
)
def test_other_cells_are_left_alone(code):
    assert stage_output(code) is None


def test_without_pytorch_its_figures_are_left_alone(monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert stage_output("pytorch_trainer(p=0.0)") is None
