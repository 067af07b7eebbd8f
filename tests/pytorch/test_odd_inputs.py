"""What PyTorch's parts do with arrays, layers and optimizers that nobody thought of when they were written."""

import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

from course_utils.datasets import noisy_quadrants  # noqa: E402
from course_utils.network import compute_cost as compute_numpy_cost  # noqa: E402
from course_utils.network import forward, initialize_parameters  # noqa: E402
from course_utils.pytorch import compute_cost, from_torch, gradients, rows, to_torch  # noqa: E402
from course_utils.pytorch.conversion import columns  # noqa: E402
from course_utils.pytorch.evaluation import evaluate  # noqa: E402
from course_utils.pytorch.regularization import clip_max_norm, decay_groups, l1_norm, soft_threshold, weights  # noqa: E402
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


class Recurrent(nn.Module):
    """Drops between its two layers, and has no layer of dropout."""

    def __init__(self, dropout):
        super().__init__()
        self.lstm = nn.LSTM(4, 8, num_layers=2, dropout=dropout, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0]


class Attentive(nn.Module):
    """Drops weights of attention."""

    def __init__(self, dropout):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2, dropout=dropout, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


ITSELF = {
    "recurrent": Recurrent,
    "attention": Attentive,
    "transformer": lambda dropout: nn.TransformerEncoderLayer(4, 2, 8, dropout=dropout, batch_first=True),
}


@pytest.mark.parametrize("make", ITSELF.values(), ids=ITSELF)
def test_layers_that_drop_by_themselves_do_so_too(make):
    network = make(0.5).eval()
    samples = mc_dropout(network, torch.ones(3, 5, 4), 20, 0)
    assert samples.std(dim=0).max() > 0.01
    assert not any(part.training for part in network.modules())
    if make is not ITSELF["transformer"]:  # which has layers of dropout all the same
        with pytest.raises(ValueError, match=r"network must have a layer nn\.Dropout"):
            mc_dropout(make(0.0), torch.ones(3, 5, 4), 20, 0)


def test_what_mc_dropout_cannot_sample_is_named():
    for x in (np.ones((2, 3)), [[1.0]], torch.tensor(1.0), None):
        with pytest.raises((TypeError, ValueError), match=r"x must (be a tensor|have one example per row), got"):
            mc_dropout(nn.Sequential(nn.Dropout(0.5)), x, 3, 0)

    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.drop = nn.Dropout(0.5)

        def forward(self, x):
            return self.drop(x), x

    with pytest.raises(ValueError, match="network must return one tensor, a row for each of 6 examples, got tuple"):
        mc_dropout(Two(), torch.ones(2, 3), 3, 0)
    with pytest.raises(ValueError, match=r"seed must be a whole number below 2\*\*63"):
        mc_dropout(nn.Sequential(nn.Dropout(0.5)), torch.ones(1, 3), 3, 2**64)


LAYERS = {
    "linear": lambda: nn.Linear(6, 3),
    "one axis": lambda: nn.Conv1d(2, 3, 5),
    "two axes": lambda: nn.Conv2d(2, 3, 3),
    "groups": lambda: nn.Conv2d(4, 6, 3, groups=2),
    "three axes": lambda: nn.Conv3d(2, 3, 2),
    "transposed": lambda: nn.ConvTranspose2d(2, 3, 3),
    "transposed in groups": lambda: nn.ConvTranspose1d(4, 6, 3, groups=2),
    "embedding": lambda: nn.Embedding(7, 3),
    "bilinear": lambda: nn.Bilinear(2, 3, 4),
}


def by_unit(layer, weight):
    """Return what comes into each unit, a row each: what its output is made of, as its gradient tells."""
    if "Transpose" not in type(layer).__name__:
        return weight.flatten(1)
    count = weight.shape[1] * layer.groups
    rows = [weight[k * len(weight) // layer.groups :][: len(weight) // layer.groups] for k in range(layer.groups)]
    return torch.stack([rows[unit // weight.shape[1]][:, unit % weight.shape[1]].flatten() for unit in range(count)])


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_max_norm_holds_all_that_comes_into_a_unit(make):
    layer = make()
    before = by_unit(layer, layer.weight.detach().clone())
    limit = before.norm(dim=1).median().item()
    clip_max_norm(layer, limit)
    after = by_unit(layer, layer.weight.detach())
    assert after.norm(dim=1).max().item() <= limit * (1 + 1e-5)
    kept = before.norm(dim=1) <= limit
    assert 0 < kept.sum() < len(kept)
    assert torch.allclose(after[kept], before[kept], rtol=1e-6)
    assert torch.allclose(torch.nn.functional.cosine_similarity(after, before), torch.ones(len(before)), atol=1e-5)


def test_a_unit_of_a_transposed_convolution_is_an_output_channel():
    layer = nn.ConvTranspose1d(4, 6, 3, groups=2, bias=False)
    rows, x = by_unit(layer, layer.weight), torch.randn(1, 4, 5)
    for unit in range(6):
        (found,) = torch.autograd.grad(layer(x)[0, unit].sum(), layer.weight)
        assert torch.equal(by_unit(layer, found) != 0, (torch.arange(6) == unit)[:, None].expand_as(rows))


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


@pytest.mark.parametrize("m", [30, np.int16(300)])
@pytest.mark.parametrize("settings", [{"lambd": 2.0}, {"lambd1": 3.0}, {"lambd": 1.0, "lambd1": 0.5}])
def test_penalties_of_minibatches_add_up_to_those_of_all(settings, m):
    """As in NumPy: m is the number of training examples, of which a batch has a few."""
    network, batch = to_torch(parameters()), slice(0, 7)
    z, y = network(rows(X[:, batch])), rows(Y[:, batch])
    logits, _ = forward(X[:, batch], parameters())
    ours = compute_numpy_cost(logits, Y[:, batch], parameters(), m=m, **settings)
    assert compute_cost(z, y, network, m=m, **settings).item() == pytest.approx(ours, rel=1e-12)
    alone, few = (compute_cost(z, y, network, **s).item() for s in ({}, settings))
    assert compute_cost(z, y, network, m=m, **settings).item() - alone == pytest.approx((few - alone) * 7 / m)
    with pytest.raises((TypeError, ValueError), match="m must be a whole number >= 1, got"):
        compute_cost(z, y, network, m=0)


def test_tied_weights_are_layers_of_their_own():
    square = initialize_parameters([3, 3, 3, 3], np.random.default_rng(0))
    network = to_torch(square)
    network.linear[2].weight = network.linear[1].weight
    network.linear[2].bias = network.linear[1].bias
    assert np.array_equal(from_torch(network)["W3"], square["W2"])
    assert list(from_torch(network)) == list(square)


TAKE_A_MODULE = {
    "weights": weights, "l1": l1_norm, "groups": lambda network: decay_groups(network, 0.1),
    "max-norm": lambda network: clip_max_norm(network, 1.0), "threshold": lambda network: soft_threshold(network, 0.1),
    "evaluate": lambda network: evaluate(network, torch.ones(2, 2)), "gradients": gradients, "back": from_torch,
    "samples": lambda network: mc_dropout(network, torch.ones(2, 2), 3, 0),
    "cost": lambda network: compute_cost(torch.ones(2, 1), torch.ones(2, 1), network),
}  # fmt: skip


@pytest.mark.parametrize(
    "given", [None, 3, "network", [nn.Linear(2, 2)], torch.ones(2, 2), nn.Linear(2, 2).state_dict()]
)
@pytest.mark.parametrize("function", TAKE_A_MODULE.values(), ids=TAKE_A_MODULE)
def test_what_is_no_network_is_named(function, given):
    with pytest.raises(TypeError, match=r"^network must be an? (nn.Module|Network from .*), got .*"):
        function(given)


@pytest.mark.parametrize("given", [None, [[1.0]], np.ones((2, 1))])
def test_what_is_no_tensor_is_named(given):
    network, tensor = to_torch(parameters()), torch.ones(2, 1)
    for name, call in {
        "z": lambda: compute_cost(given, tensor, network), "y": lambda: compute_cost(tensor, given, network),
        "x": lambda: columns(given),
    }.items():  # fmt: skip
        with pytest.raises(TypeError, match=f"^{name} must be a tensor, got"):
            call()
    for z in (torch.ones(2, 1, dtype=int), torch.ones(0, 1)):
        with pytest.raises(ValueError, match="z must hold floats, a row for each example, got"):
            compute_cost(z, z, network)


class Searching(torch.optim.SGD):
    """A reader's own, which asks for the cost."""

    def step(self, closure):
        closure()


class Plain(torch.optim.SGD):
    """A reader's own, which takes steps as its parent does."""


def test_optimizers_of_one_s_own_groups_and_leftovers():
    usual = to_torch(parameters())
    expected = trained(usual, torch.optim.SGD(usual.parameters(), lr=0.1)).history["cost"]
    network = to_torch(parameters())
    assert np.array_equal(trained(network, Plain(network.parameters(), lr=0.1)).history["cost"], expected)
    network = to_torch(parameters())
    groups = [{"params": [W, b], "lr": 0.1} for W, b in network.layers()]
    assert np.array_equal(trained(network, torch.optim.SGD(groups, lr=9.0)).history["cost"], expected)
    with pytest.raises(ValueError, match="optimizer must take a step from one gradient, got Searching"):
        trained(network, Searching(network.parameters(), lr=0.1))
    stale = torch.optim.SGD(network.parameters(), lr=0.1)
    network.linear[0].weight = nn.Parameter(network.linear[0].weight.detach() + 1)
    with pytest.raises(ValueError, match="optimizer must hold parameters of network, got one of another"):
        trained(network, stale)
    network.requires_grad_(False)
    with pytest.raises(ValueError, match="network must learn some of its parameters, requires_grad is off for all"):
        trained(network, torch.optim.SGD(network.parameters(), lr=0.1))
