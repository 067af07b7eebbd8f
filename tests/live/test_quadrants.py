"""The live figures of the quadrants show the network that their settings give, and the effects they promise."""

import numpy as np

from course_utils.experiments import quadrant_run
from course_utils.live import keep_prob_trainer, lambda_trainer, overfitting, playground
from course_utils.live.quadrants import FAST
from tests.live.hands import Reader, last


def test_keep_prob_trainer_shows_what_quadrant_run_trains():
    live = keep_prob_trainer(keep_prob=0.81)
    assert np.array_equal(live.result().probability, quadrant_run(0.81, **FAST).probability)
    Reader(live).press("new masks")
    assert np.array_equal(live.result().probability, quadrant_run(0.81, mask_seed=1, **FAST).probability)


def test_dropout_helps_on_noisy_labels():
    live = keep_prob_trainer()
    none, without = last(live, "test_accuracy"), last(live, "train_accuracy")
    Reader(live).press("just right")
    assert without > 0.97 > 0.93 > last(live, "train_accuracy")
    assert last(live, "test_accuracy") > none + 0.05


def zeros(live):
    return sum(int(np.sum(live.result().run.parameters[name] == 0)) for name in ("W1", "W2", "W3"))


def test_l1_gives_exact_zeros_and_l2_none():
    live = lambda_trainer(lambd=5.0, penalty="L2")
    assert zeros(live) == 0
    words = Reader(live).press("exact zeros")["words"]
    assert zeros(live) > 1000
    assert f"exact zeros: {zeros(live)} of 4288" in words


def test_playground_promises():
    live = playground()
    none = last(live, "test_accuracy")
    for label in ("dropout", "L2", "clean labels"):
        Reader(live).press(label)
        assert last(live, "test_accuracy") > none + 0.03


def test_overfitting_promises():
    live = overfitting()
    wide = last(live, "train_accuracy") - last(live, "test_accuracy")
    for label in ("clean labels", "many points", "small network"):
        Reader(live).press(label)
        assert last(live, "train_accuracy") - last(live, "test_accuracy") < wide - 0.05
