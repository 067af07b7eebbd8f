"""Controls with real widgets: what they send back to the front end, and what stands beside them."""

import pytest

from course_utils.live.controls import Choice, ChoiceControl, NumberControl, Range


def refused(message):
    pytest.fail(message)


@pytest.fixture
def reports():
    return []


@pytest.fixture
def number(reports):
    return NumberControl(Range("x", 0.0, 1.0, 0.1), 0.5, reports.append, refused)


@pytest.mark.parametrize("moved", [0.6, 0.7000000000000001, 0.30000000000000004, 0.7999999999999999])
def test_a_slider_that_moved_is_not_corrected(number, reports, moved):
    """A front end adds up steps. To mend its rounding error would undo the next move, if it came late."""
    values = []
    number.slider.observe(lambda change: values.append(change["new"]), "value")
    number.slider.set_state({"value": moved})
    assert values == [moved]
    assert reports == [round(moved, 1)]


def test_a_slider_follows_all_but_its_own_moves(number, reports):
    number.set(0.2)
    assert number.slider.value == 0.2
    number.field.set_state({"value": "0.74"})  # nearer to 0.7 than to 0.8
    assert number.slider.value == 0.7
    assert reports == [0.2, 0.74]


def test_a_field_is_read_at_enter_and_not_at_every_letter(number):
    """Front ends go by this; 0.85 could not be typed where 0 is not allowed."""
    assert number.field.get_state()["continuous_update"] is False


def test_a_choice_is_named_beside_its_buttons_and_on_each():
    control = ChoiceControl(Choice("penalty", ("L2", "L1")), "L1", refused)
    label, buttons = control.widget.children
    assert (label.value, buttons) == ("penalty", control.buttons)
    assert buttons.description == ""  # ipywidgets 8 would put it above the buttons
    assert list(buttons.tooltips) == ["penalty L2", "penalty L1"]


def test_a_choice_reports_each_new_option_once(reports):
    control = ChoiceControl(Choice("penalty", ("L2", "L1", "both")), "L2", reports.append)
    control.buttons.set_state({"index": 2})
    control.buttons.set_state({"index": 2})
    control.set("L1")
    control.set("L1")
    assert control.buttons.value == "L1"
    assert reports == ["both", "L1"]
