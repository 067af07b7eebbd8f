"""The live figures of the PyTorch chapter show what their settings give, and the effects they promise."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the PyTorch chapter and its tests need torch; all else does without")

from course_utils.live.band import mc_dropout_band
from course_utils.live.pytorch_quadrants import pytorch_trainer
from course_utils.live.quadrants import FAST
from course_utils.pytorch.band import sine_band
from course_utils.pytorch.quadrants import quadrant_run
from tests.live.hands import Reader, last


def test_the_trainer_shows_what_pytorch_trains():
    live = pytorch_trainer(p=0.41, weight_decay=0.01)
    run = quadrant_run(0.41, 0.01, **FAST)
    assert np.array_equal(live.result().probability, run.probability)
    Reader(live).press("new masks")
    assert np.array_equal(live.result().probability, quadrant_run(0.41, 0.01, mask_seed=1, **FAST).probability)
    assert not np.array_equal(live.result().probability, run.probability)


def test_the_trainer_promises():
    live = pytorch_trainer()
    found, reader = {}, Reader(live)
    for label in ("learns by heart", "dropout", "L2", "the same decay, AdamW"):
        reader.press(label)
        found[label] = last(live, "train_accuracy"), last(live, "test_accuracy")
    assert found["learns by heart"][0] > 0.97
    assert min(found["dropout"][1], found["L2"][1]) > found["learns by heart"][1] + 0.05
    assert found["the same decay, AdamW"][0] > 0.97  # 0.01 is next to nothing for AdamW


def test_the_band_shows_what_the_network_samples():
    live = mc_dropout_band(p=0.11, samples=30)
    np.testing.assert_array_equal(live.result().samples, sine_band(0.11, 30, dtype=np.float32).samples)
    live.set(samples=60)
    assert live.result().samples.shape == (60, 100)


def test_the_band_promises():
    live = mc_dropout_band()
    widths, coverage, reader = {}, {}, Reader(live)
    for label in ("wide in the gap", "wrong and sure", "same data, wider"):
        reader.press(label)
        widths[label], coverage[label] = live.result().widths, live.result().coverage
    assert widths["wide in the gap"][1] > 1.25 * widths["wide in the gap"][0]
    assert coverage["wide in the gap"][1] > 0.8 > 0.5 > coverage["wrong and sure"][1]
    assert widths["same data, wider"][0] > 1.5 * widths["wide in the gap"][0]
