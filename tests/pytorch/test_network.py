"""PyTorch as the second implementation: gradients, costs, dropout, and the way to it and back."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the PyTorch chapter and its tests need torch; all else does without")

from course_utils import pytorch  # noqa: E402
from course_utils.activations import ACTIVATIONS  # noqa: E402
from course_utils.costs import COSTS  # noqa: E402
from course_utils.dropout import p_from_keep_prob  # noqa: E402
from course_utils.gradient_check import relative_errors  # noqa: E402
from course_utils.network import backward, compute_cost, forward, initialize_parameters, predict  # noqa: E402

NETWORKS = 200
TOLERANCE = 1e-12


@pytest.fixture(autouse=True)
def one_thread():
    """Leave the number of threads and the seed of PyTorch as they were."""
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    torch.set_rng_state(state)


def both_sides(case):
    """Return cost and gradients of a random network, ours and PyTorch's."""
    z, cache = forward(case.x, case.parameters, activation=case.activation, keep_prob=case.keep_prob, masks=case.masks)
    settings = {"cost": case.cost, "lambd": case.lambd, "lambd1": case.lambd1}
    ours = compute_cost(z, case.y, case.parameters, **settings), backward(case.y, case.parameters, cache, **settings)
    network = pytorch.to_torch(case.parameters, case.activation, case.keep_prob)
    logits = network(pytorch.rows(case.x), case.masks)
    cost = pytorch.compute_cost(logits, pytorch.rows(case.y), network, **settings)
    cost.backward()
    return ours, (cost.item(), pytorch.gradients(network)), (z, logits.detach().numpy().T)


def test_gradients_and_costs_agree_with_autograd_over_random_networks(random_case, record_property):
    found = []
    for seed in range(NETWORKS):
        case = random_case(seed)
        (our_cost, ours), (their_cost, theirs), (our_z, their_z) = both_sides(case)
        errors = relative_errors(ours | {"logits": our_z}, theirs | {"logits": their_z})
        errors["cost"] = abs(our_cost - their_cost) / (1e-300 + abs(our_cost) + abs(their_cost))
        found += [(error, name, str(case)) for name, error in errors.items()]
    worst, name, case = max(found)
    message = f"worst relative error of {NETWORKS} networks {worst:.2e}, {name} of {case}"
    record_property("worst", message)
    print(message)
    assert worst <= TOLERANCE, message


def test_the_comparison_sees_a_forgotten_scale(random_case, monkeypatch):
    """Without 1 / keep_prob, forward and back, a network with a mask below its output is off, unless all is dropped."""
    dropped = [case for case in map(random_case, range(60)) if case.masks[-1] is not None and case.lambd1 == 0]
    monkeypatch.setattr("course_utils.network.apply_mask", lambda a, mask, q: a if mask is None else a * mask)
    seen = 0
    for case in dropped:
        (_, ours), (_, theirs), _ = both_sides(case)
        seen += max(relative_errors(ours, theirs).values()) > 1e-3
    assert seen >= 0.8 * len(dropped) > 5


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("limit", [1, 30, 1000])
def test_costs_and_their_gradients_agree_at_moderate_and_extreme_logits(cost, limit):
    rng = np.random.default_rng(0)
    z = rng.uniform(-limit, limit, (4, 50))
    y = np.eye(4)[:, rng.integers(4, size=50)] if cost != "mean_squared_error" else rng.standard_normal((4, 50))
    logits = torch.tensor(z.T, requires_grad=True)
    value = pytorch.COST_FUNCTIONS[cost](logits, pytorch.rows(y))
    value.backward()
    assert COSTS[cost].value(z, y) == pytest.approx(value.item(), rel=1e-13)
    np.testing.assert_allclose(COSTS[cost].gradient(z, y), logits.grad.numpy().T, rtol=1e-12, atol=1e-17)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_agree_at_moderate_and_extreme_values(name):
    z = np.concatenate([np.linspace(-1000, 1000, 41), np.linspace(-5, 5, 39)]).reshape(4, 20)
    tensor = torch.tensor(z.T, requires_grad=True)
    a, da = pytorch.ACTIVATIONS[name](tensor), np.random.default_rng(0).standard_normal(z.shape)
    a.backward(torch.tensor(da.T))
    np.testing.assert_allclose(ACTIVATIONS[name].function(z), a.detach().numpy().T, rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(ACTIVATIONS[name].backward(da, z), tensor.grad.numpy().T, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_go_to_torch_and_come_back_unchanged(dtype):
    parameters = initialize_parameters([3, 5, 4, 2], np.random.default_rng(0), dtype=dtype)
    parameters = {name: value + dtype(0.1) for name, value in parameters.items()}
    network = pytorch.to_torch(parameters, "tanh", 0.5)
    back = pytorch.from_torch(network)
    assert list(back) == list(parameters)
    for name, value in parameters.items():
        assert back[name].dtype == dtype
        np.testing.assert_array_equal(back[name], value)
    with torch.no_grad():
        for weight in network.parameters():
            weight.zero_()
    assert all(value.any() for value in (*back.values(), *parameters.values()))  # copies, not views


def test_eval_is_predict(random_case):
    for seed in range(60):
        case = random_case(seed)
        network = pytorch.to_torch(case.parameters, case.activation, case.keep_prob).eval()
        logits = network(pytorch.rows(case.x)).detach().numpy().T
        whole = predict(case.x, case.parameters, activation=case.activation, cost=case.cost)
        np.testing.assert_allclose(COSTS[case.cost].link(logits), whole, rtol=1e-12, atol=1e-15)


def test_nn_dropout_in_training_has_our_statistics():
    """The input layer of an identity network shows nn.Dropout itself: six sigma of 200 000 draws."""
    q, x = 0.7, 3.0
    identity = {"W1": np.eye(2), "b1": np.zeros((2, 1))}
    network = pytorch.to_torch(identity, keep_prob=[q]).train()
    torch.manual_seed(0)
    out = network(pytorch.rows(np.full((2, 100_000), x))).detach().numpy()
    assert set(np.unique(out).round(9)) == {0, round(x / q, 9)}
    assert abs((out != 0).mean() - q) < 6 * np.sqrt(q * (1 - q) / out.size)
    assert abs(out.mean() - x) < 6 * x * np.sqrt((1 - q) / q / out.size)
    assert [layer.p for layer in network.dropout] == [p_from_keep_prob(q)]


def test_one_mask_for_all_examples_may_be_given():
    rng = np.random.default_rng(0)
    parameters, x = initialize_parameters([2, 4, 1], rng), rng.standard_normal((2, 5))
    masks = [None, np.array([[1], [0], [1], [0]])]
    z, _ = forward(x, parameters, keep_prob=0.5, masks=masks)
    network = pytorch.to_torch(parameters, keep_prob=0.5)
    np.testing.assert_allclose(network(pytorch.rows(x), masks).detach().numpy().T, z, rtol=1e-13)


def test_rows_turn_examples_round():
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(pytorch.rows(x).numpy(), x.T)


def test_gradients_have_to_be_there():
    network = pytorch.to_torch(initialize_parameters([2, 3, 1], np.random.default_rng(0)))
    with pytest.raises(ValueError, match=r"network must hold gradients: call cost\.backward\(\) first"):
        pytorch.gradients(network)
