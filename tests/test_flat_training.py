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
X, Y = np.random.default_rng(5).standard_normal((3, 11)), np.eye(3)[:, np.random.default_rng(6).integers(3, size=11)]
OF_OPTIMIZERS = pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: type(optimizer).__name__)


def compare(x=X, y=Y, hidden=(5, 4), seed=0, bits=np.random.PCG64, dtype=np.float64, steps=STEPS, **arguments):
    """Run both loops from one state and hold their results against each other; return those of the flat one."""
    sizes = [len(x), *hidden, len(y)]
    parameters = initialize_parameters(sizes, np.random.default_rng([1, seed]), "xavier", dtype)
    rngs = [np.random.Generator(bits(seed)) for _ in range(2)]
    arguments = {"steps": steps, "test": (x, y), "record_every": 4, **arguments}
    plain, flat = (
        trainer(x, y, parameters, rng=rng, **arguments) for trainer, rng in zip((train, train_flat), rngs, strict=True)
    )
    assert list(flat.parameters) == list(plain.parameters)
    for name, value in plain.parameters.items():
        assert flat.parameters[name].dtype == value.dtype == dtype
        assert flat.parameters[name].shape == value.shape
        if dtype == np.float64:
            assert np.linalg.norm(flat.parameters[name] - value) <= TOLERANCE * (1 + np.linalg.norm(value)), name
    assert list(flat.history) == list(plain.history) == list(HISTORY)
    for name in HISTORY if dtype == np.float64 else ["step"]:
        np.testing.assert_allclose(flat.history[name], plain.history[name], rtol=TOLERANCE, atol=TOLERANCE)
    np.testing.assert_array_equal(rngs[0].random(5), rngs[1].random(5))
    return flat.parameters


@pytest.mark.parametrize(("activation", "cost"), list(itertools.product(ACTIVATIONS, COSTS)))
@OF_OPTIMIZERS
def test_every_optimizer_activation_and_cost(optimizer, activation, cost):
    arguments = {"keep_prob": [0.9, 0.6, 0.5], "lambd": 0.7, "batch_size": 4}
    compare(optimizer=optimizer, activation=activation, cost=cost, **arguments)


@settings(max_examples=250)
@given(
    st.sampled_from(PENALTIES),
    st.fixed_dictionaries(
        {
            "optimizer": st.sampled_from(OPTIMIZERS),
            "activation": st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=2, max_size=2),
            "cost": st.sampled_from(sorted(COSTS)),
            "keep_prob": st.sampled_from(KEEP_PROBS),
            "max_norm": st.sampled_from([None, 0.8]),
            "batch_size": st.sampled_from([None, 11, 4, 1]),
            "seed": st.integers(0, 100),
        }
    ),
)
def test_any_combination(penalties, arguments):
    compare(**penalties, **arguments)


@OF_OPTIMIZERS
@pytest.mark.parametrize("penalties", PENALTIES, ids=str)
def test_float32_stays_float32(optimizer, penalties):
    numpy_numbers = {name: value if name == "proximal" else np.float64(value) for name, value in penalties.items()}
    arguments = {"optimizer": optimizer, "keep_prob": 0.6, "max_norm": np.float64(0.8), "batch_size": 4}
    compare(dtype=np.float32, cost="softmax_cross_entropy", **arguments, **numpy_numbers)


def test_float32_follows_float64_as_far_as_its_digits_reach():
    single, double = (compare(dtype=dtype, keep_prob=0.7, lambd=0.1) for dtype in (np.float32, np.float64))
    for name, value in double.items():
        np.testing.assert_allclose(single[name], value, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 2, 5, 8])
def test_masks_drawn_ahead_are_those_of_the_plain_loop(steps):
    """A batch so large that the masks of two steps are drawn at once, then those of two more."""
    assert 1 < 64_000 // (401 * (3 + 60 + 5)) < 5
    x = np.random.default_rng(0).standard_normal((3, 401))
    compare(x, np.ones((1, 401)), (60, 5), steps=steps, keep_prob=[0.9, 0.5, 0.7])


@pytest.mark.parametrize("bits", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_other_generators_draw_the_same_masks_too(bits):
    compare(bits=bits, keep_prob=[0.9, 0.5, 0.6], batch_size=4)


def test_a_network_without_hidden_layers():
    compare(X, Y[:1], (), keep_prob=[0.7])


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
