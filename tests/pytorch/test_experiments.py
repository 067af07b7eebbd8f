"""Experiments of the PyTorch chapter: the courses' own runs in PyTorch, fair pairs, and what the chapter says of them.

The slow ones repeat the whole study by which the chapter's strengths were chosen; they take some minutes.
"""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the PyTorch chapter and its tests need torch; all else does without")

from course_utils.datasets import digits  # noqa: E402
from course_utils.experiments import quadrants as numpy_quadrants  # noqa: E402
from course_utils.gradient_check import relative_errors  # noqa: E402
from course_utils.pytorch.band import fitted_curve, sine_band  # noqa: E402
from course_utils.pytorch.digits import SET_ASIDE, digit_accuracy, digit_network  # noqa: E402
from course_utils.pytorch.quadrants import quadrant_run  # noqa: E402

SMALL = {"hidden": 16, "steps": 5}


@pytest.mark.parametrize("settings", [{}, {"p": 0.5}, {"p": 0.2, "weight_decay": 0.01}])
def test_quadrants_are_trained_as_in_numpy(settings):
    """With Adam weight_decay is λ/m, m = 100."""
    shared = {"seed": 2, "mask_seed": 1, "m_test": 100, "steps": 40, "records": 4, "resolution": 9}
    ours = numpy_quadrants.quadrant_run(1 - settings.get("p", 0.0), 100 * settings.get("weight_decay", 0.0), **shared)
    theirs = quadrant_run(**settings, **shared)
    assert max(relative_errors(ours.run.parameters, theirs.run.parameters).values()) < 1e-6
    np.testing.assert_allclose(theirs.probability, ours.probability, atol=1e-6)
    for name in ("step", "train_cost", "test_cost", "train_accuracy", "test_accuracy"):
        np.testing.assert_allclose(theirs.run.history[name], ours.run.history[name], rtol=1e-6)


def test_adamw_takes_another_decay():
    shared = {"weight_decay": 0.05, "m_test": 50, "steps": 40, "resolution": 5}
    adam, adamw = (quadrant_run(optimizer=name, **shared).run.parameters for name in ("Adam", "AdamW"))
    assert max(relative_errors(adam, adamw).values()) > 0.1


def columns(*parts):
    return {column.tobytes() for part in parts for column in np.ascontiguousarray(part.T)}


def test_digits_for_choosing_have_no_part_in_the_result():
    chosen, result = (digit_network(0, choosing=choosing, **SMALL)[1] for choosing in (True, False))
    assert chosen.x_train.shape[1] + chosen.x_test.shape[1] == SET_ASIDE
    assert (chosen.x_train.shape, result.x_train.shape, result.x_test.shape) == ((64, 200), (64, 200), (64, 1097))
    first, second = columns(chosen.x_train, chosen.x_test), columns(result.x_train, result.x_test)
    everything, _ = digits()
    assert first | second == columns(everything)
    assert not columns(result.x_train) & columns(result.x_test)
    assert not first & second
    other = digit_network(1, choosing=True, **SMALL)[1]
    assert columns(other.x_train, other.x_test) == first  # set aside for every seed
    assert columns(other.x_train) != columns(chosen.x_train)


def test_methods_are_paired():
    """Equal seeds: equal digits and first weights; a strength of nothing changes nothing."""
    plain, data = digit_network(3, **SMALL)
    none, same = digit_network(3, weight_decay=0.0, l1=0.0, max_norm=1e6, **SMALL)
    np.testing.assert_array_equal(data.x_train, same.x_train)
    for first, second in zip(plain.parameters(), none.parameters(), strict=True):
        torch.testing.assert_close(first, second, rtol=1e-12, atol=1e-15)
    for change in ({"weight_decay": 0.1}, {"l1": 0.01}, {"max_norm": 0.5}, {"p_hidden": 0.5}, {"p_input": 0.5}):
        changed, _ = digit_network(3, **change, **SMALL)
        pairs = zip(plain.parameters(), changed.parameters(), strict=True)
        assert any((first - second).abs().max() > 1e-4 for first, second in pairs), change
    longest = max(
        torch.linalg.vector_norm(W, dim=1).max() for W, _ in digit_network(3, max_norm=0.5, **SMALL)[0].layers()
    )
    assert longest < 0.5 + 1e-9


def test_accuracy_is_the_share_of_test_digits_that_the_network_gets_right():
    network, data = digit_network(0, p_hidden=0.5, **SMALL)
    network.eval()
    with torch.no_grad():
        z = network(torch.tensor(data.x_test.T))
    right = sum(int(row.argmax()) == int(column.argmax()) for row, column in zip(z, data.y_test.T, strict=True))
    assert digit_accuracy(0, p_hidden=0.5, **SMALL) == pytest.approx(right / 1097)


def test_a_band_repeats_whatever_the_global_generator_and_other_samples_need_no_other_network():
    fitted_curve.cache_clear()
    first, again, more = (sine_band(0.1, samples, steps=20) for samples in (5, 5, 9))
    assert more.samples.shape == (9, 100)
    assert fitted_curve.cache_info().misses == 1
    assert not np.array_equal(sine_band(0.1, 5, steps=20, seed=1).samples, first.samples)
    assert fitted_curve.cache_info().misses == 2
    fitted_curve.cache_clear()
    torch.manual_seed(1)
    for band in (again, sine_band(0.1, 5, steps=20)):
        np.testing.assert_array_equal(band.samples, first.samples)


@pytest.mark.parametrize(("gap", "missing"), [("middle", range(30, 70)), ("peak", range(10, 40)), ("none", [])])
def test_gaps(gap, missing):
    assert np.flatnonzero(~sine_band(0.1, 2, gap, steps=2).seen).tolist() == list(missing)


def test_the_chapters_words_about_bands_hold_for_other_seeds():
    for seed in (1, 2):
        middle, peak = (sine_band(0.1, 100, gap, seed=seed) for gap in ("middle", "peak"))
        assert middle.widths[1] > 1.25 * middle.widths[0]
        assert middle.coverage[1] > 0.8
        assert peak.coverage[1] < 0.5


CHOSEN = {"L2": 3e-3, "L1": 3e-4, "max-norm": 1.5, "dropout + L2": 3e-4}
DROPOUT = {"p_input": 0.2, "p_hidden": 0.5}
TRIED = {
    "L2": {value: {"weight_decay": value} for value in (1e-3, 3e-3, 1e-2, 3e-2)},
    "L1": {value: {"l1": value} for value in (1e-4, 3e-4, 1e-3, 3e-3)},
    "max-norm": {value: {**DROPOUT, "max_norm": value} for value in (1.0, 1.5, 2.0, 3.0)},
    "dropout + L2": {value: {**DROPOUT, "weight_decay": value} for value in (1e-4, 3e-4, 1e-3, 3e-3)},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TRIED)
def test_the_chapters_strengths_are_the_best_or_nearly_so_where_they_were_chosen(name):
    """On the digits set aside, eight seeds; nearly: within half a point, about a standard error."""
    found = {
        value: np.mean([digit_accuracy(seed, choosing=True, **settings) for seed in range(8)])
        for value, settings in TRIED[name].items()
    }
    print(name, {value: round(float(accuracy), 4) for value, accuracy in found.items()})
    assert found[CHOSEN[name]] > max(found.values()) - 0.005


def test_too_strong_a_penalty_is_seen_where_strengths_are_chosen():
    strong, chosen = (
        [digit_accuracy(seed, choosing=True, weight_decay=decay, steps=100, hidden=64) for seed in range(4)]
        for decay in (0.1, CHOSEN["L2"])
    )
    assert np.mean(chosen) > np.mean(strong) + 0.02
