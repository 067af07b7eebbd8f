"""The steps of one pass: the numbers are dropout's, forward and back, and a mask changes nothing that is given."""

import numpy as np
import pytest

from course_utils.dropout import apply_mask, dropout_backward
from course_utils.experiments.passes import dropout_pass


@pytest.mark.parametrize("keep_prob", [0.1, 0.5, 1.0])
def test_the_numbers_are_those_of_dropout(keep_prob):
    found = dropout_pass(keep_prob, masks=2)
    assert np.array_equal(found.mask, found.uniforms < keep_prob)
    assert np.array_equal(found.a_kept, found.a * found.mask)
    assert np.array_equal(found.a_dropped, apply_mask(found.a, found.mask, keep_prob))
    assert np.array_equal(found.da_kept, found.da_dropped * found.mask)
    assert np.array_equal(found.da, dropout_backward(found.da_dropped, found.mask, keep_prob))


def test_what_is_given_has_one_decimal_and_no_zeros():
    for seed in range(20):
        found = dropout_pass(seed=seed)
        for given in (found.a, found.da_dropped):
            assert given.shape == (4, 3)
            assert np.array_equal(given, given.round(1))
            assert np.all((np.abs(given) > 0.05) & (np.abs(given) < 0.95))


def test_numbers_depend_on_the_settings_alone_and_other_masks_leave_what_is_given():
    one, again, other, seeded = (dropout_pass(masks=m, seed=s) for m, s in ((1, 0), (1, 0), (2, 0), (1, 1)))
    assert np.array_equal(one.uniforms, again.uniforms)
    assert np.array_equal(one.a, other.a)
    assert np.array_equal(one.da_dropped, other.da_dropped)
    assert not np.array_equal(one.uniforms, other.uniforms)
    assert not np.array_equal(one.a, seeded.a)


@pytest.mark.parametrize("bad", [{"keep_prob": 0}, {"step": 0}, {"step": 7}, {"masks": -1}, {"seed": 0.5}])
def test_what_is_not_allowed_is_refused(bad):
    with pytest.raises((ValueError, TypeError), match=f"{next(iter(bad))} must be"):
        dropout_pass(**bad)
