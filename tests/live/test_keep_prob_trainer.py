"""The keep_prob trainer shows the network that its settings give."""

import numpy as np

from course_utils.experiments import quadrant_run
from course_utils.live import keep_prob_trainer


def test_picture_is_that_of_the_settings_however_they_were_reached():
    moved, started = keep_prob_trainer(keep_prob=1.0), keep_prob_trainer(keep_prob=0.5)
    for value in (0.9, 0.35, 0.5):
        moved.controls["keep_prob"].slider.set_state({"value": value})
    assert moved.picture.value == started.canvas.jpeg()


def test_it_shows_what_quadrant_run_trains():
    live = keep_prob_trainer(keep_prob=0.8)
    expected = quadrant_run(0.8, m_test=1000, records=10, dtype=np.float32)
    assert np.array_equal(live.result().probability, expected.probability)
    live.set(masks=1)
    other = quadrant_run(0.8, mask_seed=1, m_test=1000, records=10, dtype=np.float32)
    assert np.array_equal(live.result().probability, other.probability)


def test_regularization_shows():
    live = keep_prob_trainer(keep_prob=1.0)
    none = live.result().run.history
    live.controls["keep_prob"].field.set_state({"value": "0.5"})
    half = live.result().run.history
    assert none["train_accuracy"][-1] > 0.97 > 0.93 > half["train_accuracy"][-1]
    assert half["test_accuracy"][-1] > none["test_accuracy"][-1] + 0.05
