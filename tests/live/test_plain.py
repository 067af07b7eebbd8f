"""A live figure of ipywidgets' own controls, for front ends that let no script of the course run."""

import subprocess
import sys

from course_utils.live import mask_explorer, penalty_bowl
from tests import ROOT

WITHOUT_ANYWIDGET = """
import sys
sys.modules["anywidget"] = None  # importing it fails from now on
from course_utils.live import penalty_bowl
live = penalty_bowl()
live.widget.controls["penalty"].value = "L1"
print(type(live.widget).__name__, live.settings, live.widget.picture.value == live.saved("png"))
assert list(live._repr_mimebundle_()[0]) == ["application/vnd.jupyter.widget-view+json", "image/png", "text/plain"]
"""


def press(live, label):
    """Press a button by its label."""
    row = live.widget.children[len(live.widget.controls)]
    next(button for button in row.children if button.description == label).click()


def assert_shows(live, make, **settings):
    """Expect the settings everywhere, and the picture that the figure of a browser would save."""
    assert live.settings == settings
    assert {name: control.value for name, control in live.widget.controls.items()}.items() <= settings.items()
    assert live.widget.status.value == ""
    other = make()
    other.set(**settings)
    assert live.widget.picture.value == other.saved("png")


def test_controls_and_buttons_move_the_picture_and_follow_it():
    live = penalty_bowl(plain=True)
    strength, penalty = live.widget.controls.values()
    assert_shows(live, penalty_bowl, lambd=1.0, penalty="L2")
    strength.set_state({"value": 2.5})
    assert_shows(live, penalty_bowl, lambd=2.5, penalty="L2")
    penalty.set_state({"index": 1})
    assert_shows(live, penalty_bowl, lambd=2.5, penalty="L1")
    press(live, "L2: small, never zero")
    assert_shows(live, penalty_bowl, lambd=4.0, penalty="L2")
    live.set(lambd=0.0, penalty="L1")
    assert_shows(live, penalty_bowl, lambd=0.0, penalty="L1")
    press(live, "reset")
    assert_shows(live, penalty_bowl, lambd=1.0, penalty="L2")

    live = mask_explorer(plain=True)
    for masks in (1, 2):
        press(live, "new masks")
        assert_shows(live, mask_explorer, keep_prob=0.5, masks=masks)
    live.widget.controls["keep_prob"].set_state({"value": 0.8})
    assert_shows(live, mask_explorer, keep_prob=0.8, masks=2)


def test_one_move_computes_once_and_a_failure_is_one_line(monkeypatch):
    live = penalty_bowl(plain=True)
    picture, compute, asked = live.widget.picture.value, live.compute, []

    def fails(**arguments):
        asked.append(arguments["lambd"])
        if arguments["lambd"] == 3:
            raise ValueError("no bowl")
        return compute(**arguments)

    monkeypatch.setattr(live, "compute", fails)
    press(live, "L1: one exact zero")
    assert asked == [3]  # two controls that follow ask for nothing
    assert live.widget.status.value == "no bowl (the picture shows the settings before)"
    assert live.widget.picture.value == picture
    assert live.widget.controls["penalty"].value == "L2"  # as in the picture
    live.widget.controls["lambd"].set_state({"value": 2.0})
    assert_shows(live, penalty_bowl, lambd=2.0, penalty="L2")


def test_it_stands_in_where_there_is_no_anywidget_and_nowhere_else():
    assert type(penalty_bowl().widget).__name__ == "FigureWidget"
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ANYWIDGET], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("PlainWidget {'lambd': 1.0, 'penalty': 'L1'} True\n", "")
