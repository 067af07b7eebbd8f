"""Every live figure: picture and code are those of its settings, however they were reached, and presets differ."""

import ast
import subprocess
import sys
from inspect import signature

import pytest

from course_utils.live import (
    bug_clinic,
    double_descent,
    early_stopping,
    fresh_or_repeated,
    keep_prob_trainer,
    lambda_trainer,
    mask_explorer,
    overfitting,
    pass_stepper,
    penalty_bowl,
    penalty_corner,
    playground,
    sine_trainer,
    who_is_dropped,
)
from course_utils.texts import texts
from tests.live.hands import Reader, presets

FIGURES = {
    keep_prob_trainer: {"keep_prob": 0.5},
    lambda_trainer: {"lambd": 1.5, "penalty": "L1"},
    playground: {"keep_prob": 0.8, "lambd": 0.5, "hidden": 20, "flipped": 0.3},
    overfitting: {"points": 40, "flipped": 0.0, "hidden": 8},
    mask_explorer: {"keep_prob": 0.35},
    pass_stepper: {"step": 5, "keep_prob": 0.3},
    sine_trainer: {"network": "1-25-1", "moment": 5},
    penalty_bowl: {"lambd": 2.5, "penalty": "L1"},
    penalty_corner: {"star_1": 1.75, "star_2": 0.25, "budget": 0.6},
    bug_clinic: {"bug": "A5", "scale": "0.3", "steps": "100", "keep_prob": 0.35},
    early_stopping: {"log_time": 1.5},
    double_descent: {"features": "200", "strength": "0.03"},
    fresh_or_repeated: {"different": "300", "keep_prob": 0.7},
    who_is_dropped: {"kind": "spatial", "keep_prob": 0.3},
}
BAD = [
    (keep_prob_trainer, {"keep_prob": 0}, r"keep_prob must be a number from 0\.05 to 1, got '0'"),
    (lambda_trainer, {"lambd": -1}, "λ must be a number from 0 to 5, got '-1'"),
    (lambda_trainer, {"penalty": "L3"}, "penalty must be one of L2, L1, both, got 'L3'"),
    (playground, {"hidden": 1}, "hidden units must be a number from 2 to 128, got '1'"),
    (overfitting, {"points": "many"}, "points must be a number from 20 to 400, got 'many'"),
    (mask_explorer, {"keep_prob": 1.1}, r"keep_prob must be a number from 0\.05 to 1, got '1\.1'"),
    (mask_explorer, {"seed": 0.5}, "seed must be a whole number"),
    (pass_stepper, {"step": 7}, "step must be a number from 1 to 6, got '7'"),
    (pass_stepper, {"seed": -1}, "seed must be a whole number >= 0"),
    (sine_trainer, {"seed": 8}, "seed must be a number from 0 to 7, got '8'"),
    (sine_trainer, {"network": "1-7-1"}, "network must be one of 1-6-1, 1-25-1, got '1-7-1'"),
    (penalty_bowl, {"lambd": 6.5}, "must be a number from 0 to 6"),
    (penalty_bowl, {"penalty": "L3"}, "penalty must be one of L2, L1, got 'L3'"),
    (penalty_corner, {"star_1": 3}, "star, w₁ must be a number from -2 to 2, got '3'"),
    (penalty_corner, {"budget": 0}, r"budget must be a number from 0\.1 to 2, got '0'"),
    (bug_clinic, {"bug": "A3"}, "bug must be one of healthy, A4, A5, both, got 'A3'"),
    (bug_clinic, {"scale": None}, "scale must be one of 0.01, 0.03, 0.1, 0.3, 1, got 'None'"),
    (bug_clinic, {"steps": 11}, "steps must be one of 10, 100, 1000, got '11'"),
    (bug_clinic, {"keep_prob": 0.0}, r"keep_prob must be a number from 0\.05 to 1"),
    (bug_clinic, {"seed": -1}, "seed must be a whole number >= 0"),
    (early_stopping, {"log_time": 3.5}, "log₁₀ t must be a number from -1 to 3, got '3.5'"),
    (double_descent, {"features": "61"}, "units must be one of 5, 10, 20, .*, got '61'"),
    (double_descent, {"strength": "2"}, "λ must be one of 0, .*, got '2'"),
    (fresh_or_repeated, {"different": "50"}, "different points must be one of 100, .*, got '50'"),
    (who_is_dropped, {"kind": "nobody"}, "who is dropped must be one of dropout, .*, got 'nobody'"),
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
    moved, started = Reader(make()), Reader(make(**settings))
    frames = [moved.ask(want={})["frames"]]
    for name, value in settings.items():
        message = moved.move(**{name: value})
        assert message["frames"] not in frames  # each control changes something
        frames.append(message["frames"])
    assert moved.live.settings == started.live.settings
    assert moved.picture(message) == started.picture(started.ask(want={}))
    assert moved.live.saved("png") == started.live.saved("png")


@pytest.mark.parametrize("make", [make for make in FIGURES if make().redraw])
def test_new_masks_give_another_picture_and_reset_the_first(make):
    live, other = (Reader(make(**FIGURES[make])) for _ in range(2))
    first = live.ask(want={})
    masked = live.press("new masks")
    assert masked["frames"] != first["frames"]
    assert live.picture(masked) == other.picture(other.move(masks=1))
    assert live.press("reset")["frames"] == first["frames"]


@EACH
def test_code_draws_the_same_picture(make, settings):
    live = make(**settings, **({"seed": 2} if "seed" in signature(make).parameters else {}))
    if live.redraw:
        live.set(masks=1)
    figure = value_of(live.code(**live.settings))
    figure.set_dpi(live.scene.figure.dpi)
    figure.draw_without_rendering()  # layout at the resolution at which the live figure had it
    figure.set_layout_engine("none")
    assert figure._repr_png_()[0] == live.saved("png")


@EACH
def test_every_preset_shows_a_picture_of_its_own(make, settings):
    reader = Reader(make(**settings))
    labels = presets(reader.live)
    pictures = [reader.press(label)["frames"] for label in labels]
    assert len(set(map(str, pictures))) == len(labels) >= 3


@EACH
def test_a_move_is_light(make, settings):
    """What a frame holds is what has changed: a few kilobytes, and words about it."""
    reader = Reader(make())
    reader.ask(want={})
    message = reader.move(**settings)
    assert 0 < reader.bytes < 12_000
    assert message["words"]


@pytest.mark.parametrize(("make", "bad", "message"), BAD)
def test_first_settings_must_be_allowed(make, bad, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make(**bad)


@EACH
def test_each_control_has_a_name_that_can_be_translated(make, settings):
    fields_terms = {"keep_prob", "p", "weight_decay"}  # the same in every language
    assert make().settings.keys() - fields_terms <= texts("en")["controls"].keys()


def test_all_but_two_do_without_torch():
    code = "import sys, course_utils.live; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
