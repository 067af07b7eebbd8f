"""The bug clinic: its picture holds the runs of its settings, however they were reached."""

import numpy as np

from course_utils.experiments.bugs import examination
from course_utils.live.bugs import bug_clinic
from tests.live.hands import Reader


def test_it_shows_what_examination_computes():
    live = bug_clinic("A4", scale=0.1, steps=100, keep_prob=0.5, seed=4)
    live.set(masks=3)
    expected = examination("A4", 0.1, 100, 0.5, 3, seed=4)
    assert np.array_equal(live.result().costs, expected.costs)
    assert live.result().errors == expected.errors
    assert np.array_equal(live.scene.costs.ill.get_ydata(), expected.costs)


def test_presets_show_what_they_promise():
    live = bug_clinic("healthy", scale=1, steps=100)
    reader = Reader(live)
    reader.press("the seed's ten steps")
    found = live.result()
    assert len(found.costs) == 10
    assert found.differences.max() < found.other_differences.max() / 50
    assert min(found.errors["W1"], found.errors["b1"]) > 1e-3
    reader.press("large first weights")
    found = live.result()
    assert found.differences[-100:].min() > found.other_differences[-100:].max()
    reader.press("between the lines")
    assert 1e-7 < live.result().errors["W1"] < 1e-3
    reader.press("nothing dropped")
    assert not live.result().differences.any()
    before = reader.move()["frames"]
    assert reader.press("new masks")["frames"] == before
    assert "gradient check" in live.scene.figure.alt


def test_numbers_and_their_buttons_mean_the_same():
    assert bug_clinic(scale=1.0, steps=100).settings == bug_clinic(scale="1", steps="100").settings
