"""PyTorch's side of training: the same run as NumPy's, any device, groups, L1, max-norm, modes and generators."""

from contextlib import suppress

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the PyTorch chapter and its tests need torch; all else does without")
from torch import nn  # noqa: E402

from course_utils import training  # noqa: E402
from course_utils.gradient_check import relative_errors  # noqa: E402
from course_utils.network import initialize_parameters  # noqa: E402
from course_utils.optimizers import Adam, AdamW, GradientDescent, Momentum  # noqa: E402
from course_utils.penalties import max_norm, soft_threshold  # noqa: E402
from course_utils.pytorch import compute_cost, from_torch, regularization, rows, to_torch  # noqa: E402
from course_utils.pytorch.devices import best_device  # noqa: E402
from course_utils.pytorch.evaluation import evaluate, modes_kept  # noqa: E402
from course_utils.pytorch.training import train  # noqa: E402
from course_utils.pytorch.uncertainty import mc_dropout  # noqa: E402

SIZES, M = [3, 6, 4, 2], 20


@pytest.fixture
def problem():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((3, M)), np.eye(2)[:, rng.integers(2, size=M)]
    return x, y, initialize_parameters(SIZES, rng)


def run(problem, network, optimizer, seed=0, steps=20, **settings):
    """Train a network on the examples of the problem."""
    return train(*problem[:2], network, optimizer, rng=np.random.default_rng(seed), steps=steps, **settings)


OPTIMIZERS = {
    "gradient descent": (GradientDescent(0.1), lambda groups: torch.optim.SGD(groups, lr=0.1)),
    "momentum": (Momentum(0.05, 0.8), lambda groups: torch.optim.SGD(groups, lr=0.05, momentum=0.8)),
    "Adam": (Adam(0.01), lambda groups: torch.optim.Adam(groups, lr=0.01)),
    "Adam with other settings": (
        Adam(0.05, 0.8, 0.95, 1e-4),
        lambda groups: torch.optim.Adam(groups, lr=0.05, betas=(0.8, 0.95), eps=1e-4),
    ),
}


def is_the_courses_own(problem, ours, theirs, decay=0.0, cost="binary_cross_entropy", **settings):
    """Train in both ways and compare parameters and histories; decay is that of PyTorch's optimizer."""
    x, y, parameters = problem
    shared = {"steps": 30, "cost": cost, "test": (x[:, :5] + 0.1, y[:, :5]), "record_every": 10}
    rng = np.random.default_rng(1)
    own = training.train(x, y, parameters, rng=rng, optimizer=ours, activation="tanh", **shared, **settings)
    network = to_torch(parameters, "tanh", settings.get("keep_prob", 1.0))
    in_torch = {key: settings[key] for key in ("lambd1", "max_norm") if key in settings}
    optimizer = theirs(regularization.decay_groups(network, decay))
    found = run(problem, network, optimizer, 1, **shared, **in_torch)
    assert relative_errors(found.parameters, from_torch(network)) == dict.fromkeys(parameters, 0)
    assert max(relative_errors(own.parameters, found.parameters).values()) < 1e-12
    for key in ("step", "train_cost", "train_accuracy", "test_cost", "test_accuracy"):
        np.testing.assert_allclose(found.history[key], own.history[key], rtol=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("cost", ["binary_cross_entropy", "softmax_cross_entropy", "mean_squared_error"])
@pytest.mark.parametrize(
    "settings",
    [{}, {"keep_prob": [0.9, 0.5, 0.7]}, {"keep_prob": 0.5, "lambd": 0.7}, {"lambd1": 0.3}, {"max_norm": 0.8}],
    ids=["none", "dropout", "dropout and L2", "L1", "max-norm"],
)
def test_training_is_the_courses_own_step_for_step(problem, name, cost, settings):
    is_the_courses_own(problem, *OPTIMIZERS[name], settings.get("lambd", 0.0) / M, cost, **settings)


def test_adamw_is_the_courses_adamw(problem):
    is_the_courses_own(problem, AdamW(0.02, weight_decay=0.3), lambda groups: torch.optim.AdamW(groups, lr=0.02), 0.3)


def test_decay_groups_hold_every_parameter_once():
    model = nn.Sequential(nn.Conv1d(2, 3, 3), nn.BatchNorm1d(3), nn.Flatten(), nn.LazyLinear(2))
    model(torch.zeros(2, 2, 5))
    decaying, free = regularization.decay_groups(model, 0.1)
    assert (decaying["weight_decay"], free["weight_decay"]) == (0.1, 0.0)
    found = [id(p) for p in decaying["params"] + free["params"]]
    assert sorted(found) == sorted(id(p) for p in model.parameters())
    assert {p.ndim for p in free["params"]} == {1}


def test_l1_max_norm_and_threshold_are_numpys(problem):
    *_, parameters = problem
    parameters = {name: value + 0.2 for name, value in parameters.items()}
    network = to_torch(parameters)
    weights = {name: value for name, value in parameters.items() if name.startswith("W")}
    assert regularization.l1_norm(network).item() == pytest.approx(sum(np.abs(W).sum() for W in weights.values()))
    regularization.clip_max_norm(network, 0.9)
    clipped = {name: max_norm(W, 0.9) for name, W in weights.items()}
    assert max(relative_errors(parameters | clipped, from_torch(network)).values()) < 1e-14
    assert any((clipped[name] != W).any() for name, W in weights.items())
    regularization.soft_threshold(network, 0.3)
    zeroed = {name: soft_threshold(W, 0.3) for name, W in clipped.items()}
    assert max(relative_errors(parameters | zeroed, from_torch(network)).values()) < 1e-14
    assert sum((W == 0).sum() for W in zeroed.values()) > 0
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_clipping_zeros_gives_zeros():
    layer = nn.Linear(3, 2)
    nn.init.zeros_(layer.weight)
    regularization.clip_max_norm(layer, 1.0)
    assert not layer.weight.any()
    assert torch.isfinite(layer.weight).all()


def test_evaluate_leaves_every_part_in_its_mode():
    network = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 1), nn.Dropout(0.5))
    network[1].eval()
    modes = [part.training for part in network.modules()]
    assert len(set(modes)) == 2
    x = torch.ones(4, 3)
    first, second = evaluate(network, x), evaluate(network, x)
    assert torch.equal(first, second)
    assert not first.requires_grad
    assert [part.training for part in network.modules()] == modes


def test_modes_are_put_back_after_an_error():
    network = nn.Dropout(0.5)
    with suppress(KeyError), modes_kept(network):
        network.eval()
        raise KeyError("stop")
    assert network.training


def test_the_global_generator_is_neither_moved_nor_felt(problem):
    found = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        before = torch.get_rng_state()
        network = to_torch(problem[2], keep_prob=0.5)
        found.append(run(problem, network, torch.optim.SGD(network.parameters(), lr=0.1)).parameters)
        mc_dropout(network, rows(problem[0]), 3, seed=0)
        evaluate(network, rows(problem[0]))
        assert torch.equal(torch.get_rng_state(), before)
    assert relative_errors(*found) == dict.fromkeys(problem[2], 0)


def test_samples_have_the_moments_of_dropout():
    """One linear layer behind dropout: mean w x, variance Σ (w x)² p / (1 - p); six sigma of 40 000 samples."""
    p, x = 0.3, torch.tensor([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]], dtype=torch.float64)
    network = nn.Sequential(nn.Dropout(p), nn.Linear(3, 1, dtype=torch.float64))
    samples = mc_dropout(network.eval(), x, 40_000, seed=0)
    assert samples.shape == (40_000, 2, 1)
    terms = x * network[1].weight.detach()  # (2, 3)
    variance = (terms**2).sum(dim=1) * p / (1 - p)
    assert not network.training
    error = (samples[:, :, 0].mean(dim=0) - evaluate(network, x)[:, 0]).abs()
    assert (error < 6 * (variance / 40_000).sqrt()).all()
    assert torch.allclose(samples[:, :, 0].var(dim=0), variance, rtol=0.05)
    assert torch.equal(samples, mc_dropout(network, x, 40_000, seed=0))
    assert not torch.equal(samples, mc_dropout(network, x, 40_000, seed=1))
    assert len(torch.unique(samples[:, 0])) > 2  # masks differ between the samples of one example


def test_only_dropout_is_switched_on_for_samples():
    network = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5)).eval()
    before = network[0].running_mean.clone()
    mc_dropout(network, torch.full((4, 3), 7.0), 10, seed=0)
    assert torch.equal(network[0].running_mean, before)
    assert not any(part.training for part in network.modules())


def test_tensors_follow_the_network_to_another_device(problem):
    """The meta device holds shapes and no numbers: whatever stayed on the CPU would clash with it."""
    x, y, parameters = problem
    network = to_torch(parameters, "tanh", [0.9, 0.5, 0.5]).to("meta")
    masks = [np.ones((n, M), bool) for n in SIZES[:-1]]
    rows_x, rows_y = rows(x).to("meta"), rows(y).to("meta")
    for given in (None, masks):
        z = network(rows_x, given)
        assert z.device.type == "meta"
        cost = compute_cost(z, rows_y, network, lambd=0.1, lambd1=0.1)
        (cost + regularization.l1_norm(network)).backward()
    optimizer = torch.optim.Adam(regularization.decay_groups(network, 0.1), lr=0.1)
    optimizer.step()
    regularization.clip_max_norm(network, 1.0)
    regularization.soft_threshold(network, 0.1)
    assert mc_dropout(network, rows_x, 3, seed=0).shape == (3, M, 2)
    assert evaluate(network, rows_x).device.type == "meta"
    assert {parameter.device.type for parameter in network.parameters()} == {"meta"}


def test_training_moves_its_examples_to_the_networks_device(problem, monkeypatch):
    """Up to the first number that is asked for, which the meta device has not."""
    network = to_torch(problem[2], keep_prob=0.5).to("meta")
    optimizer, stepped = torch.optim.SGD(network.parameters(), lr=0.1), []
    monkeypatch.setattr(optimizer, "step", lambda: stepped.append(network.linear[0].weight.grad.device.type))
    with pytest.raises((RuntimeError, NotImplementedError), match="meta"):
        run(problem, network, optimizer, max_norm=1.0, lambd1=0.1)
    assert stepped == ["meta"]


def test_the_device_is_a_gpu_where_there_is_one(monkeypatch):
    for found, kind in ((False, "cpu"), (True, "cuda")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda found=found: found)
        assert best_device().type == kind


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_gpu_and_cpu_train_alike(problem):
    found = []
    for device in ("cpu", "cuda"):
        network = to_torch(problem[2], "tanh", 0.5).to(device)
        found.append(run(problem, network, torch.optim.Adam(network.parameters(), lr=0.01), steps=100).parameters)
    assert max(relative_errors(*found).values()) < 1e-8


def test_divergence_is_said(problem):
    network = to_torch(problem[2])
    optimizer = torch.optim.SGD(network.parameters(), lr=1e12)
    with pytest.raises(FloatingPointError, match="training diverged at step"):
        run(problem, network, optimizer, steps=50, cost="mean_squared_error")
