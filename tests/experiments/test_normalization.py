"""A unit behind a normalization: its size does not count, its gradient is right, and decay settles its steps."""

import numpy as np
import pytest

from course_utils.experiments.normalization import normalized, normalized_cost, normalized_gradient, turns
from course_utils.gradient_check import numeric_gradients, relative_errors

RNG = np.random.default_rng(0)
W, X, Y = RNG.standard_normal((1, 5)), RNG.standard_normal((5, 12)), RNG.standard_normal((1, 12))


def test_the_gradient_agrees_with_central_differences():
    numeric = numeric_gradients(lambda nudged: normalized_cost(nudged["W1"], X, Y), {"W1": W})
    assert relative_errors({"W1": normalized_gradient(W, X, Y)}, numeric)["W1"] < 1e-7


@pytest.mark.parametrize("scale", [0.01, 3.0, 1e4])
def test_size_changes_no_output_and_divides_the_gradient(scale):
    assert np.allclose(normalized(scale * W @ X), normalized(W @ X), rtol=0, atol=1e-12)
    assert np.allclose(scale * normalized_gradient(scale * W, X, Y), normalized_gradient(W, X, Y))
    assert np.sum(normalized_gradient(scale * W, X, Y) * W) == pytest.approx(0, abs=1e-12 / min(scale, 1))


@pytest.mark.parametrize(("rate", "lambd"), [(0.1, 0.02), (0.05, 0.04)])
def test_only_the_product_of_rate_and_decay_sets_the_angle(rate, lambd):
    sizes, angles = turns(1, lambd, learning_rate=rate, steps=1500)
    assert angles[-500:].mean() == pytest.approx(np.degrees(np.sqrt(2 * rate * lambd)), rel=0.05)
    assert np.ptp(sizes[-500:]) < 0.1 * sizes[-1]


def test_without_decay_it_grows_for_ever_and_turns_less_and_less():
    sizes, angles = turns(1, 0.0, steps=1500)
    assert np.all(np.diff(sizes) > 0)
    assert angles[-200:].mean() < 0.4 * angles[:200].mean()


@pytest.mark.parametrize("bad", [{"seed": -1, "lambd": 0.0}, {"lambd": -0.1, "seed": 0}])
def test_what_is_not_allowed_is_refused(bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))} must be"):
        turns(**bad)
