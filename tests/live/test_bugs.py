"""The bug clinic: its picture holds the runs of its settings, however they were reached."""

import numpy as np
import pytest

from course_utils.experiments.bugs import examination
from course_utils.figures.canvas import Canvas
from course_utils.live.bugs import bug_clinic
from tests.live.snippet import value_of


@pytest.mark.parametrize("stage", [False, True])
def test_picture_is_that_of_the_settings_however_they_were_reached(stage):
    moved = bug_clinic(stage=stage)
    started = bug_clinic("A5", scale=0.3, steps=100, keep_prob=0.35, stage=stage)
    assert moved.canvas.jpeg() != started.canvas.jpeg()
    for value in (0.05, 1.0, 0.35):
        moved.controls["keep_prob"].slider.set_state({"value": value})
    moved.controls["scale"].buttons.set_state({"index": 4})
    moved.controls["steps"].buttons.set_state({"index": 1})
    moved.controls["bug"].buttons.set_state({"index": 2})
    moved.controls["scale"].buttons.set_state({"index": 3})
    assert moved.picture.value == started.canvas.jpeg()
    assert moved.canvas.sharp_jpeg() == started.canvas.sharp_jpeg()
    moved.set(masks=2)
    assert moved.picture.value != started.canvas.jpeg()


@pytest.mark.parametrize(
    ("name", "value"), [("bug", "A4"), ("bug", "healthy"), ("scale", "0.03"), ("steps", "100"), ("keep_prob", 0.4)]
)
def test_every_control_moves_the_picture_by_itself(name, value):
    live, before = bug_clinic(), bug_clinic().canvas.jpeg()
    control = live.controls[name]
    if name == "keep_prob":
        control.field.set_state({"value": str(value)})
    else:
        control.buttons.set_state({"index": control.buttons.options.index(value)})
    assert live.settings[name] == value
    assert live.status.value == ""
    assert live.picture.value not in (before, b"")
    assert live.picture.value == bug_clinic(**{name: value}).canvas.jpeg()


def test_it_shows_what_examination_computes():
    live = bug_clinic("A4", scale=0.1, steps=100, keep_prob=0.5, seed=4)
    live.set(masks=3)
    expected = examination("A4", 0.1, 100, 0.5, 3, seed=4)
    assert np.array_equal(live.result().costs, expected.costs)
    assert live.result().errors == expected.errors
    assert np.array_equal(live.scene.costs.ill.get_ydata(), expected.costs)


def test_new_masks_change_the_run_and_reset_brings_it_back():
    live = bug_clinic()
    before = live.canvas.jpeg()
    buttons = {button.description: button for button in live.widget.children[4].children}
    buttons["new masks"].click()
    assert live.settings["masks"] == 1
    assert live.picture.value != before
    buttons["reset"].click()
    assert live.picture.value == before
    buttons["nothing dropped"].click()
    buttons["new masks"].click()
    assert "other masks, same picture" in live.status.value


def test_presets_show_what_they_promise():
    live = bug_clinic("healthy", scale=1, steps=100)
    buttons = {button.description: button for button in live.widget.children[4].children}
    buttons["the seed's ten steps"].click()
    found = live.result()
    assert len(found.costs) == 10
    assert found.differences.max() < found.other_differences.max() / 50
    assert min(found.errors["W1"], found.errors["b1"]) > 1e-3
    buttons["large first weights"].click()
    found = live.result()
    assert found.differences[-100:].min() > found.other_differences[-100:].max()
    buttons["between the lines"].click()
    assert 1e-7 < live.result().errors["W1"] < 1e-3
    buttons["nothing dropped"].click()
    assert not live.result().differences.any()
    assert "gradient" in live.scene.figure.alt


@pytest.mark.parametrize("stage", [False, True])
def test_code_draws_the_same_picture(stage):
    live = bug_clinic(seed=2, stage=stage)
    live.set(bug="A5", scale="0.3", steps="100", keep_prob=0.45, masks=1)
    figure = value_of(live.code(**live.settings))
    Canvas(figure, [], live.canvas.dpi).sharp_jpeg()
    assert figure._repr_png_()[0] == live.scene.figure._repr_png_()[0]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bug": "A3"}, "bug must be one of healthy, A4, A5, both, got 'A3'"),
        ({"scale": 0.02}, "scale must be one of 0.01, 0.03, 0.1, 0.3, 1, got '0.02'"),
        ({"scale": None}, "scale must be one of 0.01, 0.03, 0.1, 0.3, 1, got 'None'"),
        ({"steps": 11}, "steps must be one of 10, 100, 1000, got '11'"),
        ({"keep_prob": 0.0}, r"keep_prob must be a number from 0\.05 to 1"),
        ({"seed": -1}, "seed must be a whole number >= 0"),
    ],
)
def test_first_settings_must_be_allowed(settings, message):
    with pytest.raises(ValueError, match=message):
        bug_clinic(**settings)


def test_numbers_and_their_buttons_mean_the_same():
    assert bug_clinic(scale=1.0, steps=100).settings == bug_clinic(scale="1", steps="100").settings
