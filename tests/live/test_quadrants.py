"""The live figures of the quadrants show the network that their settings give, and the effects they promise."""

import numpy as np
import pytest

from course_utils.experiments import quadrant_run
from course_utils.figures.canvas import Canvas
from course_utils.live import keep_prob_trainer, lambda_trainer, overfitting, playground
from course_utils.live.quadrants import FAST

FIGURES = {
    keep_prob_trainer: {"keep_prob": 0.5},
    lambda_trainer: {"lambd": 1.5, "penalty": "L1"},
    playground: {"keep_prob": 0.8, "lambd": 0.5, "hidden": 20, "flipped": 0.3},
    overfitting: {"points": 40, "flipped": 0.0, "hidden": 8},
}


def buttons(live):
    return {button.description: button for button in live.widget.children[len(live.controls)].children}


def button(live, label):
    return buttons(live)[label]


def last(live, name):
    return live.result().run.history[name][-1]


@pytest.mark.parametrize(("make", "settings"), FIGURES.items())
def test_picture_is_that_of_the_settings_however_they_were_reached(make, settings):
    moved, started = make(), make(**settings)
    for name, value in settings.items():
        control = moved.controls[name]
        if name == "penalty":
            control.buttons.set_state({"index": control.buttons.options.index(value)})
        else:
            control.field.set_state({"value": str(value)})
    assert moved.settings == started.settings
    assert moved.picture.value == started.canvas.jpeg()


@pytest.mark.parametrize(("make", "settings"), FIGURES.items())
@pytest.mark.parametrize("stage", [False, True])
def test_the_code_that_is_shown_draws_the_same_picture(make, settings, stage):
    live = make(**settings, stage=stage)
    code, scene = live.code(**live.settings).removesuffix(".figure\n"), {}
    body, _, expression = code.rpartition("\n")
    exec(body, scene)
    shown = eval(expression, scene)
    # Sharp first, as the live figure does: the first drawing fixes the layout.
    assert Canvas(shown.figure, shown.changing, 100 * shown.figure.scale).sharp_jpeg() == live.canvas.sharp_jpeg()


@pytest.mark.parametrize("make", FIGURES)
def test_every_preset_shows_a_picture_of_its_own(make):
    live = make(seed=1)
    pictures = set()
    labels = list(buttons(live))
    presets = labels[: labels.index("new masks") if "new masks" in labels else labels.index("reset")]
    for label in presets:
        button(live, label).click()
        assert live.status.value == ""
        pictures.add(live.picture.value)
    assert len(pictures) == len(presets) >= 3


def test_keep_prob_trainer_shows_what_quadrant_run_trains():
    live = keep_prob_trainer(keep_prob=0.8)
    assert np.array_equal(live.result().probability, quadrant_run(0.8, **FAST).probability)
    button(live, "new masks").click()
    assert np.array_equal(live.result().probability, quadrant_run(0.8, mask_seed=1, **FAST).probability)


def test_dropout_helps_on_noisy_labels():
    live = keep_prob_trainer()
    none, without = last(live, "test_accuracy"), last(live, "train_accuracy")
    button(live, "just right").click()
    assert without > 0.97 > 0.93 > last(live, "train_accuracy")
    assert last(live, "test_accuracy") > none + 0.05


def zeros(live):
    return sum(int(np.sum(live.result().run.parameters[name] == 0)) for name in ("W1", "W2", "W3"))


def test_l1_gives_exact_zeros_and_l2_none():
    live = lambda_trainer(lambd=5.0, penalty="L2")
    assert zeros(live) == 0
    button(live, "exact zeros").click()
    assert zeros(live) > 1000
    assert f"exact zeros: {zeros(live)} of 4288" in live.scene.panels[2].count.get_text()


def test_playground_promises():
    live = playground()
    none = last(live, "test_accuracy")
    for label in ("dropout", "L2", "clean labels"):
        button(live, label).click()
        assert last(live, "test_accuracy") > none + 0.03


def test_overfitting_promises():
    live = overfitting()
    wide = last(live, "train_accuracy") - last(live, "test_accuracy")
    for label in ("clean labels", "many points", "small network"):
        button(live, label).click()
        assert last(live, "train_accuracy") - last(live, "test_accuracy") < wide - 0.05


@pytest.mark.parametrize(
    ("make", "bad", "message"),
    [
        (keep_prob_trainer, {"keep_prob": 0}, r"keep_prob must be a number from 0\.05 to 1, got '0'"),
        (lambda_trainer, {"lambd": -1}, "λ must be a number from 0 to 5, got '-1'"),
        (lambda_trainer, {"penalty": "L3"}, "penalty must be one of L2, L1, both, got 'L3'"),
        (playground, {"hidden": 1}, "hidden units must be a number from 2 to 128, got '1'"),
        (overfitting, {"points": "many"}, "points must be a number from 20 to 400, got 'many'"),
    ],
)
def test_bad_first_settings_are_named(make, bad, message):
    with pytest.raises(ValueError, match=message):
        make(**bad)


def test_an_unknown_penalty_is_refused_and_the_next_move_is_that_of_the_pressed_button():
    live = lambda_trainer()
    with pytest.raises(ValueError, match="penalty must be one of L2, L1, both, got 'L3'"):
        live.set(penalty="L3")
    live.controls["lambd"].slider.set_state({"value": 1.0})
    assert live.controls["penalty"].buttons.value == "L2"
    assert np.array_equal(live.result().probability, quadrant_run(lambd=1.0, **FAST).probability)
