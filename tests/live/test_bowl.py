"""The penalty bowl: its picture holds the costs and minima of its settings, however they were reached."""

import numpy as np
import pytest

from course_utils.experiments.bowl import BOWL, penalized_bowl
from course_utils.figures.bowl import LEVELS, BowlFigure
from course_utils.live.bowl import penalty_bowl
from tests.live.hands import Reader


def test_it_shows_what_penalized_bowl_computes():
    live = penalty_bowl(3.0, "L1")
    assert np.array_equal(live.result().total, penalized_bowl(3.0, "L1").total)
    live.set(penalty="L2", lambd=0.5)
    assert np.array_equal(live.result().minimum, BOWL.minimum(lambd=0.5))


@pytest.mark.parametrize(("lambd", "kind"), [(0.0, "L2"), (2.0, "L2"), (3.0, "L1"), (6.0, "L1")])
def test_artists_hold_the_numbers(lambd, kind):
    scene = BowlFigure(penalized_bowl(1.0, "L2"))
    bowl = penalized_bowl(lambd, kind)
    scene.update(bowl)
    for marker in scene.minima:
        assert np.array_equal(marker.get_xydata(), [bowl.minimum])
    for star in scene.stars:
        assert np.array_equal(star.get_xydata(), [BOWL.centre])
    assert np.array_equal(scene.path.get_xydata().T, bowl.path)
    words = scene.words
    assert f"exact zeros: {bowl.zeros}" in words
    assert f"{'λ₁' if kind == 'L1' else 'λ'} = {lambd:.2f}" in words
    assert ("λ₁" if kind == "L1" else "λ/(2m)") in scene.name.get_text()


def test_only_an_exact_zero_is_written_as_0():
    scene = BowlFigure(penalized_bowl(3.0, "L1"))
    assert "w₁ = 0.82     w₂ = 0     exact zeros: 1" in scene.words
    nearly = BOWL.minimum(lambd1=1.53)[1]
    assert 0 < nearly < 0.005
    scene.update(penalized_bowl(1.53, "L1"))
    assert "w₂ = 0.00     exact zeros: 0" in scene.words


@pytest.mark.parametrize(("lambd", "kind"), [(2.0, "L2"), (3.0, "L1")])
def test_contours_lie_where_the_cost_has_their_level(lambd, kind):
    scene = BowlFigure(penalized_bowl(lambd, kind))
    strengths = {"lambd" if kind == "L2" else "lambd1": lambd}
    costs = {
        scene.data: lambda w: BOWL.value(w),
        scene.penalty: lambda w: BOWL.penalty(w, **strengths),
        scene.total: lambda w: BOWL.value(w, **strengths) - BOWL.value(BOWL.minimum(**strengths), **strengths),
    }
    for panel, cost in costs.items():
        found = {int(np.argmin(np.abs(LEVELS - cost(line[0])))) for line in panel.lines.get_segments()}
        assert len(found) >= 7
        for line in panel.lines.get_segments():
            heights = cost(line.T)
            assert np.min(np.abs(LEVELS - heights[0])) < 0.005
            assert np.ptp(heights) < 0.005


def test_presets_show_what_they_promise():
    live = penalty_bowl()
    reader = Reader(live)
    for label, zeros in {"L1: one exact zero": 1, "L1: two exact zeros": 2, "L2: small, never zero": 0}.items():
        reader.press(label)
        assert live.result().zeros == zeros
    reader.press("no penalty")
    assert np.allclose(live.result().minimum, BOWL.centre)
    assert live.scene.figure.alt == "Figure: data cost; penalty; sum of both"
