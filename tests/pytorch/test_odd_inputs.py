"""What PyTorch's parts do with arrays, layers and optimizers that nobody thought of when they were written."""

import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

from course_utils.datasets import noisy_quadrants  # noqa: E402
from course_utils.network import initialize_parameters  # noqa: E402
from course_utils.pytorch import compute_cost, from_torch, gradients, rows, to_torch  # noqa: E402
from course_utils.pytorch.regularization import clip_max_norm, l1_norm, weights  # noqa: E402
from course_utils.pytorch.training import train  # noqa: E402
from course_utils.pytorch.uncertainty import mc_dropout  # noqa: E402

DATA = noisy_quadrants(np.random.default_rng(0), 30, 10)
X, Y = DATA.x_train, DATA.y_train


def parameters(seed=0):
    return initialize_parameters([2, 5, 1], np.random.default_rng(seed))


# The same numbers, lying in memory in ways that PyTorch refuses or warns of.
LAYOUTS = {
    "backwards": lambda array: np.ascontiguousarray(array[::-1, ::-1])[::-1, ::-1],
    "transposed": lambda array: np.asfortranarray(array),
    "every other": lambda array: np.repeat(np.repeat(array, 2, 0), 2, 1)[::2, ::2],
    "big-endian": lambda array: array.astype(array.dtype.newbyteorder(">")),
    "read-only": lambda array: np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_arrive_however_they_lie_in_memory(layout, dtype):
    plain = {name: array.astype(dtype) for name, array in parameters().items()}
    odd = {name: LAYOUTS[layout](array) for name, array in plain.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network, examples = to_torch(odd), rows(LAYOUTS[layout](X.astype(dtype)))
    for name, array in from_torch(network).items():
        assert array.dtype == dtype
        assert np.array_equal(array, plain[name])
    assert np.array_equal(examples.numpy().T, X.astype(dtype))
    network.linear[0].weight.data.add_(1)
    examples.add_(1)
    assert np.array_equal(odd["W1"], plain["W1"])  # tensors are copies


def test_a_single_row_turned_round_arrives():
    x = np.arange(3.0).reshape(1, 3)[::-1]  # the stride of an axis of length 1 is negative
    assert np.array_equal(rows(x).numpy(), x.T)


def test_half_precision_comes_back_as_float32():
    found = from_torch(to_torch(parameters()).bfloat16())
    assert all(array.dtype == np.float32 for array in found.values())
    assert np.allclose(found["W1"], parameters()["W1"], rtol=0.01)


def test_gradients_of_a_frozen_layer_name_it():
    network = to_torch(parameters())
    network.linear[1].bias.requires_grad_(False)
    compute_cost(network(rows(X)), rows(Y), network).backward()
    with pytest.raises(ValueError, match="requires_grad is off for b2"):
        gradients(network)


def test_labels_may_be_true_and_false_but_not_minus_one():
    network = to_torch(parameters())
    z, y = network(rows(X)), rows(Y)
    assert compute_cost(z, y > 0.5, network).item() == compute_cost(z, y, network).item()
    with pytest.raises(ValueError, match="y must hold labels from 0 to 1, got values from -1 to 1"):
        compute_cost(z, 2 * y - 1, network)
    assert compute_cost(z, 2 * y - 1, network, cost="mean_squared_error").item() > 0
    with pytest.raises(TypeError, match=r"network must be a Network from to_torch\(parameters\), got Linear"):
        compute_cost(z, y, nn.Linear(2, 1).double())


DROPPING = [nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout]


@pytest.mark.parametrize("kind", DROPPING, ids=lambda kind: kind.__name__)
def test_every_layer_of_dropout_draws_and_is_put_back(kind):
    network = nn.Sequential(kind(0.5), nn.Flatten(), nn.BatchNorm1d(16 if kind is not nn.Dropout1d else 8))
    network.eval()
    shape = {nn.Dropout1d: (3, 2, 4), nn.Dropout3d: (3, 2, 2, 2, 2)}.get(kind, (3, 4, 2, 2))
    samples = mc_dropout(network, torch.ones(shape), 20, 0)
    assert samples.std(dim=0).max() > 0.1
    assert not any(part.training for part in network.modules())


def test_what_mc_dropout_cannot_sample_is_named():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.drop = nn.Dropout(0.5)

        def forward(self, x):
            return self.drop(x), x

    with pytest.raises(ValueError, match="network must return one tensor, got tuple"):
        mc_dropout(Two(), torch.ones(2, 3), 3, 0)
    with pytest.raises(ValueError, match=r"seed must be a whole number below 2\*\*63"):
        mc_dropout(nn.Sequential(nn.Dropout(0.5)), torch.ones(1, 3), 3, 2**64)


LAYERS = {
    "linear": lambda: nn.Linear(6, 3),
    "one axis": lambda: nn.Conv1d(2, 3, 5),
    "two axes": lambda: nn.Conv2d(2, 3, 3),
    "groups": lambda: nn.Conv2d(4, 6, 3, groups=2),
}


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_max_norm_holds_all_that_comes_into_a_unit(make):
    layer = make()
    before = layer.weight.detach().clone()
    limit = before.flatten(1).norm(dim=1).median().item()
    clip_max_norm(layer, limit)
    lengths = layer.weight.detach().flatten(1).norm(dim=1)
    assert lengths.max().item() <= limit * (1 + 1e-5)
    kept = before.flatten(1).norm(dim=1) <= limit
    assert torch.equal(layer.weight.detach()[kept], before[kept])
    directions = torch.nn.functional.cosine_similarity(layer.weight.detach().flatten(1), before.flatten(1))
    assert torch.allclose(directions, torch.ones(len(before)), atol=1e-5)


def test_a_model_without_weights_has_no_l1_norm():
    assert l1_norm(nn.ReLU()).item() == 0
    assert weights(nn.ReLU()) == []


def trained(network, optimizer):
    return train(X, Y, network, optimizer, rng=np.random.default_rng(0), steps=3)


def test_an_optimizer_that_leaves_the_network_alone_is_refused():
    network, older = to_torch(parameters()), to_torch(parameters())
    with pytest.raises(ValueError, match="optimizer must hold parameters of network, got one of another"):
        trained(network, torch.optim.SGD(older.parameters(), lr=0.1))
    with pytest.raises(ValueError, match="optimizer must take a step from one gradient, got LBFGS"):
        trained(network, torch.optim.LBFGS(network.parameters()))
    before = from_torch(network)
    some = trained(network, torch.optim.SGD([network.linear[0].weight], lr=0.1)).parameters  # a part is no mistake
    assert np.array_equal(some["W2"], before["W2"])
    assert not np.array_equal(some["W1"], before["W1"])


def test_training_needs_no_gradients_to_be_on():
    network, other = to_torch(parameters()), to_torch(parameters())
    with torch.no_grad():
        quiet = trained(network, torch.optim.SGD(network.parameters(), lr=0.1))
    usual = trained(other, torch.optim.SGD(other.parameters(), lr=0.1))
    assert np.array_equal(quiet.parameters["W1"], usual.parameters["W1"])
    assert not np.array_equal(quiet.parameters["W1"], parameters()["W1"])
