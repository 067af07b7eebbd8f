"""Every live figure: picture and code are those of its settings, however they were reached, and presets differ."""

import ast
import subprocess
import sys

import pytest

from course_utils.figures.canvas import Canvas
from course_utils.live import (
    bug_clinic,
    keep_prob_trainer,
    lambda_trainer,
    mask_explorer,
    overfitting,
    penalty_bowl,
    playground,
)
from tests.live.hands import buttons, move, press

FIGURES = {
    keep_prob_trainer: {"keep_prob": 0.5},
    lambda_trainer: {"lambd": 1.5, "penalty": "L1"},
    playground: {"keep_prob": 0.8, "lambd": 0.5, "hidden": 20, "flipped": 0.3},
    overfitting: {"points": 40, "flipped": 0.0, "hidden": 8},
    mask_explorer: {"keep_prob": 0.35},
    penalty_bowl: {"lambd": 2.5, "penalty": "L1"},
    bug_clinic: {"bug": "A5", "scale": "0.3", "steps": "100", "keep_prob": 0.35},
}
BAD = [
    (keep_prob_trainer, {"keep_prob": 0}, r"keep_prob must be a number from 0\.05 to 1, got '0'"),
    (lambda_trainer, {"lambd": -1}, "λ must be a number from 0 to 5, got '-1'"),
    (lambda_trainer, {"penalty": "L3"}, "penalty must be one of L2, L1, both, got 'L3'"),
    (playground, {"hidden": 1}, "hidden units must be a number from 2 to 128, got '1'"),
    (overfitting, {"points": "many"}, "points must be a number from 20 to 400, got 'many'"),
    (mask_explorer, {"keep_prob": 1.1}, r"keep_prob must be a number from 0\.05 to 1, got '1\.1'"),
    (mask_explorer, {"seed": 0.5}, "seed must be a whole number"),
    (penalty_bowl, {"lambd": 6.5}, "must be a number from 0 to 6"),
    (penalty_bowl, {"penalty": "L3"}, "penalty must be one of L2, L1, got 'L3'"),
    (bug_clinic, {"bug": "A3"}, "bug must be one of healthy, A4, A5, both, got 'A3'"),
    (bug_clinic, {"scale": None}, "scale must be one of 0.01, 0.03, 0.1, 0.3, 1, got 'None'"),
    (bug_clinic, {"steps": 11}, "steps must be one of 10, 100, 1000, got '11'"),
    (bug_clinic, {"keep_prob": 0.0}, r"keep_prob must be a number from 0\.05 to 1"),
    (bug_clinic, {"seed": -1}, "seed must be a whole number >= 0"),
]
try:
    from course_utils.live.band import mc_dropout_band
    from course_utils.live.pytorch_quadrants import pytorch_trainer
except ImportError:  # all else does without PyTorch
    pass
else:
    FIGURES[pytorch_trainer] = {"p": 0.5, "weight_decay": 0.02, "optimizer": "AdamW"}
    FIGURES[mc_dropout_band] = {"p": 0.2, "samples": 20, "gap": "peak"}
    BAD += [
        (pytorch_trainer, {"p": 1}, r"p must be a number from 0 to 0\.9, got '1'"),
        (pytorch_trainer, {"weight_decay": 0.5}, r"weight_decay must be a number from 0 to 0\.1, got '0\.5'"),
        (pytorch_trainer, {"optimizer": "SGD"}, "optimizer must be one of Adam, AdamW, got 'SGD'"),
        (mc_dropout_band, {"p": 0}, r"p must be a number from 0\.02 to 0\.6, got '0'"),
        (mc_dropout_band, {"samples": 1}, "samples must be a number from 2 to 200, got '1'"),
        (mc_dropout_band, {"gap": "left"}, "gap must be one of middle, peak, none, got 'left'"),
    ]
EACH = pytest.mark.parametrize(("make", "settings"), FIGURES.items())


def value_of(code):
    """Run code as a reader would, and return its last line's value."""
    tree, names = ast.parse(code), {}
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "snippet", "exec"), names)
    return eval(compile(last, "snippet", "eval"), names)


@EACH
def test_picture_is_that_of_the_settings_however_they_were_reached(make, settings):
    moved, started = make(), make(**settings)
    pictures = [moved.canvas.jpeg()]
    for name, value in settings.items():
        move(moved, name, value)
        assert moved.status.value == ""
        assert moved.picture.value not in pictures  # each control changes something
        pictures.append(moved.picture.value)
    assert moved.settings == started.settings
    assert moved.picture.value == started.canvas.jpeg()
    assert moved.canvas.sharp_jpeg() == started.canvas.sharp_jpeg()


@pytest.mark.parametrize("make", [make for make in FIGURES if "new masks" in buttons(make())])
def test_new_masks_give_another_picture_and_reset_the_first(make):
    live, other = (make(**FIGURES[make]) for _ in range(2))
    first = live.canvas.jpeg()
    press(live, "new masks")
    assert live.picture.value != first
    other.set(masks=1)
    assert live.picture.value == other.picture.value
    press(live, "reset")
    assert live.picture.value == first


@EACH
@pytest.mark.parametrize("stage", [False, True])
def test_code_draws_the_same_picture(make, settings, stage):
    live = make(**settings, **({} if make is penalty_bowl else {"seed": 2}), stage=stage)
    if "masks" in live.settings:
        live.set(masks=1)
    figure = value_of(live.code(**live.settings))
    Canvas(figure, [], live.canvas.dpi).sharp_jpeg()  # layout at the resolution at which the live figure had it
    assert figure._repr_png_()[0] == live.scene.figure._repr_png_()[0]


@EACH
def test_every_preset_shows_a_picture_of_its_own(make, settings):
    live = make(**settings)
    labels = list(buttons(live))
    presets = labels[: labels.index("new masks" if "new masks" in labels else "reset")]
    pictures = set()
    for label in presets:
        press(live, label)
        assert live.status.value == ""
        pictures.add(live.picture.value)
    assert len(pictures) == len(presets) >= 3


@pytest.mark.parametrize(("make", "bad", "message"), BAD)
def test_first_settings_must_be_allowed(make, bad, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make(**bad)


def test_all_but_two_do_without_torch():
    code = "import sys, course_utils.live; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
