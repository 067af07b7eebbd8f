"""Experiments of the PyTorch chapter: the courses' own runs in PyTorch, fair pairs, and what is measured of them."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the PyTorch chapter and its tests need torch; all else does without")

from course_utils.datasets import digits  # noqa: E402
from course_utils.experiments import quadrants as numpy_quadrants  # noqa: E402
from course_utils.experiments.catalogue import STRENGTHS, STUDIES  # noqa: E402
from course_utils.experiments.studies import read_study  # noqa: E402
from course_utils.gradient_check import relative_errors  # noqa: E402
from course_utils.pytorch import band, rows  # noqa: E402
from course_utils.pytorch.band import band_measure, fitted_curve, kept_band, sine_band  # noqa: E402
from course_utils.pytorch.digits import SET_ASIDE, digit_accuracy, digit_network, forgotten_loss  # noqa: E402
from course_utils.pytorch.quadrants import quadrant_run  # noqa: E402
from course_utils.pytorch.randomness import seeded  # noqa: E402

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
    for other in (again, sine_band(0.1, 5, steps=20)):
        np.testing.assert_array_equal(other.samples, first.samples)
        np.testing.assert_array_equal(other.curves, first.curves)


def test_all_points_of_a_thinned_network_share_one_mask():
    network = fitted_curve(0.5, "none", 0, 2, "float64")
    curves = band.thinned_curves(network, torch.full((7, 1), 0.3, dtype=torch.float64), 4, seed=0)
    assert torch.equal(curves, curves[:, :1].expand(4, 7))
    assert len(curves[:, 0].unique()) == 4
    assert network.training


@pytest.mark.parametrize(("gap", "missing"), [("middle", range(30, 70)), ("peak", range(10, 40)), ("none", [])])
def test_gaps(gap, missing):
    assert np.flatnonzero(~sine_band(0.1, 2, gap, steps=2).seen).tolist() == list(missing)


def test_a_measure_of_a_band_is_the_mean_over_its_region(monkeypatch):
    kept_band.cache_clear()
    monkeypatch.setattr(band, "sine_band", lambda p, samples, gap, seed: sine_band(p, samples, gap, seed=seed, steps=5))
    found = sine_band(0.1, 200, "peak", seed=3, steps=5)
    for region, inside in (("top", range(20, 30)), ("peak", range(10, 40)), ("all", range(100))):
        error = [abs(np.mean(found.samples[:, i]) - found.y[i]) for i in inside]
        deviation = [np.std(found.samples[:, i], ddof=1) for i in inside]
        hit = [e <= 2 * d for e, d in zip(error, deviation, strict=True)]
        for measure, values in (("error", error), ("deviation", deviation), ("coverage", hit)):
            assert band_measure(3, 0.1, "peak", region, measure) == pytest.approx(np.mean(values)), (region, measure)
    assert kept_band.cache_info().misses == 1
    kept_band.cache_clear()


def test_measures_of_bands_name_what_is_unknown():
    for region, measure in (("nowhere", "error"), ("top", "luck")):
        with pytest.raises(ValueError, match=f"got .({region}|{measure})."):
            band_measure(0, 0.1, "none", region, measure)


def test_a_forgotten_eval_costs_what_the_passes_lose():
    shared = {"passes": 5, "p_input": 0.2, "p_hidden": 0.5, **SMALL}
    mean, best = (forgotten_loss(1, which, **shared) for which in ("mean", "best"))
    assert best < mean < 1
    assert forgotten_loss(1, "best", **shared) == best
    assert forgotten_loss(1, "mean", **shared | {"p_input": 1e-9, "p_hidden": 1e-9}) == 0
    network, data = digit_network(1, p_input=0.2, p_hidden=0.5, **SMALL)
    with seeded(1), torch.no_grad():
        passes = network.train()(rows(data.x_test).repeat(5, 1)).reshape(5, 1097, 10)
    whole = digit_accuracy(1, p_input=0.2, p_hidden=0.5, **SMALL)
    right = [np.mean(z.argmax(dim=1).numpy() == data.y_test.argmax(axis=0)) for z in passes]
    assert (mean, best) == pytest.approx((whole - np.mean(right), whole - max(right)))


@pytest.mark.parametrize("name", STRENGTHS)
def test_the_chapters_strengths_are_the_best_where_they_were_chosen(name):
    """By the mean of eight seeds on the digits set aside."""
    means = {value: read_study("digit_strengths").values[f"{name} {value:g}"].mean() for value in STRENGTHS[name]}
    assert STRENGTHS[name][max(means, key=means.get)] == STUDIES["digit_regularizers"].settings[name]


def test_too_strong_a_penalty_is_seen_where_strengths_are_chosen():
    strong, chosen = (
        [digit_accuracy(seed, choosing=True, weight_decay=decay, steps=100, hidden=64) for seed in range(4)]
        for decay in (0.1, STUDIES["digit_regularizers"].settings["L2"]["weight_decay"])
    )
    assert np.mean(chosen) > np.mean(strong) + 0.02
