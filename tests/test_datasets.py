"""The data: shapes, labels, shares, and the sources they are copied from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_digits

from course_utils import datasets


def same_sign(x):
    """Return the class of each point from the sign of the product of its coordinates."""
    return (np.prod(x, axis=0) > 0).astype(float)[np.newaxis]


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 2**32))
def test_quadrants_flip_exactly_their_share_of_labels(m, flipped, seed):
    x, y = datasets.quadrants(m, np.random.default_rng(seed), flipped)
    assert x.shape == (2, m)
    assert y.shape == (1, m)
    assert set(np.unique(y)) <= {0.0, 1.0}
    assert int((y != same_sign(x)).sum()) == round(flipped * m)


def test_quadrants_are_normal_with_both_classes_alike_and_flipped_labels_scattered():
    """Six sigma of 100 000 points."""
    x, y = datasets.quadrants(100_000, np.random.default_rng(0))
    assert np.abs(x.mean(axis=1)).max() < 6 / np.sqrt(100_000)
    assert np.abs(x.std(axis=1) - 1).max() < 6 / np.sqrt(200_000)
    assert abs(y.mean() - 0.5) < 6 * 0.5 / np.sqrt(100_000)
    flipped = np.flatnonzero(datasets.quadrants(100_000, np.random.default_rng(0), 0.15)[1] != y)
    assert abs(flipped.mean() - 49_999.5) < 6 * 28_868 / np.sqrt(15_000)


def test_noisy_quadrants_are_noisy_in_training_only():
    data = datasets.noisy_quadrants(np.random.default_rng(0), m_train=200, m_test=500, flipped=0.1)
    assert int((data.y_train != same_sign(data.x_train)).sum()) == 20
    np.testing.assert_array_equal(data.y_test, same_sign(data.x_test))
    assert data.x_train.shape == (2, 200)
    assert data.x_test.shape == (2, 500)
    assert not set(data.x_train[0]) & set(data.x_test[0])


def test_seed_points_are_those_of_the_first_seed():
    """Its own rule: y = (1 + sign(x₀) sign(x₁)) / 2 with sign ±1, after randn(2, 200) from seed 1."""
    x, y, legacy = datasets.seed_quadrants()
    again = np.random.RandomState(1)
    np.testing.assert_array_equal(x, again.randn(2, 200))
    np.testing.assert_array_equal(y[0], (1 + (2 * (x[0] > 0) - 1) * (2 * (x[1] > 0) - 1)) / 2)
    assert y.shape == (1, 200)
    assert x[0, :3].round(8).tolist() == [1.62434536, -0.61175641, -0.52817175]
    np.testing.assert_array_equal(legacy.rand(30, 2), again.rand(30, 2))


def test_sine_is_one_period():
    x, y = datasets.sine()
    assert x.shape == y.shape == (1, 100)
    assert x[0, 0] == 0
    np.testing.assert_allclose(np.diff(x), 0.01, rtol=1e-12)
    assert y[0, 25] == pytest.approx(20)
    assert y[0, 75] == pytest.approx(-20)
    assert np.abs(y[0, :50] + y[0, 50:]).max() < 1e-12


def test_digits_are_scikit_learns():
    x, y = datasets.digits()
    source = load_digits()
    np.testing.assert_array_equal(x * 16, source.data.T)
    np.testing.assert_array_equal(y.argmax(axis=0), source.target)
    np.testing.assert_array_equal(x[:, 5].reshape(8, 8) * 16, source.images[5])
    np.testing.assert_array_equal(y.sum(axis=0), 1)
    assert set(np.unique(y)) == {0.0, 1.0}


@settings(max_examples=15)
@given(st.integers(1, 1796), st.integers(0, 100))
def test_a_split_is_disjoint_and_complete(m_train, seed):
    data = datasets.digits_split(m_train, np.random.default_rng(seed))
    x, y = datasets.digits()
    assert (data.x_train.shape, data.x_test.shape) == ((64, m_train), (64, 1797 - m_train))

    def examples(*parts):
        return sorted(row.tobytes() for pair in parts for row in np.ascontiguousarray(np.vstack(pair).T))

    assert examples((data.x_train, data.y_train), (data.x_test, data.y_test)) == examples((x, y))


def test_tumours_are_scikit_learns_first_eight_columns():
    x, y = datasets.tumours()
    source = load_breast_cancer()
    np.testing.assert_array_equal(x, source.data[:, :8].T)
    np.testing.assert_array_equal(y[0] == 1, source.target_names[source.target] == "malignant")
    named = datasets.tumours.__doc__.replace("\n", " ")
    assert all(str(name).removeprefix("mean ") in named for name in source.feature_names[:8])


def test_a_measurement_that_all_training_tumours_share_is_only_moved():
    data, x = datasets.tumours_split(2, np.random.default_rng(50)), datasets.tumours()[0]
    order = np.random.default_rng(50).permutation(569)
    shared = np.ptp(x[:, order[:2]], axis=1) == 0
    assert 0 < shared.sum() < 8
    assert not data.x_train[shared].any()
    np.testing.assert_allclose(data.x_test[shared], (x[:, order[2:]] - x[:, order[:1]])[shared], rtol=1e-14)
    np.testing.assert_allclose(data.x_train[~shared].std(axis=1), 1, rtol=1e-10)


@settings(max_examples=15)
@given(st.integers(3, 568), st.integers(0, 100))  # two may be equal in a measurement, see above
def test_tumours_are_scaled_by_the_training_tumours_alone(m_train, seed):
    data = datasets.tumours_split(m_train, np.random.default_rng(seed))
    x, y = datasets.tumours()
    np.testing.assert_allclose(data.x_train.mean(axis=1), 0, atol=1e-10)
    np.testing.assert_allclose(data.x_train.std(axis=1), 1, rtol=1e-10)
    # With the scaling undone, every tumour is there with its class.
    both, classes = np.hstack([data.x_train, data.x_test]), np.hstack([data.y_train, data.y_test])
    order = np.random.default_rng(seed).permutation(569)
    chosen = x[:, order[:m_train]]
    again = both * chosen.std(axis=1, keepdims=True) + chosen.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(again, x[:, order], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(classes, y[:, order])


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: datasets.noisy_quadrants(rng),
        lambda rng: datasets.digits_split(100, rng),
        lambda rng: datasets.tumours_split(100, rng),
    ],
)
def test_the_same_rng_draws_the_same_data_and_another_other_data(draw):
    first, same, other = (draw(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.x_train, same.x_train)
    np.testing.assert_array_equal(first.y_train, same.y_train)
    assert not np.array_equal(first.x_train, other.x_train)


def test_the_global_generator_is_not_touched():
    np.random.seed(3)  # noqa: NPY002 - it is the global state that must not move
    state = np.random.get_state()[1].tobytes()  # noqa: NPY002 - the same
    rng = np.random.default_rng(0)
    datasets.noisy_quadrants(rng)
    datasets.seed_quadrants()
    datasets.digits_split(10, rng)
    datasets.tumours_split(10, rng)
    datasets.sine()
    assert np.random.get_state()[1].tobytes() == state  # noqa: NPY002 - the same
