"""The penalty corner: its picture holds the touching points of its settings, and presets show what they promise."""

import numpy as np
import pytest

from course_utils.experiments.corner import penalty_corner as computed
from course_utils.figures.corner import CornerFigure
from course_utils.live.corner import penalty_corner
from tests.live.hands import Reader


@pytest.mark.parametrize("case", [(1.75, 0.5, 1.0), (-1.5, 2.0, 0.4), (0.25, 0.5, 1.0)])
def test_artists_hold_the_numbers(case):
    scene, corner = CornerFigure(computed()), computed(*case)
    scene.update(corner)
    for ball, best in ((scene.circle, corner.circle), (scene.diamond, corner.diamond)):
        assert np.array_equal(ball.best.get_xydata(), [best])
        assert np.array_equal(ball.star.get_xydata(), [corner.star])
        costs = [corner.cost(w) for w in ball.touching.get_xydata()]
        assert np.allclose(costs, corner.cost(best))  # the contour through the touching point


@pytest.mark.parametrize(
    ("label", "zeros"),
    {
        "in a corner": (0, 1),
        "on an edge": (0, 0),
        "L2: exactly on the line": (1, 1),
        "within the budget": (0, 0),
    }.items(),
)
def test_presets_show_what_they_promise(label, zeros):
    live = penalty_corner()
    Reader(live).press(label)
    found = live.result()
    assert (np.sum(found.circle == 0), np.sum(found.diamond == 0)) == zeros
    live.scene.update(found)  # the atlas has shown it
    assert live.scene.words.startswith("exact zeros: L2 {}, L1 {}".format(*zeros))
    assert np.array_equal(found.diamond, found.star) == (label == "within the budget")
