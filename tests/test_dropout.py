"""Dropout: its statistics, what it leaves alone, and the way back through it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_utils import dropout as d
from course_utils.arguments import fitting_masks

keep_probs = st.floats(0.05, 1)
values = arrays(np.float64, array_shapes(max_dims=3), elements=st.floats(-1e6, 1e6))
DRAWS = 4_000_000
SIX_SIGMA = 6  # a right implementation goes past it once in 500 million


@pytest.mark.parametrize("q", [0.1, 0.4, 0.5, 0.8, 0.99])
def test_mean_and_variance_are_those_of_inverted_dropout(q):
    """E[mask x / q] = x and Var = x² (1 - q) / q; the spread of both estimates follows from the four moments."""
    x = 3.0
    dropped, _ = d.dropout(np.full((DRAWS // 1000, 1000), x), q, np.random.default_rng(7))
    variance = x**2 * (1 - q) / q
    fourth = q * (x / q - x) ** 4 + (1 - q) * x**4
    assert abs(dropped.mean() - x) < SIX_SIGMA * math.sqrt(variance / DRAWS)
    spread = SIX_SIGMA * math.sqrt((fourth - variance**2) / DRAWS) + 1e-9  # at 0.5 every deviation is the same
    assert abs(((dropped - x) ** 2).mean() - variance) < spread


@given(values, keep_probs, st.integers(0, 2**32))
def test_kept_entries_are_scaled_and_dropped_ones_are_zero(x, q, seed):
    before = x.tobytes()
    dropped, mask = d.dropout(x, q, np.random.default_rng(seed))
    assert mask.dtype == bool
    assert mask.shape == dropped.shape == x.shape
    np.testing.assert_allclose(dropped[mask], x[mask] / q, rtol=1e-15)
    assert not dropped[~mask].any()
    assert x.tobytes() == before
    assert not np.shares_memory(dropped, x)


@pytest.mark.parametrize("x", [[1, 2, 3, 4], np.arange(1, 5), np.arange(1, 5, dtype=np.uint8), [True] * 4])
def test_whole_numbers_and_lists_are_welcome(x):
    dropped, mask = d.dropout(x, 0.5, np.random.default_rng(2))
    np.testing.assert_array_equal(dropped, np.asarray(x) * mask * 2.0)
    assert 0 < mask.sum() < 4


def test_float32_stays_float32_whatever_number_keep_prob_is():
    x = np.ones((2, 3), np.float32)
    for q in (0.5, np.float64(0.5), np.float32(0.5)):
        dropped, mask = d.dropout(x, q, np.random.default_rng(0))
        assert dropped.dtype == np.float32
        assert d.dropout_backward(dropped, mask, q).dtype == np.float32


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_a_mask_is_the_line_that_the_chapters_teach(bits):
    for q in (1e-9, 0.3, 1.0):
        mask = d.draw_mask((100, 4), q, np.random.Generator(bits(0)))
        np.testing.assert_array_equal(mask, np.random.Generator(bits(0)).random((100, 4)) < q)


def test_only_the_given_rng_is_used():
    np.random.seed(3)  # noqa: NPY002 - it is the global state that must not move
    state = np.random.get_state()[1].tobytes()  # noqa: NPY002 - the same
    rng, twin = np.random.default_rng(5), np.random.default_rng(5)
    first, second = d.draw_mask((4, 5), 0.5, rng), d.draw_mask((4, 5), 0.5, rng)
    assert np.random.get_state()[1].tobytes() == state  # noqa: NPY002 - the same
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(d.draw_mask((4, 5), 0.5, twin), first)


@given(values, keep_probs, st.integers(0, 2**32))
def test_going_back_is_the_adjoint_of_going_forward(a, q, seed):
    """⟨dropout(a), g⟩ = ⟨a, backward(g)⟩ for every a and g is what a right backward pass means."""
    rng = np.random.default_rng(seed)
    dropped, mask = d.dropout(a, q, rng)
    g = rng.standard_normal(a.shape)
    forward, back = np.vdot(dropped, g), np.vdot(a, d.dropout_backward(g, mask, q))
    assert forward == pytest.approx(back, rel=1e-12, abs=1e-12 * (1 + np.abs(dropped * g).sum()))


def test_a_mask_shared_by_all_examples_broadcasts_and_none_keeps_everything():
    a = np.arange(6.0).reshape(2, 3)
    expected = [[0, 2, 4], [0, 0, 0]]
    for mask in (np.array([[True], [False]]), [[1], [0]]):
        assert d.apply_mask(a, mask, 0.5).tolist() == expected
        assert d.dropout_backward(a, mask, 0.5).tolist() == expected
    assert d.apply_mask(a, None, 0.5) is a


@given(st.integers(1, 4), keep_probs)
def test_one_keep_prob_is_for_hidden_layers_and_leaves_the_input_whole(depth, q):
    assert d.layer_keep_probs(q, depth) == [1.0] + [q] * (depth - 1)


@given(st.lists(keep_probs, min_size=1, max_size=4))
def test_a_list_of_keep_probs_is_for_input_and_hidden_layers(qs):
    for given_as in (qs, tuple(qs), np.array(qs)):
        assert d.layer_keep_probs(given_as, len(qs)) == qs


def test_masks_of_a_pass_are_drawn_layer_by_layer_from_one_rng():
    rng, twin = np.random.default_rng(1), np.random.default_rng(1)
    first, none, last = d.draw_masks([3, 5, 4, 2], 7, [0.8, 1, 0.5], rng)
    np.testing.assert_array_equal(first, d.draw_mask((3, 7), 0.8, twin))
    assert none is None
    np.testing.assert_array_equal(last, d.draw_mask((4, 7), 0.5, twin))
    assert d.draw_masks([3, 5, 2], 7, 1, None) == [None, None]


def test_given_masks_are_checked_and_become_bool():
    masks = fitting_masks([None, np.ones((5, 7), int)], [3, 5, 2], 7)
    assert masks[0] is None
    assert masks[1].dtype == bool


@given(st.floats(0, 1, exclude_max=True))
def test_p_and_keep_prob_convert_to_and_fro(p):
    assert d.p_from_keep_prob(d.keep_prob_from_p(p)) == pytest.approx(p, abs=1e-15)
    assert d.keep_prob_from_p(p) == 1 - p
