"""A storm of random events over the live figures: no exception, the right last picture, no growing memory.

STORM_EVENTS=10000 makes it as long as one likes; the default is short enough for every run.
"""

import gc
import os
import tracemalloc

import numpy as np
import pytest

from course_utils.live import (
    bug_clinic,
    keep_prob_trainer,
    lambda_trainer,
    mask_explorer,
    overfitting,
    penalty_bowl,
    playground,
)
from course_utils.live.controls import ChoiceControl

EVENTS = int(os.environ.get("STORM_EVENTS", "60"))
TRACED = min(EVENTS // 4, 200)  # the last ones; to trace memory takes ten times as long
EXPECTED = ("must be", "other masks, same picture")  # lines that are no fault
TEXTS = ("abc", "", "nan", "-1", "1e9", "0,5", "0.5", "1", "٣", "4" * 50)


def strike(live, rng):
    """Do one random thing to a figure, as a front end would report it."""
    controls = list(live.controls.values())
    control = controls[rng.integers(len(controls))]
    kind = rng.integers(4)
    if kind == 0:
        buttons = live.widget.children[len(controls)].children
        buttons[rng.integers(len(buttons))].click()
    elif isinstance(control, ChoiceControl):
        control.buttons.set_state({"index": int(rng.integers(len(control.buttons.options)))})
    elif kind == 1:
        control.field.set_state({"value": TEXTS[rng.integers(len(TEXTS))]})
    else:
        # Four positions of each slider: most settings come again, so that a storm is about the figure, not training.
        steps = round((control.range.high - control.range.low) / control.range.step)
        position = control.range.low + round(rng.integers(4) / 3 * steps) * control.range.step
        control.slider.set_state({"value": position})


FIGURES = [keep_prob_trainer, lambda_trainer, playground, overfitting, mask_explorer, penalty_bowl, bug_clinic]


# Sliders and masks, and choices alone: the others by `make test-all`, since memory is traced, which is slow.
ALWAYS = (keep_prob_trainer, penalty_bowl)


@pytest.mark.parametrize(
    "make", [pytest.param(make, marks=() if make in ALWAYS else pytest.mark.slow) for make in FIGURES]
)
def test_storm(make):
    live, rng = make(), np.random.default_rng(0)
    unexpected = []

    def storm(events):
        for _ in range(events):
            strike(live, rng)
            if live.status.value and not any(words in live.status.value for words in EXPECTED):
                unexpected.append(live.status.value)

    storm(EVENTS - TRACED)
    gc.collect()
    tracemalloc.start()
    live.results.clear()  # what is remembered is bounded by count, not by bytes: start it empty, compare it empty
    before, _ = tracemalloc.get_traced_memory()
    storm(TRACED)
    live.set()
    live.results.clear()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    settings = {name: live.settings[name] for name in live.controls}
    fresh = make(**settings)
    fresh.set(**live.settings)
    assert unexpected == []
    assert live.picture.value == fresh.picture.value
    assert after - before < 10_000_000
