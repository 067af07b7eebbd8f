"""The live figures of the PyTorch chapter show what their settings give, and the effects they promise."""

import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("torch", reason="the PyTorch chapter and its tests need torch; all else does without")

from course_utils.figures.canvas import Canvas
from course_utils.live.band import mc_dropout_band
from course_utils.live.pytorch_quadrants import pytorch_trainer
from course_utils.live.quadrants import FAST
from course_utils.pytorch.band import sine_band
from course_utils.pytorch.quadrants import quadrant_run
from tests.live.snippet import value_of

FIGURES = {
    pytorch_trainer: {"p": 0.5, "weight_decay": 0.02, "optimizer": "AdamW"},
    mc_dropout_band: {"p": 0.2, "samples": 20, "gap": "peak"},
}


def buttons(live):
    return {button.description: button for button in live.widget.children[len(live.controls)].children}


def last(live, name):
    return live.result().run.history[name][-1]


@pytest.mark.parametrize(("make", "settings"), FIGURES.items())
def test_picture_is_that_of_the_settings_however_they_were_reached(make, settings):
    moved, started = make(), make(**settings)
    assert moved.canvas.jpeg() != started.canvas.jpeg()
    for name, value in settings.items():
        control = moved.controls[name]
        if isinstance(value, str):
            control.buttons.set_state({"index": control.buttons.options.index(value)})
        else:
            control.field.set_state({"value": str(value)})
    assert moved.settings == started.settings
    assert moved.picture.value == started.canvas.jpeg()


@pytest.mark.parametrize(("make", "settings"), FIGURES.items())
@pytest.mark.parametrize("stage", [False, True])
def test_the_code_that_is_shown_draws_the_same_picture(make, settings, stage):
    live = make(**settings, stage=stage)
    figure = value_of(live.code(**live.settings))
    Canvas(figure, [], live.canvas.dpi).sharp_jpeg()  # layout at the resolution at which the live figure had it
    assert figure._repr_png_()[0] == live.scene.figure._repr_png_()[0]


@pytest.mark.parametrize("make", FIGURES)
def test_every_preset_shows_a_picture_of_its_own(make):
    live = make(seed=1)
    pictures, labels = set(), list(buttons(live))
    presets = labels[: labels.index("new masks" if "new masks" in labels else "reset")]
    for label in presets:
        buttons(live)[label].click()
        assert live.status.value == ""
        pictures.add(live.picture.value)
    assert len(pictures) == len(presets) >= 3


def test_the_trainer_shows_what_pytorch_trains():
    live = pytorch_trainer(p=0.4, weight_decay=0.01)
    run = quadrant_run(0.4, 0.01, **FAST)
    assert np.array_equal(live.result().probability, run.probability)
    buttons(live)["new masks"].click()
    assert np.array_equal(live.result().probability, quadrant_run(0.4, 0.01, mask_seed=1, **FAST).probability)
    assert not np.array_equal(live.result().probability, run.probability)


def test_the_trainer_promises():
    live = pytorch_trainer()
    found = {}
    for label in ("learns by heart", "dropout", "L2", "the same decay, AdamW"):
        buttons(live)[label].click()
        found[label] = last(live, "train_accuracy"), last(live, "test_accuracy")
    assert found["learns by heart"][0] > 0.97
    assert min(found["dropout"][1], found["L2"][1]) > found["learns by heart"][1] + 0.05
    assert found["the same decay, AdamW"][0] > 0.97  # 0.01 is next to nothing for AdamW


def test_the_band_shows_what_the_network_samples():
    live = mc_dropout_band(p=0.1, samples=30)
    np.testing.assert_array_equal(live.result().samples, sine_band(0.1, 30, dtype=np.float32).samples)
    live.set(samples=60)
    assert live.result().samples.shape == (60, 100)


def test_the_band_promises():
    live = mc_dropout_band()
    widths, coverage = {}, {}
    for label in ("wide in the gap", "wrong and sure", "same data, wider"):
        buttons(live)[label].click()
        widths[label], coverage[label] = live.result().widths, live.result().coverage
    assert widths["wide in the gap"][1] > 1.25 * widths["wide in the gap"][0]
    assert coverage["wide in the gap"][1] > 0.8 > 0.5 > coverage["wrong and sure"][1]
    assert widths["same data, wider"][0] > 1.5 * widths["wide in the gap"][0]


@pytest.mark.parametrize(
    ("make", "bad", "message"),
    [
        (pytorch_trainer, {"p": 1}, r"p must be a number from 0 to 0\.9, got '1'"),
        (pytorch_trainer, {"weight_decay": 0.5}, r"weight_decay must be a number from 0 to 0\.1, got '0\.5'"),
        (pytorch_trainer, {"optimizer": "SGD"}, "optimizer must be one of Adam, AdamW, got 'SGD'"),
        (mc_dropout_band, {"p": 0}, r"p must be a number from 0\.02 to 0\.6, got '0'"),
        (mc_dropout_band, {"samples": 1}, "samples must be a number from 2 to 200, got '1'"),
        (mc_dropout_band, {"gap": "left"}, "gap must be one of middle, peak, none, got 'left'"),
    ],
)
def test_bad_first_settings_are_named(make, bad, message):
    with pytest.raises(ValueError, match=message):
        make(**bad)


def test_other_live_figures_do_without_torch():
    code = "import sys, course_utils.live; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
