"""PyTorch's attention, spatial dropout and gradients beside those of the course's NumPy."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from course_utils.experiments.attention import attend, attend_backward, first_weights, lookups  # noqa: E402
from course_utils.experiments.family import keep_factors  # noqa: E402


def tensors(parameters):
    """Return the parameters as tensors with gradients."""
    return {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}


def attend_in_pytorch(x, parameters, factors):
    """Return logits (m, classes) of sequences (m, T, n), dropped by factors (m, queries, keys)."""
    q, k, v = (x @ parameters[name].T for name in ("W_query", "W_key", "W_value"))
    attention = torch.softmax(q @ k.transpose(1, 2) / np.sqrt(q.shape[-1]), dim=-1) * factors
    return (x + attention @ v)[:, -1] @ parameters["W_out"].T


@pytest.mark.parametrize("keep_prob", [1.0, 0.6])
def test_outputs_and_gradients_are_those_of_autograd(keep_prob):
    rng = np.random.default_rng(0)
    (x, _), parameters, factors = lookups(5, rng), first_weights(rng), keep_factors((7, 7, 5), keep_prob, rng)
    z, cache = attend(x, parameters, factors)
    weights, dz = tensors(parameters), rng.standard_normal(z.shape)
    logits = attend_in_pytorch(torch.tensor(x.transpose(2, 1, 0)), weights, torch.tensor(factors.transpose(2, 1, 0)))
    logits.backward(torch.tensor(dz.T))
    assert np.allclose(z, logits.detach().numpy().T, rtol=0, atol=1e-12)
    gradients = attend_backward(dz, parameters, cache, factors)
    for name, gradient in gradients.items():
        assert np.allclose(gradient, weights[name].grad.numpy(), rtol=0, atol=1e-12)


def test_the_head_is_pytorchs_own_attention():
    rng = np.random.default_rng(1)
    (x, _), parameters = lookups(3, rng), first_weights(rng)
    _, (_, q, k, v, attention, _, _) = attend(x, parameters)
    turned = [torch.tensor(one.transpose(2, 1, 0)) for one in (q, k, v)]
    found = torch.nn.functional.scaled_dot_product_attention(*turned)
    assert np.allclose(found.numpy().transpose(2, 1, 0), np.einsum("stm,ism->itm", attention, v), atol=1e-12)


def test_its_dropout_knows_nothing_of_eval_and_comes_after_the_softmax():
    q, k, v = torch.zeros(1, 1, 4), torch.zeros(1, 1000, 4), torch.ones(1, 1000, 4)
    torch.manual_seed(0)
    found = torch.nn.functional.scaled_dot_product_attention(q, k, v, dropout_p=0.5)
    assert found[0, 0, 0] != 1  # equal weights of 1/1000, some dropped: their sum is 1 on average only
    assert abs(float(found[0, 0, 0]) - 1) < 0.2


def test_dropout2d_drops_channels_as_spatial_dropout_does():
    torch.manual_seed(0)
    out = torch.nn.Dropout2d(0.5)(torch.ones(50, 6, 4, 4)).numpy()  # (m, channels, height, width)
    assert set(np.unique(out)) == {0.0, 2.0}
    assert np.ptp(out, axis=(2, 3)).max() == 0
    assert np.ptp(out[:, :, 0, 0], axis=0).max() > 0
