"""The fast loop against the plain one: the same parameters, history and rng afterwards, for every combination."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.activations import ACTIVATIONS
from course_utils.costs import COSTS
from course_utils.flat_training import IN_PLACE, in_place, train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import Adam, AdamW, GradientDescent, Momentum
from course_utils.training import HISTORY, train

STEPS = 25  # few, so that rounding has no time to grow
TOLERANCE = 1e-9
OPTIMIZERS = [GradientDescent(0.1), Momentum(0.05, 0.8), Adam(0.02), AdamW(0.02, weight_decay=0.3)]
KEEP_PROBS = [1.0, 0.6, [0.8, 1.0, 0.7], [1.0, 0.5, 1.0], [0.9, 0.6, 0.5]]
PENALTIES = [
    {},
    {"lambd": 0.7},
    {"lambd1": 0.4},
    {"lambd1": 0.4, "proximal": True},
    {"lambd": 0.7, "lambd1": 0.4},
    {"lambd": 0.7, "lambd1": 0.4, "proximal": True},
]
X, LABELS = np.random.default_rng(5).standard_normal((3, 11)), np.random.default_rng(6).integers(3, size=11)


def compare(optimizer, activation, cost, keep_prob, penalties, max_norm, batch_size, seed=0, dtype=np.float64):
    """Run both loops from one state and hold their results against each other."""
    y = np.eye(3)[:, LABELS]
    parameters = initialize_parameters([3, 5, 4, 3], np.random.default_rng([1, seed]), "xavier", dtype)
    plain_rng, flat_rng = np.random.default_rng(seed), np.random.default_rng(seed)
    arguments = {
        "steps": STEPS,
        "optimizer": optimizer,
        "activation": activation,
        "cost": cost,
        "keep_prob": keep_prob,
        "max_norm": max_norm,
        "batch_size": batch_size,
        "test": (X, y),
        "record_every": 4,
        **penalties,
    }
    plain = train(X, y, parameters, rng=plain_rng, **arguments)
    flat = train_flat(X, y, parameters, rng=flat_rng, **arguments)
    assert list(flat.parameters) == list(plain.parameters)
    for name, value in plain.parameters.items():
        assert flat.parameters[name].dtype == value.dtype == dtype
        assert flat.parameters[name].shape == value.shape
        if dtype == np.float64:
            assert np.linalg.norm(flat.parameters[name] - value) <= TOLERANCE * (1 + np.linalg.norm(value)), name
    assert list(flat.history) == list(plain.history) == list(HISTORY)
    for name in HISTORY if dtype == np.float64 else ["step"]:
        np.testing.assert_allclose(flat.history[name], plain.history[name], rtol=TOLERANCE, atol=TOLERANCE)
    assert flat_rng.bit_generator.state == plain_rng.bit_generator.state


@pytest.mark.parametrize(
    ("optimizer", "activation", "cost"),
    list(itertools.product(OPTIMIZERS, ACTIVATIONS, COSTS)),
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_every_optimizer_activation_and_cost(optimizer, activation, cost):
    compare(optimizer, activation, cost, [0.9, 0.6, 0.5], {"lambd": 0.7}, None, 4)


@settings(max_examples=250)
@given(
    st.sampled_from(OPTIMIZERS),
    st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=2, max_size=2),
    st.sampled_from(sorted(COSTS)),
    st.sampled_from(KEEP_PROBS),
    st.sampled_from(PENALTIES),
    st.sampled_from([None, 0.8]),
    st.sampled_from([None, 11, 4, 1]),
    st.integers(0, 100),
)
def test_any_combination(optimizer, activation, cost, keep_prob, penalties, max_norm, batch_size, seed):
    compare(optimizer, activation, cost, keep_prob, penalties, max_norm, batch_size, seed)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: type(optimizer).__name__)
@pytest.mark.parametrize("penalties", PENALTIES, ids=str)
def test_float32_stays_float32(optimizer, penalties):
    numpy_numbers = {name: value if name == "proximal" else np.float64(value) for name, value in penalties.items()}
    compare(optimizer, "relu", "softmax_cross_entropy", 0.6, numpy_numbers, np.float64(0.8), 4, dtype=np.float32)


def test_float32_follows_float64_as_far_as_its_digits_reach():
    y = np.eye(3)[:, LABELS]
    runs = []
    for dtype in (np.float32, np.float64):
        parameters = initialize_parameters([3, 5, 4, 3], np.random.default_rng(0), dtype=dtype)
        runs.append(train_flat(X, y, parameters, rng=np.random.default_rng(1), steps=STEPS, keep_prob=0.7, lambd=0.1))
    for name, value in runs[1].parameters.items():
        np.testing.assert_allclose(runs[0].parameters[name], value, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 2, 5, 8])
def test_masks_drawn_ahead_are_those_of_the_plain_loop(steps):
    """A batch so large that the masks of two steps are drawn at once, then those of two more."""
    rng = np.random.default_rng(0)
    x, y, parameters = rng.standard_normal((3, 401)), np.ones((1, 401)), initialize_parameters([3, 60, 5, 1], rng)
    rngs = np.random.default_rng(1), np.random.default_rng(1)
    plain, flat = (
        trainer(x, y, parameters, rng=own, steps=steps, keep_prob=[0.9, 0.5, 0.7])
        for trainer, own in zip((train, train_flat), rngs, strict=True)
    )
    assert 1 < 64_000 // (401 * (3 + 60 + 5)) < 5
    np.testing.assert_allclose(flat.parameters["W1"], plain.parameters["W1"], rtol=1e-9, atol=1e-12)
    assert rngs[0].bit_generator.state == rngs[1].bit_generator.state


@pytest.mark.parametrize("bits", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_other_generators_draw_the_same_masks_too(bits):
    x, y, parameters = X, np.ones((1, 11)), initialize_parameters([3, 5, 1], np.random.default_rng(0))
    rngs = np.random.Generator(bits(1)), np.random.Generator(bits(1))
    plain, flat = (
        trainer(x, y, parameters, rng=own, steps=9, keep_prob=[0.9, 0.5], batch_size=4)
        for trainer, own in zip((train, train_flat), rngs, strict=True)
    )
    np.testing.assert_allclose(flat.parameters["W1"], plain.parameters["W1"], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(rngs[0].random(5), rngs[1].random(5))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_in_place_are_the_plain_ones(name):
    """Those that are written for speed, and the general form, which any activation has."""
    for form in filter(None, [IN_PLACE.get(name), in_place(ACTIVATIONS[name])]):
        compare_in_place(form, ACTIVATIONS[name])


def compare_in_place(form, plain):
    rng = np.random.default_rng(0)
    z, da, a = (rng.standard_normal((4, 6)) * 3 for _ in range(3))
    z[0] *= 300
    dz = da.copy()
    form.function(z, a)
    np.testing.assert_allclose(a, plain.function(z), rtol=1e-12, atol=1e-15)
    form.backward(dz, a, z)
    np.testing.assert_allclose(dz, plain.backward(da, z), rtol=1e-11, atol=1e-14)


def test_a_network_without_hidden_layers():
    x, y = X, (X[:1] > 0).astype(float)
    parameters = initialize_parameters([3, 1], np.random.default_rng(0))
    plain, flat = (
        trainer(x, y, parameters, rng=np.random.default_rng(1), steps=STEPS, keep_prob=[0.7])
        for trainer in (train, train_flat)
    )
    np.testing.assert_allclose(flat.parameters["W1"], plain.parameters["W1"], rtol=1e-12)
