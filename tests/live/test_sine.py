"""The sine trainer: its picture holds the fit and the costs of its settings."""

import numpy as np
import pytest

from course_utils.experiments.sine import sine_run
from course_utils.figures.sine import SineFigure
from course_utils.live.sine import sine_trainer


@pytest.mark.parametrize("moment", [0, 1, 24])
def test_artists_hold_the_numbers(moment):
    scene, found = SineFigure(sine_run("1-25-1", 2)), sine_run("1-25-1", 0, moment)
    scene.update(found)
    assert np.array_equal(scene.fit.get_xydata(), np.column_stack([found.x[0], found.fit[0]]))
    assert np.array_equal(scene.cost.get_ydata(), found.costs)
    assert scene.now.get_xydata().tolist() == [[100 * found.steps[-1] / 4000, found.costs[-1]]]
    low, high = scene.cost.axes.get_ylim()
    assert np.all((low < found.costs) & (found.costs < high))
    digits = 1 if found.costs[-1] >= 1 else 2
    assert scene.words == f"step {found.steps[-1]}, error {found.costs[-1]:.{digits}f}"


def test_all_of_its_states_fit_into_the_picture():
    for seed in range(8):
        for network in ("1-6-1", "1-25-1"):
            costs = sine_run(network, seed).costs
            assert 0.02 < costs.min() < costs.max() < 800


def test_presets_are_a_start_that_is_stuck_and_one_that_is_not():
    live = sine_trainer()
    for name, word in (("one-start", "error 11.6"), ("another-start", "error 0.20")):
        live.set(**live.presets[name])
        assert word in SineFigure(live.result()).words
