"""A storm of random messages over the live figures: no exception, the right last picture, no growing memory.

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
    pass_stepper,
    penalty_bowl,
    playground,
    sine_trainer,
)
from course_utils.live.quantities import Choice, Range
from tests.live.hands import Reader, presets

EVENTS = int(os.environ.get("STORM_EVENTS", "60"))
TRACED = min(EVENTS // 4, 200)  # the last ones; to trace memory takes ten times as long
BAD = ("abc", "", "nan", "-1", "1e9", None, [], "x" * 50)


def strike(reader, rng):
    """Do one random thing that a front end may do; return the answer, and whether it may be a refusal."""
    live, kind = reader.live, rng.integers(6)
    quantity = rng.choice(list(live.quantities.values()))
    if kind == 0:
        return reader.press(rng.choice([*presets(live), *(["new masks"] if live.redraw else []), "reset"])), False
    if kind == 1:
        return reader.ask(want={quantity.name: BAD[rng.integers(len(BAD))]}), True
    if kind == 2:  # a page that was loaded again
        reader.era, reader.chunks, reader.settings = -1, [], dict(live.settings)
        return reader.ask(want={}), False
    # Four positions of each slider: most settings come again, so that a storm is about the figure, not training.
    if isinstance(quantity, Range):
        steps = round((quantity.high - quantity.low) / quantity.step)
        value = quantity.low + round(rng.integers(4) / 3 * steps) * quantity.step
    else:
        value = rng.choice(quantity.options) if isinstance(quantity, Choice) else int(rng.integers(3))
    if kind == 3:
        return reader.ask(ahead=reader.settings | {quantity.name: value}), False
    return reader.move(**{quantity.name: value}), False


FIGURES = [
    keep_prob_trainer,
    lambda_trainer,
    playground,
    overfitting,
    mask_explorer,
    pass_stepper,
    sine_trainer,
    penalty_bowl,
    bug_clinic,
]


# Sliders and masks, and choices alone: the others by `make test-all`, since memory is traced, which is slow.
ALWAYS = (keep_prob_trainer, penalty_bowl)


@pytest.mark.parametrize(
    "make", [pytest.param(make, marks=() if make in ALWAYS else pytest.mark.slow) for make in FIGURES]
)
def test_storm(make):
    reader, rng, wrong = Reader(make()), np.random.default_rng(0), []
    live = reader.live

    def storm(events):
        for _ in range(events):
            message, refused = strike(reader, rng)
            if ("error" in message) != refused or (not refused and "frames" not in message):
                wrong.append(message)

    def emptied():
        live.results.clear()  # what is remembered is bounded by count, not by bytes: start it empty, compare it empty
        live.renew()
        reader.era, reader.chunks = -1, []
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    storm(EVENTS - TRACED)
    gc.collect()
    tracemalloc.start()
    before = emptied()
    storm(TRACED)
    settings = dict(live.settings)
    after = emptied()
    tracemalloc.stop()
    fresh = Reader(make())
    assert wrong == []
    assert live.settings == settings == reader.settings
    # In full, since on a busy machine a quick look would come first.
    assert reader.picture(reader.ask(want={}, full=True)) == fresh.picture(fresh.ask(want=settings, full=True))
    assert after - before < 10_000_000
