"""One head of attention: gradients against central differences, the task it learns, and dropout after the softmax."""

import numpy as np
import pytest

from course_utils.costs import softmax_cross_entropy, softmax_cross_entropy_gradient
from course_utils.experiments.attention import attend, attend_backward, first_weights, lookup_accuracy, lookups
from course_utils.experiments.family import keep_factors
from course_utils.gradient_check import numeric_gradients, relative_errors


@pytest.mark.parametrize("keep_prob", [1.0, 0.8, 0.4])
def test_gradients_agree_with_central_differences(keep_prob):
    rng = np.random.default_rng(1)
    (x, y), parameters, factors = lookups(4, rng), first_weights(rng), keep_factors((7, 7, 4), keep_prob, rng)
    z, cache = attend(x, parameters, factors)
    gradients = attend_backward(softmax_cross_entropy_gradient(z, y), parameters, cache, factors)
    numeric = numeric_gradients(lambda nudged: softmax_cross_entropy(attend(x, nudged, factors)[0], y), parameters)
    assert max(relative_errors(gradients, numeric).values()) < 1e-7


def test_a_query_spreads_a_sum_of_one_which_dropout_keeps_on_average():
    rng = np.random.default_rng(2)
    (x, _), parameters = lookups(2, rng), first_weights(rng)
    attention = attend(x, parameters)[1][4]
    assert np.allclose(attention.sum(axis=0), 1)
    sums = [attend(x, parameters, keep_factors((7, 7, 2), 0.5, rng))[1][5].sum(axis=0) for _ in range(4000)]
    assert np.allclose(np.mean(sums, axis=0), 1, atol=0.05)
    assert np.std(sums) > 0.1


def test_sequences_ask_for_one_of_their_keys():
    x, y = lookups(300, np.random.default_rng(3))
    assert (x.shape, y.shape) == ((12, 7, 300), (6, 300))
    assert np.array_equal(x[:6, :6].sum(axis=1), np.ones((6, 300)))  # each key once
    assert not x[6:, 6].any()
    asked = x[:6, 6].argmax(axis=0)
    places = x[:6, :6].argmax(axis=0)  # (6, m): the key of each token
    answers = np.array([x[6:, np.flatnonzero(places[:, i] == asked[i])[0], i] for i in range(300)]).T
    assert np.array_equal(answers, y)


def test_it_learns_the_task_from_enough_sequences():
    assert lookup_accuracy(0, m=200, steps=200) > 0.95


@pytest.mark.parametrize(
    "bad", [{"seed": -1}, {"seed": 0, "keep_prob": 0}, {"seed": 0, "m": 0}, {"seed": 0, "steps": 0}]
)
def test_what_is_not_allowed_is_refused(bad):
    with pytest.raises((ValueError, TypeError), match=f"{list(bad)[-1]} must be"):
        lookup_accuracy(**bad)
