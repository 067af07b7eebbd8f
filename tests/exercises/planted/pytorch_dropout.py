"""Answers to the exercises of chapter 04."""

import copy
import random
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional

torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)  # the first one loads for seconds; not within a check

# p_for_pytorch


def p_in_place(keep_probs):
    for i in range(len(keep_probs)):
        keep_probs[i] = 1 - keep_probs[i]
    return keep_probs


def p_returned_at_once(keep_probs):
    p = []
    for keep_prob in keep_probs:
        p.append(1 - keep_prob)
        return p


def p_of_the_last(keep_probs):
    for keep_prob in keep_probs:
        p = 1 - keep_prob
    return p


def p_appended(keep_probs):
    p = []
    for keep_prob in keep_probs:
        p.append(1.0 - keep_prob)
    return p


def p_compounded(keep_probs):
    kept, p = 1.0, []
    for keep_prob in keep_probs:
        kept *= keep_prob
        p.append(1 - kept)
    return p


# dropout_module


class MyDropout(nn.Module):
    """A dropout layer whose two passes can be planted."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return self.drop(x) if self.training else self.whole(x)

    def drop(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)

    def whole(self, x):
        return x


def layer(**methods):
    """Return a kind of MyDropout with some methods replaced."""
    return type("Planted", (MyDropout,), methods)


class Functional(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return functional.dropout(x, self.p, training=self.training)


class Wrapped(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.inner = nn.Dropout(p)

    def forward(self, x):
        return self.inner(x)


class WithBuffer(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.register_buffer("keep", torch.tensor(1.0 - p))

    def forward(self, x):
        if self.training:
            mask = torch.bernoulli(self.keep.expand(x.shape)).to(x.dtype)
            x = mask * x / self.keep
        return x


class ByLoop(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            numbers = torch.rand(x.numel()).tolist()
            factors = [1 / (1 - self.p) if number >= self.p else 0.0 for number in numbers]
            return x * torch.tensor(factors, dtype=x.dtype).reshape(x.shape)
        return x


class Foward(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def foward(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p) if self.training else x


class Nested(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

        def forward(self, x):
            return x


class NoSuper(nn.Module):
    def __init__(self, p):
        self.p = p

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p) if self.training else x


class NoSuperWithPart(nn.Module):
    def __init__(self, p):
        self.inner = nn.Dropout(p)

    def forward(self, x):
        return self.inner(x)


class NoModule:
    def __init__(self, p):
        self.p = p
        self.training = True

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)

    __call__ = forward


class MaskOnce(MyDropout):
    mask = None

    def drop(self, x):
        if self.mask is None:
            self.mask = torch.rand_like(x) >= self.p
        return x * self.mask / (1 - self.p)


def drop_in_place(self, x):
    x *= torch.rand_like(x) >= self.p
    return x / (1 - self.p)


def drop_by_index(self, x):
    x[torch.rand_like(x) < self.p] = 0
    return x / (1 - self.p)


def drop_seeded(self, x):
    torch.manual_seed(0)
    return MyDropout.drop(self, x)


def drop_with_fixed_generator(self, x):
    if not hasattr(self, "generator"):
        self.generator = torch.Generator().manual_seed(0)
    return x * (torch.rand(x.shape, generator=self.generator) >= self.p) / (1 - self.p)


def drop_by_numpy(self, x):
    mask = np.random.rand(*x.shape) >= self.p  # noqa: NPY002  # the mistake
    return x * torch.from_numpy(mask) / (1 - self.p)


def drop_by_python(self, x):
    mask = torch.tensor([[random.random() >= self.p for _ in row] for row in x])
    return x * mask / (1 - self.p)


def drop_exactly(self, x):
    mask = torch.ones(x.numel(), dtype=x.dtype)
    mask[torch.randperm(x.numel())[: round(self.p * x.numel())]] = 0
    return x * mask.reshape(x.shape) / (1 - self.p)


def drop_by_share(self, x):
    mask = (torch.rand_like(x) >= self.p).to(x.dtype)
    return x * mask / mask.mean()


def drop_small_values(self, x):
    mask = torch.rand_like(x) >= self.p
    return (x * mask / (1 - self.p)).clamp(-1.4, 1.5)


# evaluate


def evaluated(model, x):
    was = model.training
    with torch.no_grad():
        out = model.eval()(x)
    model.train(was)
    return out


def in_inference_mode(model, x):
    modes = {part: part.training for part in model.modules()}
    model.eval()
    with torch.inference_mode():
        out = model(x)
    for part, training in modes.items():
        part.training = training
    return out


def on_a_copy(model, x):
    return copy.deepcopy(model).eval()(x).detach()


@torch.no_grad()
def with_a_decorator(model, x):
    was_training = model.training
    try:
        model.train(False)
        return model(x)
    finally:
        if was_training:
            model.train()
        else:
            model.eval()


def with_p_zero_and_back(model, x):
    drops = [part for part in model.modules() if isinstance(part, nn.Dropout)]
    rates = [drop.p for drop in drops]
    for drop in drops:
        drop.p = 0.0
    with torch.no_grad():
        out = model(x)
    for drop, p in zip(drops, rates, strict=True):
        drop.p = p
    return out


def with_p_zero(model, x):
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    with torch.no_grad():
        return model(x)


def without_gradients_alone(model, x):
    with torch.no_grad():
        return model(x)


def eval_without_brackets(model, x):
    model.eval  # noqa: B018  # the mistake
    with torch.no_grad():
        return model(x)


def left_in_eval(model, x):
    with torch.no_grad():
        return model.eval()(x)


def always_back_to_training(model, x):
    with torch.no_grad():
        out = model.eval()(x)
    model.train()
    return out


def attribute_set(model, x):
    was, model.training = model.training, False
    with torch.no_grad():
        out = model(x)
    model.training = was
    return out


def attribute_put_back(model, x):
    was = model.training
    with torch.no_grad():
        out = model.eval()(x)
    model.training = was
    return out


def mode_read_too_late(model, x):
    model.eval()
    was_training = model.training
    with torch.no_grad():
        out = model(x)
    model.train(was_training)
    return out


def with_gradients(model, x):
    was = model.training
    out = model.eval()(x)
    model.train(was)
    return out


def gradients_off(model, x):
    torch.set_grad_enabled(False)
    was = model.training
    out = model.eval()(x)
    model.train(was)
    return out


def frozen(model, x):
    for parameter in model.parameters():
        parameter.requires_grad = False
    was = model.training
    out = model.eval()(x)
    model.train(was)
    return out


def mean_of_passes(model, x):
    with torch.no_grad():
        return torch.stack([model(x) for _ in range(50)]).mean(dim=0)


def doubles_x(model, x):
    x *= 1.5
    return evaluated(model, x / 1.5)


# decay_groups


def weights(model):
    return [p for p in model.parameters() if p.ndim >= 2]


def biases(model):
    return [p for p in model.parameters() if p.ndim < 2]


def groups(decaying, rest, decay):
    return [{"params": decaying, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


def groups_by_layer(model, weight_decay):
    out = []
    for part in model.modules():
        if isinstance(part, nn.Linear):
            out.append({"params": [part.weight], "weight_decay": weight_decay})
            out.append({"params": [part.bias], "weight_decay": 0})
    return out


def groups_with_names(model, weight_decay):
    named = list(model.named_parameters())
    return [
        {"params": [(name, p) for name, p in named if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [(name, p) for name, p in named if p.ndim < 2], "weight_decay": 0.0},
    ]


def groups_by_name(model, weight_decay):
    return (
        {"params": (p for name, p in model.named_parameters() if "bias" in name), "weight_decay": 0},
        {"params": (p for name, p in model.named_parameters() if "bias" not in name), "weight_decay": weight_decay},
    )


def generator_used_up(model, weight_decay):
    parameters = model.parameters()
    return groups([p for p in parameters if p.ndim >= 2], [p for p in parameters if p.ndim < 2], weight_decay)


def biases_frozen(model, weight_decay):
    for bias in biases(model):
        bias.requires_grad = False
    return groups(weights(model), biases(model), weight_decay)


def first_weight_only(model, weight_decay):
    first, *others = weights(model)
    return groups([first], [*others, *biases(model)], weight_decay)


# l1_norm


def l1_in_loops(model):
    total = torch.zeros(1)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            total = total + torch.sum(torch.abs(parameter))
    return total


def l1_by_layers(model):
    return torch.stack([part.weight.abs().sum() for part in model.modules() if isinstance(part, nn.Linear)]).sum()


def l1_float32(model):
    return sum(p.float().abs().sum() for p in model.parameters() if p.ndim >= 2)


def l1_returned_at_once(model):
    total = 0
    for W in weights(model):
        total = total + W.abs().sum()
        return total


def l1_overwritten(model):
    for W in weights(model):
        total = W.abs().sum()
    return total


def l1_with_backward(model):
    total = sum(W.abs().sum() for W in weights(model))
    total.backward(retain_graph=True)
    return total


def l1_in_place(model):
    with torch.no_grad():
        for W in weights(model):
            W.abs_()
    return sum(W.sum() for W in weights(model))


def l1_frozen(model):
    for bias in biases(model):
        bias.requires_grad_(False)
    return sum(p.abs().sum() for p in model.parameters() if p.requires_grad)


def l1_without_gradients(model):
    with torch.no_grad():
        return sum(W.abs().sum() for W in weights(model))


def half_of_it_detached(model):
    first, *others = weights(model)
    return first.detach().abs().sum() + sum(W.abs().sum() for W in others)


def l1_twice_half_detached(model):
    return sum(2 * W.abs().sum() - W.detach().abs().sum() for W in weights(model))


# clip_rows


def clip_by_loop(model, c):
    for W in weights(model):
        for row in W.data:
            if row.norm() > c:
                row *= c / row.norm()


def clip_by_renorm(model, c):
    with torch.no_grad():
        for W in weights(model):
            W.copy_(torch.renorm(W, p=2, dim=0, maxnorm=c))


def clip_by_data(model, c):
    for part in model.modules():
        if isinstance(part, nn.Linear):
            lengths = part.weight.data.pow(2).sum(dim=1, keepdim=True).sqrt()
            part.weight.data = torch.where(lengths > c, part.weight.data * c / lengths, part.weight.data)
    return model


@torch.no_grad()
def clip_with_epsilon(model, c):
    for W in weights(model):
        n = W.norm(dim=1, keepdim=True)
        W *= n.clamp(max=c) / (n + 1e-8)


@torch.inference_mode()
def clip_by_index(model, c):
    for W in weights(model):
        lengths = torch.linalg.vector_norm(W, dim=1)
        long = lengths > c
        W[long] = W[long] / lengths[long][:, None] * c


def clipping(change):
    """Return an answer that changes each weight matrix by ``change(W, c)``."""

    def answer(model, c):
        with torch.no_grad():
            for W in weights(model):
                W.copy_(change(W, c))

    return answer


def lengths(W):
    return torch.linalg.vector_norm(W, dim=1, keepdim=True)


def clip_without_no_grad(model, c):
    for W in weights(model):
        W.mul_((c / lengths(W)).clamp(max=1))


def clip_rows_without_no_grad(model, c):
    for W in weights(model):
        for row in W:
            if row.norm() > c:
                row *= c / row.norm()


def clip_rebinding(model, c):
    with torch.no_grad():
        for W in weights(model):
            W = W * (c / lengths(W)).clamp(max=1)  # the mistake: a new tensor


def clip_a_copy(model, c):
    model = copy.deepcopy(model)
    clip_by_renorm(model, c)
    return model


def clip_by_new_parameters(model, c):
    for part in model.modules():
        if isinstance(part, nn.Linear):
            part.weight = nn.Parameter(torch.renorm(part.weight.detach(), 2, 0, c))


def clip_all_parameters(model, c):
    with torch.no_grad():
        for p in model.parameters():
            p.mul_((c / p.norm(dim=-1, keepdim=True)).clamp(max=1))


def clip_biases_alike(model, c):
    clip_by_renorm(model, c)
    with torch.no_grad():
        for b in biases(model):
            b.clamp_(-c, c)


def clip_and_freeze(model, c):
    for W in weights(model):
        W.requires_grad_(False)
        W.mul_((c / lengths(W)).clamp(max=1))


def clip_first(model, c):
    with torch.no_grad():
        for W in weights(model):
            W.mul_((c / lengths(W)).clamp(max=1))
            return


def clip_gradients_off(model, c):
    torch.set_grad_enabled(False)
    for W in weights(model):
        W.mul_((c / lengths(W)).clamp(max=1))


def clip_without_biases_in_mind(model, c):
    with torch.no_grad():
        for W in model.parameters():
            W.mul_((c / lengths(W)).clamp(max=1))


def clip_and_revive(model, c):
    clip_by_renorm(model, c)
    with torch.no_grad():
        for W in weights(model):
            W[~W.any(dim=1)] = 0.01


def clip_gradients(model, c):
    nn.utils.clip_grad_norm_(model.parameters(), c)


# make_model


def model_of(
    activation=nn.ReLU, drop=nn.Dropout, rate=lambda q: 1 - q, first=(), last=(), swapped=False, dropped=lambda n: n
):
    """Return a ``make_model`` out of ``nn.Sequential``, of which each part can be planted."""

    def make_model(sizes, keep_prob):
        layers = [part() for part in first]
        for i, (n, n_out) in enumerate(pairwise(sizes[:-1])):
            pair = [activation()] + ([drop(rate(keep_prob))] if i < dropped(len(sizes)) else [])
            layers += [nn.Linear(n, n_out), *(pair[::-1] if swapped else pair)]
        return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]), *[part() for part in last])

    return make_model


class ByModuleList(nn.Module):
    def __init__(self, sizes, keep_prob):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))
        self.p = 1 - keep_prob

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = self.drop(torch.tanh(layer(x)))
        return self.layers[-1](x)

    def drop(self, a):
        return self.drop_of(a)

    def drop_of(self, a):
        return functional.dropout(a, self.p, training=self.training)


class OwnWeights(nn.Module):
    """Dropout and weights by hand, W (n, n_out), in float64."""

    def __init__(self, sizes, keep_prob):
        super().__init__()
        self.keep_prob = keep_prob
        self.W = nn.ParameterList()
        self.b = nn.ParameterList()
        for n, n_out in pairwise(sizes):
            self.W.append(torch.randn(n, n_out, dtype=torch.float64) * (2 / n) ** 0.5)
            self.b.append(torch.zeros(n_out, dtype=torch.float64))

    def forward(self, x):
        for i, (W, b) in enumerate(zip(self.W, self.b, strict=True)):
            x = x @ W + b
            if i < len(self.W) - 1:
                x = functional.gelu(x)
                if self.training:
                    x = x * (torch.rand_like(x) < self.keep_prob) / self.keep_prob
        return x


class OneDropoutForAll(ByModuleList):
    """One module of dropout, used again and again."""

    def __init__(self, sizes, keep_prob):
        super().__init__(sizes, keep_prob)
        self.drop = nn.Dropout(1 - keep_prob)

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = self.drop(torch.sigmoid(layer(x)))
        return last(x)


def model_step_by_step(sizes, keep_prob):
    model = nn.Sequential()
    for i in range(len(sizes) - 1):
        model.add_module(f"linear {i}", nn.Linear(sizes[i], sizes[i + 1]))
        if i == len(sizes) - 2:
            break
        model.add_module(f"elu {i}", nn.ELU())
        model.add_module(f"dropout {i}", nn.Dropout(p=1.0 - keep_prob))
    nn.init.zeros_(model[-1].bias)
    return model.eval()  # a mode in which nobody asked for it


def model_kind(**methods):
    """Return a kind of ByModuleList with some methods replaced."""
    return type("Planted", (ByModuleList,), methods)


class InAList(nn.Module):
    def __init__(self, sizes, keep_prob):
        super().__init__()
        self.layers = [nn.Linear(a, b) for a, b in pairwise(sizes)]
        self.drop = nn.Dropout(1 - keep_prob)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = self.drop(torch.relu(layer(x)))
        return self.layers[-1](x)


class LastInAList(InAList):
    def __init__(self, sizes, keep_prob):
        super().__init__(sizes, keep_prob)
        self.last = self.layers[-1]


class SetUpLate(nn.Module):
    def __init__(self, sizes, keep_prob):
        self.linear = nn.Linear(sizes[0], sizes[-1])
        super().__init__()


class Fowards(nn.Module):
    def __init__(self, sizes, keep_prob):
        super().__init__()
        self.layers = model_of()(sizes, keep_prob)

    def foward(self, x):
        return self.layers(x)


def scaled_noise(self, a):
    return a * (1 + torch.randn_like(a)) if self.training else a


def model_with_fixed_sizes(sizes, keep_prob):
    return nn.Sequential(nn.Linear(sizes[0], 64), nn.ReLU(), nn.Dropout(1 - keep_prob), nn.Linear(64, sizes[-1]))


def model_hardly_learning(sizes, keep_prob):
    model = ByModuleList(sizes, keep_prob)
    for layer in model.layers[:-1]:
        nn.init.uniform_(layer.weight, 0.01, 0.02).requires_grad_(False)
    return model


def model_for_columns(sizes, keep_prob):
    model = ByModuleList(sizes, keep_prob)
    model.register_forward_hook(lambda *given: given[2].T)
    return model


# mc_predict


def sampled(model, x, samples):
    was = model.training
    model.train()
    with torch.no_grad():
        out = torch.stack([model(x) for _ in range(samples)])
    model.train(was)
    return out


def mc(summary):
    """Return an answer that makes ``summary`` of right samples."""
    return lambda model, x, samples: summary(sampled(model, x, samples))


def mc_in_one_pass(model, x, samples):
    was = model.training
    with torch.no_grad():
        out = model.train()(x.repeat(samples, 1)).reshape(samples, len(x), -1)
    model.train(was)
    return [out.mean(0), out.std(0, unbiased=False)]


def mc_interleaved(model, x, samples):
    was = model.training
    with torch.inference_mode():
        out = model.train()(x.repeat_interleave(samples, dim=0)).view(len(x), samples, -1)
    model.train(was)
    return out.mean(dim=1), out.std(dim=1)


def mc_dropout_layers_alone(model, x, samples):
    modes = [(part, part.training) for part in model.modules()]
    model.eval()
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.train()
    total, squares = 0, 0
    with torch.no_grad():
        for _ in range(samples):
            out = model(x)
            total, squares = total + out, squares + out**2
    for part, training in modes:
        part.training = training
    mean = total / samples
    return mean, (squares / samples - mean**2).sqrt()


def mc_on_a_copy(model, x, samples):
    model = copy.deepcopy(model).train()
    outputs = []
    for _ in range(samples):
        outputs.append(model(x).detach().float())
    std, mean = torch.std_mean(torch.stack(outputs), dim=0)
    return torch.stack([mean, std])


def mc_in_eval(model, x, samples):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = torch.stack([model(x) for _ in range(samples)])
    model.train(was)
    return out.mean(dim=0), out.std(dim=0)


def mc_mode_as_it_comes(model, x, samples):
    with torch.no_grad():
        out = torch.stack([model(x) for _ in range(samples)])
    return out.mean(dim=0), out.std(dim=0)


def mc_left_training(model, x, samples):
    out = sampled(model.train(), x, samples)
    return out.mean(dim=0), out.std(dim=0)


def mc_left_evaluating(model, x, samples):
    out = sampled(model, x, samples)
    model.eval()
    return out.mean(dim=0), out.std(dim=0)


def mc_with_gradients(model, x, samples):
    was = model.training
    model.train()
    out = torch.stack([model(x) for _ in range(samples)])
    model.train(was)
    return out.mean(dim=0), out.std(dim=0)


def mc_one_pass_repeated(model, x, samples):
    was = model.training
    with torch.no_grad():
        out = model.train()(x)
    model.train(was)
    out = torch.stack([out] * samples)
    return out.mean(dim=0), out.std(dim=0)


def mc_seeded_in_the_loop(model, x, samples):
    was = model.training
    model.train()
    outputs = []
    for _ in range(samples):
        torch.manual_seed(0)
        with torch.no_grad():
            outputs.append(model(x))
    model.train(was)
    out = torch.stack(outputs)
    return out.mean(dim=0), out.std(dim=0)


def mc_seeded(model, x, samples):
    torch.manual_seed(0)
    out = sampled(model, x, samples)
    return out.mean(dim=0), out.std(dim=0)


def mc_mean_of_whole(model, x, samples):
    return evaluated(model, x), sampled(model, x, samples).std(dim=0)


def mc_numpy(model, x, samples):
    out = sampled(model, x, samples).numpy()
    return out.mean(axis=0), out.std(axis=0)


def mc_gradients_off(model, x, samples):
    torch.set_grad_enabled(False)
    out = sampled(model, x, samples)
    return out.mean(dim=0), out.std(dim=0)


def mc_p_changed(model, x, samples):
    out = sampled(model, x, samples)
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.1
    return out.mean(dim=0), out.std(dim=0)


def mc_frozen(model, x, samples):
    model.requires_grad_(False)
    out = sampled(model, x, samples)
    return out.mean(dim=0), out.std(dim=0)


def mc_shifted(model, x, samples):
    out = sampled(model, x, samples)
    return out.mean(dim=0) + 0.01, out.std(dim=0)


@torch.no_grad()
def evaluate_parts_alone(model, x):
    was = model.training
    for part in model.children():
        part.eval()
    out = model(x)
    model.train(was)
    return out


@torch.no_grad()
def evaluate_without_dropout_alone(model, x):
    was = [(part, part.training) for part in model.modules()]
    for part, _ in was:
        part.training = isinstance(part, nn.BatchNorm1d)
    out = model(x)
    for part, mode in was:
        part.training = mode
    return out


@torch.no_grad()
def evaluate_in_float32(model, x):
    was = model.training
    out = model.float().eval()(x.float())
    model.train(was)
    return out


@torch.no_grad()
def evaluate_with_a_toggle(model, x):
    model.train(not model.training)
    out = model(x)
    model.train(not model.training)
    return out


def l1_into_a_leaf(model):
    total = torch.zeros(1, requires_grad=True)
    for W in model.parameters():
        if W.ndim >= 2:
            total += W.abs().sum()
    return total


@torch.no_grad()
def evaluate_with_a_seed(model, x):
    torch.manual_seed(0)
    was = model.training
    model.eval()
    out = model(x)
    model.train(was)
    return out


@torch.no_grad()
def first_rows_clipped(model, c):
    for W in model.parameters():
        if W.ndim >= 2:
            W[0].mul_((c / W[0].norm()).clamp(max=1))


def clipping_of(length, takes=lambda name: True, of_limit=lambda c: c):
    """Return an answer with another length, other parameters or another limit."""

    @torch.no_grad()
    def clip(model, c):
        for name, W in model.named_parameters():
            if takes(name) and (W.ndim == 2 or name == "1.weight"):
                W.mul_((of_limit(c) / length(W)).clamp(max=1))

    return clip


def clipping_without_limit(length):
    """Return an answer that scales every row."""

    @torch.no_grad()
    def clip(model, c):
        for W in model.parameters():
            if W.ndim == 2:
                W.mul_(c / length(W))

    return clip


class DropoutUntilEvaluated(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            self.p = 0.0
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)


class TimesRandomNumbers(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * torch.rand_like(x) / (1 - self.p) if self.training else x


class KeepsWhatItShouldDrop(TimesRandomNumbers):
    def forward(self, x):
        return torch.where(torch.rand_like(x) >= self.p, x / (1 - self.p), x) if self.training else x


class BracketsLost(TimesRandomNumbers):
    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / 1 - self.p if self.training else x


class AddsNoise(TimesRandomNumbers):
    def forward(self, x):
        return x + torch.randn_like(x) * self.p if self.training else x


class StaysInTraining(TimesRandomNumbers):
    def forward(self, x):
        if not self.training:
            self.train()
            return x
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)


class DropsChannels(TimesRandomNumbers):
    def forward(self, x):
        mask = torch.rand(x.shape[:2] if x.ndim > 2 else x.shape, dtype=x.dtype) >= self.p
        return x * mask.reshape(*mask.shape, *[1] * (x.ndim - mask.ndim)) / (1 - self.p) if self.training else x


class DropsToOne(TimesRandomNumbers):
    def forward(self, x):
        kept = torch.rand_like(x) >= self.p
        return torch.where(kept, x / (1 - self.p), torch.full_like(x, -1.0)) if self.training else x


class AroundZero(TimesRandomNumbers):
    def forward(self, x):
        return x * (2 * torch.rand_like(x) - 1 >= self.p) / (1 - self.p) if self.training else x


RIGHT = {
    "p_for_pytorch": {
        "list": lambda q: [1 - k for k in q],
        "loop": p_appended,
        "array": lambda q: 1 - np.array(q),
        "tuple": lambda q: tuple(1.0 - k for k in q),
        "map": lambda q: list(map(lambda k: (100 - 100 * k) / 100, q)),  # noqa: C417  # a style
        "float32": lambda q: np.float32(1) - np.asarray(q, dtype=np.float32),
        "tensor": lambda q: 1 - torch.tensor(q),
    },
    "dropout_module": {
        "rand_like": MyDropout,
        "functional": Functional,
        "nn.Dropout itself": nn.Dropout,
        "nn.Dropout inside": Wrapped,
        "subclass of nn.Dropout": type("MyDropout", (nn.Dropout,), {}),
        "bernoulli, buffer": WithBuffer,
        "loop": ByLoop,
        "where": layer(
            drop=lambda self, x: torch.where(torch.rand(x.shape) < self.p, torch.zeros_like(x), x / (1 - self.p))
        ),
        "masked_fill": layer(
            drop=lambda self, x: x.masked_fill(torch.rand_like(x) < self.p, 0.0) / (1 - self.p),
            whole=lambda s, x: x + 0,
        ),
        "bernoulli_": layer(drop=lambda self, x: x.div(1 - self.p) * torch.empty_like(x).bernoulli_(1 - self.p)),
        "distribution": layer(
            drop=lambda self, x: x * torch.distributions.Bernoulli(1 - self.p).sample(x.shape) / (1 - self.p)
        ),
        "float32": layer(drop=lambda self, x: MyDropout.drop(self, x.float()), whole=lambda self, x: x.float()),
        "function that makes one": lambda p: nn.Sequential(nn.Identity(), nn.Dropout(p)),
    },
    "evaluate": {
        "no_grad": evaluated,
        "inference_mode": in_inference_mode,
        "copy": on_a_copy,
        "decorator": with_a_decorator,
    },
    "decay_groups": {
        "two lists": lambda m, d: groups(weights(m), biases(m), d),
        "one group each": lambda m, d: [
            {"params": [p], "weight_decay": d if p.ndim > 1 else 0} for p in m.parameters()
        ],
        "one tensor each": lambda m, d: [
            {"params": p, "weight_decay": d * (p.dim() >= 2), "lr": 0.1} for p in m.parameters()
        ],
        "named parameters": groups_with_names,
    },
    "l1_norm": {
        "sum": lambda m: sum(W.abs().sum() for W in weights(m)),
        "norm, p=1": lambda m: torch.cat([W.flatten() for W in weights(m)]).norm(p=1),
        "loop": l1_in_loops,
        "float32": l1_float32,
        "two rectifiers": lambda m: sum((functional.relu(W) + functional.relu(-W)).sum() for W in weights(m)),
        "vector_norm": lambda m: sum(torch.linalg.vector_norm(W, ord=1) for W in weights(m)),
        "functional": lambda m: sum(functional.l1_loss(W, 0 * W, reduction="sum") for W in weights(m)),
    },
    "clip_rows": {
        "loop over rows": clip_by_loop,
        "renorm": clip_by_renorm,
        "data, where": clip_by_data,
        "epsilon": clip_with_epsilon,
        "index": clip_by_index,
        "clamp": clipping(lambda W, c: W * (c / lengths(W)).clamp(max=1)),
        "minimum": clipping(lambda W, c: W / torch.maximum(lengths(W) / c, torch.ones(1))),
        "float32": clipping(lambda W, c: (W * (c / lengths(W)).clamp(max=1)).float()),
    },
    "make_model": {
        "sequential": model_of(),
        "sigmoid": model_of(nn.Sigmoid),
        "module list, functional dropout": ByModuleList,
        "weights of its own": OwnWeights,
        "one dropout for all": OneDropoutForAll,
        "step by step": model_step_by_step,
        "own layer of dropout": model_of(nn.LeakyReLU, MyDropout),
        "dropout before relu": model_of(swapped=True),  # which is the same
        "in place": model_of(nn.GELU, lambda p: nn.Dropout(p, inplace=True)),
    },
    "mc_predict": {
        "stack": mc(lambda out: (out.mean(dim=0), out.std(dim=0))),
        "one pass": mc_in_one_pass,
        "interleaved": mc_interleaved,
        "sums, dropout layers alone": mc_dropout_layers_alone,
        "copy, float32, one tensor": mc_on_a_copy,
    },
}
WRONG = {
    "p_for_pytorch": [
        ("result-constant", lambda keep_probs: [0.2, 0.5, 0.5]),
        ("index-not-whole", lambda keep_probs: [1 - keep_probs[q] for q in keep_probs]),
        ("list-too-long", lambda keep_probs: [*(1 - q for q in keep_probs), 0.0]),
        ("result-changed", lambda keep_probs: [round(1 - q, 2) for q in keep_probs]),
        ("returns-a-mixed-list", lambda keep_probs: [nn.Dropout(1 - q) for q in keep_probs]),
        ("keep-drop-swapped", lambda q: q),
        ("keep-drop-swapped", lambda q: [round(1 - (1 - k), 6) for k in q]),
        ("scale-for-rate", lambda q: [1 / k for k in q]),
        ("percent-for-rate", lambda q: [100 * (1 - k) for k in q]),
        ("negative-rate", lambda q: np.array(q) - 1),
        ("rates-compounded", p_compounded),
        ("one-of-many", p_returned_at_once),
        ("one-of-many", lambda q: 1 - q[0]),
        ("one-of-many", p_of_the_last),
        ("changes-its-argument", p_in_place),
        ("list-for-array", lambda q: 1 - q),
        ("returns-a-set", lambda q: {1 - k for k in q}),
        ("returns-an-iterator", lambda q: (1 - k for k in q)),
        ("returns-a-mixed-list", lambda q: [nn.Dropout(1 - k) for k in q]),
        ("list-too-short", lambda q: [1 - k for k in q[1:]]),
        ("list-too-short", lambda q: [1 - k for k in q if k < 1]),
        ("wrong-value", lambda q: sorted(1 - k for k in q)),
        ("wrong-value", lambda q: [1 - k or 0.5 for k in q]),
        ("result-constant", lambda q: [0.5 for _ in q]),
        ("result-changed", lambda q: [(1 - k) / k for k in q]),
        ("returns-none", lambda q: print([1 - k for k in q])),
    ],
    "dropout_module": [
        ("constant-added", BracketsLost),
        ("noise-added", AddsNoise),
        ("mode-changes-for-good", StaysInTraining),
        ("mask-shared-along-an-axis", DropsChannels),
        ("dropped-ones-not-zero", DropsToOne),
        ("mode-changes-for-good", DropoutUntilEvaluated),
        ("random-numbers-for-mask", TimesRandomNumbers),
        ("dropped-ones-left", KeepsWhatItShouldDrop),
        ("uniform-around-zero", AroundZero),
        ("keep-drop-swapped", layer(drop=lambda self, x: x * (torch.rand_like(x) < self.p) / (1 - self.p))),
        ("keep-drop-swapped", layer(drop=lambda self, x: x * (torch.rand_like(x) < self.p) / self.p)),
        ("keep-drop-swapped", layer(drop=lambda self, x: functional.dropout(x, 1 - self.p))),
        (
            "keep-drop-swapped + scale-missing",
            layer(drop=lambda self, x: x * torch.bernoulli(torch.full_like(x, self.p))),
        ),
        ("scale-missing", layer(drop=lambda self, x: x * (torch.rand_like(x) >= self.p))),
        ("scale-inverted", layer(drop=lambda self, x: x * (torch.rand_like(x) >= self.p) * (1 - self.p))),
        ("scale-by-drop", layer(drop=lambda self, x: x * (torch.rand_like(x) >= self.p) / self.p)),
        ("scale-by-share-seen", layer(drop=drop_by_share)),
        (
            "scaled-at-test-time",
            layer(drop=lambda self, x: x * (torch.rand_like(x) >= self.p), whole=lambda self, x: x * (1 - self.p)),
        ),
        ("scaled-in-both-modes", layer(whole=lambda self, x: x * (1 - self.p))),
        ("scaled-in-both-modes", layer(whole=lambda self, x: x / (1 - self.p))),
        ("drops-in-evaluation", layer(whole=MyDropout.drop)),
        ("drops-in-evaluation", layer(forward=lambda self, x: MyDropout.drop(self, x) if self.train else x)),
        ("drops-in-evaluation", layer(forward=lambda self, x: functional.dropout(x, self.p))),
        ("drops-in-evaluation", layer(forward=lambda self, x: nn.Dropout(self.p)(x))),
        ("modes-exchanged", layer(forward=lambda self, x: x if self.training else self.drop(x))),
        ("modes-exchanged", layer(forward=lambda self, x: functional.dropout(x, self.p, not self.training))),
        ("nothing-dropped", layer(drop=lambda self, x: x)),
        ("nothing-dropped", layer(drop=lambda self, x: x * (torch.rand_like(x) >= self.p).any() / (1 - self.p))),
        ("everything-dropped", layer(drop=lambda self, x: x * (torch.rand_like(x).long() > self.p))),
        ("one-coin-for-all", layer(drop=lambda self, x: x * (torch.rand(1) >= self.p) / (1 - self.p))),
        ("rows-share-mask", layer(drop=lambda self, x: x * (torch.rand(x.shape[1]) >= self.p) / (1 - self.p))),
        ("rows-share-mask", layer(drop=lambda self, x: x * (torch.rand_like(x[0]) >= self.p) / (1 - self.p))),
        ("row-drops-whole", layer(drop=lambda self, x: x * (torch.rand(len(x), 1) >= self.p) / (1 - self.p))),
        ("mask-drawn-once", MaskOnce),
        ("torch-seed-fixed", layer(drop=drop_seeded)),
        ("torch-seed-fixed", layer(drop=drop_with_fixed_generator)),
        ("not-torchs-generator", layer(drop=drop_by_numpy)),
        ("not-torchs-generator", layer(drop=drop_by_python)),
        ("count-fixed", layer(drop=drop_exactly)),
        ("p-ignored", layer(forward=lambda self, x: functional.dropout(x, training=self.training))),
        ("p-ignored", layer(drop=lambda self, x: 2 * x * torch.randint_like(x, 2))),
        ("normal-for-uniform", layer(drop=lambda self, x: x * (torch.randn_like(x) >= self.p) / (1 - self.p))),
        ("dropped-twice", layer(drop=lambda self, x: functional.dropout(MyDropout.drop(self, x), self.p))),
        ("input-lost", layer(drop=lambda self, x: (torch.rand_like(x) >= self.p) / (1 - self.p))),
        ("changes-its-argument", layer(drop=drop_in_place)),
        ("changes-its-argument", layer(drop=drop_by_index)),
        ("changes-its-argument", layer(drop=lambda self, x: functional.dropout(x, self.p, inplace=True))),
        ("graph-cut", layer(drop=lambda self, x: MyDropout.drop(self, x).detach())),
        ("graph-cut", layer(drop=lambda self, x: torch.tensor(MyDropout.drop(self, x.data), requires_grad=True))),
        ("forward-missing", Foward),
        ("forward-missing", Nested),
        ("init-forgotten", NoSuper),
        ("init-forgotten", NoSuperWithPart),
        ("not-a-module", NoModule),
        ("not-a-module", lambda p: lambda x: x * (torch.rand_like(x) >= p) / (1 - p)),
        ("object-for-class", MyDropout(0.3)),
        ("wrong-shape", layer(drop=lambda self, x: MyDropout.drop(self, x)[:3])),
        ("wrong-shape", layer(drop=lambda self, x: x[torch.rand_like(x) >= self.p] / (1 - self.p))),
        ("wrong-value", layer(drop=drop_small_values)),
        ("wrong-value", layer(whole=lambda self, x: x.abs())),
        ("returns-none", layer(drop=lambda self, x: None)),
        ("returns-none", layer(whole=lambda self, x: None)),
        ("number-for-tensor", layer(drop=lambda self, x: 3.0)),
        ("numpy-for-tensor", layer(drop=lambda self, x: MyDropout.drop(self, x).detach().numpy())),
        ("raises-an-error", layer(drop=lambda self, x: x * (torch.rand(x) >= self.p))),
        ("other-arguments", lambda: MyDropout(0.5)),
    ],
    "evaluate": [
        ("mode-toggled", evaluate_with_a_toggle),
        ("statistics-moved", with_p_zero_and_back),
        ("dtype-changed", evaluate_in_float32),
        ("model-not-switched", evaluate_parts_alone),
        ("statistics-moved", evaluate_without_dropout_alone),
        ("seed-set-for-all", evaluate_with_a_seed),
        ("no-grad-for-eval", without_gradients_alone),
        ("no-grad-for-eval", eval_without_brackets),
        ("eval-forgotten", lambda m, x: m(x)),
        ("average-for-whole-network", mean_of_passes),
        ("left-in-evaluation", left_in_eval),
        ("left-in-evaluation", mode_read_too_late),
        ("left-in-evaluation", attribute_put_back),
        ("parts-not-switched", attribute_set),
        ("left-in-training", always_back_to_training),
        ("gradients-kept", with_gradients),
        ("gradients-off-for-all", gradients_off),
        ("parameters-frozen", frozen),
        ("rates-changed", with_p_zero),
        ("output-transformed", lambda m, x: torch.sigmoid(evaluated(m, x))),
        ("output-transformed", lambda m, x: evaluated(m, x).softmax(dim=1)),
        ("output-transformed", lambda m, x: evaluated(m, x).argmax(dim=1)),
        ("output-transformed", lambda m, x: evaluated(m, x) > 0),
        ("numpy-for-tensor", lambda m, x: evaluated(m, x).numpy()),
        ("not-a-tensor", lambda m, x: (evaluated(m, x), m)),
        ("number-for-tensor", lambda m, x: evaluated(m, x).mean().item()),
        ("changes-its-argument", doubles_x),
        ("wrong-shape", lambda m, x: evaluated(m, x)[0]),
        ("wrong-shape", lambda m, x: evaluated(m, x).T),
        ("wrong-value", lambda m, x: 2 * evaluated(m, x)),
        ("wrong-value", lambda m, x: evaluated(m, x.abs())),
        ("raises-an-error", lambda m, x: evaluated(m, x.T)),
        ("returns-none", lambda m, x: None),
    ],
    "decay_groups": [
        ("left-out-of-groups", groups_by_layer),
        ("norm-scales-decay", groups_by_name),
        ("biases-decay", lambda m, d: [{"params": list(m.parameters()), "weight_decay": d}]),
        ("biases-decay", lambda m, d: [{"params": m.parameters(), "weight_decay": d}]),
        (
            "biases-decay",
            lambda m, d: [{"params": p, "weight_decay": d if p.ndim >= 1 else 0.0} for p in m.parameters()],
        ),
        ("weights-do-not-decay", lambda m, d: groups(weights(m), biases(m), 0.0)),
        ("groups-swapped", lambda m, d: groups(biases(m), weights(m), d)),
        ("left-out-of-groups", lambda m, d: [{"params": weights(m), "weight_decay": d}]),
        ("left-out-of-groups", generator_used_up),
        ("parameter-twice", lambda m, d: groups(m.parameters(), biases(m), d)),
        ("parameter-twice", lambda m, d: groups(weights(m), list(m.parameters()), d)),
        ("decay-unsaid", lambda m, d: [{"params": weights(m), "weight_decay": d}, {"params": biases(m)}]),
        ("decay-unsaid", lambda m, d: [{"params": weights(m), "weight-decay": d}, {"params": biases(m)}]),
        ("decay-rescaled", lambda m, d: groups(weights(m), biases(m), d / 2)),
        ("decay-rescaled", lambda m, d: groups(weights(m), biases(m), 2 * d)),
        ("decay-hard-coded", lambda m, d: groups(weights(m), biases(m), 0.02)),
        ("decay-hard-coded", lambda m, d: groups(weights(m), biases(m), 1e-4)),
        (
            "more-axes-left-out",
            lambda m, d: groups(
                [p for p in m.parameters() if p.ndim == 2], [p for p in m.parameters() if p.ndim != 2], d
            ),
        ),
        (
            "more-axes-left-out",
            lambda m, d: groups(
                [p for p in m.parameters() if p.ndim == 2], [p for p in m.parameters() if p.ndim == 1], d
            ),
        ),
        ("copies-for-parameters", lambda m, d: groups([W.detach() for W in weights(m)], biases(m), d)),
        ("copies-for-parameters", lambda m, d: groups(list(m.state_dict()), [], d)),
        ("copies-for-parameters", lambda m, d: groups(weights(copy.deepcopy(m)), biases(m), d)),
        ("not-groups", lambda m, d: list(m.parameters())),
        ("not-groups", lambda m, d: (weights(m), biases(m))),
        ("not-groups", lambda m, d: {"params": weights(m), "weight_decay": d}),
        ("not-groups", lambda m, d: torch.optim.SGD(groups(weights(m), biases(m), d), lr=0.1)),
        ("not-groups", lambda m, d: [{"weights": weights(m), "weight_decay": d}]),
        ("not-groups", lambda m, d: groups(set(weights(m)), set(biases(m)), d)),
        ("parameters-frozen", biases_frozen),
        ("decay-not-a-number", lambda m, d: groups(weights(m), biases(m), None)),
        ("wrong-value", first_weight_only),
        ("wrong-value", lambda m, d: groups(weights(m), biases(m), d**2)),
        ("wrong-value", lambda m, d: groups(weights(m), biases(m), min(d, 0.05))),
        ("returns-none", lambda m, d: None),
        ("unknown-attribute", lambda m, d: groups(m.weights, m.biases, d)),
    ],
    "l1_norm": [
        ("other-kind-for-tensor", lambda m: torch.abs(m.parameters()).sum()),
        ("leaf-in-place", l1_into_a_leaf),
        ("largest-for-sum", lambda m: sum(W.abs().max() for W in weights(m))),
        ("number-of-weights", lambda m: sum((W != 0).sum() for W in weights(m)) + 0.0 * m.linear[0].weight.sum()),
        ("nothing-added-up", lambda m: sum((W.abs().sum() for W in m.parameters() if W.ndim > 9), torch.zeros(()))),
        ("squares-for-absolute + biases-in-norm", lambda m: sum(p.square().sum() for p in m.parameters())),
        ("norm-scales-in-norm", lambda m: sum(p.abs().sum() for name, p in m.named_parameters() if "bias" not in name)),
        (
            "nested-layers-missed",
            lambda m: sum(
                (p.weight.abs().sum() for p in m.children() if hasattr(p, "weight") and p.weight.ndim > 1),
                torch.zeros(()),
            ),
        ),
        ("more-axes-left-out", l1_by_layers),
        ("biases-in-norm", lambda m: sum(p.abs().sum() for p in m.parameters())),
        ("squares-for-absolute", lambda m: sum((W**2).sum() for W in weights(m))),
        ("absolute-missing", lambda m: sum(W.sum() for W in weights(m))),
        ("absolute-after-sum", lambda m: sum(W.sum().abs() for W in weights(m))),
        ("absolute-after-sum", lambda m: abs(sum(W.sum() for W in weights(m)))),
        ("mean-of-absolute", lambda m: torch.cat([W.flatten() for W in weights(m)]).abs().mean()),
        ("mean-of-absolute", lambda m: sum(W.abs().mean() for W in weights(m))),
        ("mean-of-absolute", lambda m: torch.stack([W.abs().sum() for W in weights(m)]).mean()),
        ("euclidean-norm", lambda m: sum(W.norm() for W in weights(m))),
        ("euclidean-norm", lambda m: torch.cat([W.flatten() for W in weights(m)]).norm()),
        ("matrix-norm", lambda m: sum(torch.linalg.norm(W, 1) for W in weights(m))),
        ("half-kept", lambda m: 0.5 * sum(W.abs().sum() for W in weights(m))),
        ("first-layer-only", l1_returned_at_once),
        ("first-layer-only", lambda m: weights(m)[0].abs().sum()),
        ("last-layer-only", l1_overwritten),
        ("graph-cut", lambda m: sum(W.detach().abs().sum() for W in weights(m))),
        ("graph-cut", l1_without_gradients),
        ("graph-cut", lambda m: torch.tensor(sum(W.abs().sum().item() for W in weights(m)), requires_grad=True)),
        ("graph-cut", half_of_it_detached),
        ("number-for-tensor", lambda m: sum(W.abs().sum().item() for W in weights(m))),
        ("numpy-for-tensor", lambda m: sum(np.abs(W.detach().numpy()).sum() for W in weights(m))),
        ("not-a-tensor", lambda m: [W.abs().sum() for W in weights(m)]),
        ("backward-inside", l1_with_backward),
        ("changes-its-argument", l1_in_place),
        ("parameters-frozen", l1_frozen),
        ("more-axes-left-out", lambda m: sum(W.abs().sum() for W in m.parameters() if W.ndim == 2)),
        ("wrong-shape", lambda m: weights(m)[0].abs()),
        ("wrong-shape", lambda m: torch.stack([W.abs().sum() for W in weights(m)])),
        ("wrong-value", l1_twice_half_detached),
        ("wrong-value", lambda m: sum(b.abs().sum() for b in biases(m))),
        ("wrong-value", lambda m: sum(W.abs().sum() for W in weights(m)) + 1),
        ("unknown-attribute", lambda m: m.parameters().abs().sum()),
        ("returns-none", lambda m: None),
    ],
    "clip_rows": [
        ("first-row-only", first_rows_clipped),
        ("root-missing + short-rows-stretched", clipping_without_limit(lambda W: W.square().sum(dim=1, keepdim=True))),
        ("norm-scales-clipped", clipping_of(lambda W: W.norm(dim=-1, keepdim=True), lambda name: "bias" not in name)),
        ("largest-entry-for-length", clipping_of(lambda W: W.abs().amax(dim=1, keepdim=True))),
        ("mean-for-length", clipping_of(lambda W: W.pow(2).mean(dim=1, keepdim=True).sqrt())),
        ("limit-squared", clipping_of(lambda W: W.norm(dim=1, keepdim=True), of_limit=lambda c: c**2)),
        ("limit-squared", clipping_of(lambda W: W.norm(dim=1, keepdim=True), of_limit=lambda c: c**0.5)),
        ("short-rows-stretched", clipping(lambda W, c: W / lengths(W) * c)),
        ("short-rows-stretched", clipping(lambda W, c: functional.normalize(W, dim=1) * c)),
        ("limit-from-below", clipping(lambda W, c: W * (c / lengths(W)).clamp(min=1))),
        ("columns-clipped", clipping(lambda W, c: torch.renorm(W, p=2, dim=1, maxnorm=c))),
        ("columns-clipped", clipping(lambda W, c: W * (c / W.norm(dim=0, keepdim=True)).clamp(max=1))),
        ("entries-clipped", clipping(lambda W, c: W.clamp(-c, c))),
        ("entries-clipped", clipping(lambda W, c: torch.where(W.abs() > c, c * W.sign(), W))),
        ("matrix-scaled", clipping(lambda W, c: W * min(1.0, c / W.norm()))),
        ("matrix-scaled", clipping(lambda W, c: W * c / W.norm())),
        ("matrix-scaled", clipping(lambda W, c: W * c / max(c, lengths(W).max()))),
        ("root-missing", clipping(lambda W, c: W * (c / (W**2).sum(dim=1, keepdim=True)).clamp(max=1))),
        ("length-by-absolute", clipping(lambda W, c: W * (c / W.abs().sum(dim=1, keepdim=True)).clamp(max=1))),
        ("unit-length", clipping(lambda W, c: functional.normalize(W, dim=1))),
        ("unit-length", clipping(lambda W, c: torch.where(lengths(W) > c, W / lengths(W), W))),
        ("unit-length", clipping(lambda W, c: W * (1 / lengths(W)).clamp(max=1))),
        ("axis-lost", clipping(lambda W, c: W * (c / W.norm(dim=1)).clamp(max=1))),
        ("zero-row", clipping(lambda W, c: W / lengths(W) * lengths(W).clamp(max=c))),
        ("rows-zeroed", clipping(lambda W, c: W * (lengths(W) <= c))),
        ("needs-no-grad", clip_without_no_grad),
        ("needs-no-grad", clip_rows_without_no_grad),
        ("name-rebound", clip_rebinding),
        ("name-rebound", clip_a_copy),
        ("name-rebound", lambda model, c: [torch.renorm(W, 2, 0, c) for W in weights(model)]),
        ("gradients-clipped", clip_gradients),
        ("parameter-replaced", clip_by_new_parameters),
        ("parameters-frozen", clip_and_freeze),
        ("gradients-off-for-all", clip_gradients_off),
        ("biases-clipped", clip_all_parameters),
        ("biases-clipped", clip_biases_alike),
        ("first-layer-only", clip_first),
        ("axis-not-there", clip_without_biases_in_mind),
        ("wrong-value", clipping(lambda W, c: W * 0.5)),
        ("wrong-value", clipping(lambda W, c: torch.where(lengths(W) > c, W - (lengths(W) - c), W))),
        ("wrong-value", clip_and_revive),
    ],
    "make_model": [
        ("not-a-module", lambda sizes, q: lambda x: x),
        ("class-for-model", lambda sizes, q: ByModuleList),
        ("init-forgotten", SetUpLate),
        ("forward-missing", Fowards),
        ("forward-missing", lambda sizes, q: nn.ModuleList([nn.Linear(n, k) for n, k in pairwise(sizes)])),
        ("layers-not-registered", InAList),
        ("layers-not-registered", LastInAList),
        ("sizes-ignored", model_with_fixed_sizes),
        ("sizes-ignored", lambda sizes, q: model_of()([*sizes[:-1], sizes[-2], sizes[-1]], q)),
        ("wrong-shape", lambda sizes, q: model_of()(sizes[:-1], q)),
        ("wrong-shape", model_kind(forward=lambda self, x: ByModuleList.forward(self, x)[:, 0])),
        ("wrong-shape", model_for_columns),
        ("drops-in-evaluation", model_kind(drop=lambda self, a: functional.dropout(a, self.p))),
        ("drops-in-evaluation", model_kind(drop=lambda self, a: nn.Dropout(self.p)(a))),
        ("drops-in-evaluation", model_kind(drop=lambda self, a: functional.dropout(a, self.p, not self.training))),
        ("nothing-dropped", model_kind(drop=lambda self, a: a)),
        ("nothing-dropped", model_kind(drop=scaled_noise)),
        ("mask-drawn-once", model_of(drop=lambda p: MaskOnce(p))),
        ("rows-share-mask", model_kind(drop=lambda self, a: a * self.drop_of(torch.ones_like(a[:1])))),
        ("row-drops-whole", model_kind(drop=lambda self, a: a * self.drop_of(torch.ones_like(a[:, :1])))),
        ("keep-drop-swapped", model_of(rate=lambda q: q)),
        ("p-ignored", model_of(rate=lambda q: 0.5)),
        ("everything-dropped", model_of(rate=lambda q: 1.0)),
        ("scale-missing", model_kind(drop=lambda self, a: a * (torch.rand_like(a) >= self.p) if self.training else a)),
        ("dropout-on-output", lambda sizes, q: nn.Sequential(model_of()(sizes, q), nn.Dropout(1 - q))),
        ("dropout-on-output", lambda sizes, q: nn.Sequential(model_of()(sizes, q), nn.Dropout(q))),
        ("dropout-on-input", lambda sizes, q: nn.Sequential(nn.Dropout(1 - q), model_of()(sizes, q))),
        ("dropout-on-input", lambda sizes, q: nn.Sequential(nn.Dropout(0.2), model_of(nn.Tanh)(sizes, q))),
        ("layer-without-dropout", model_of(dropped=lambda n: 1)),
        ("dropout-before-activation", model_of(nn.Sigmoid, swapped=True)),
        ("dropout-before-activation", model_of(nn.Tanh, swapped=True)),
        ("probabilities-for-logits", model_of(last=[nn.Sigmoid])),
        ("probabilities-for-logits", model_of(nn.Tanh, last=[lambda: nn.Softmax(dim=1)])),
        ("relu-on-output", model_of(last=[nn.ReLU])),
        ("activation-missing", model_of(nn.Identity)),
        ("graph-cut", model_kind(forward=lambda self, x: ByModuleList.forward(self, x.detach()))),
        ("learns-too-little", model_hardly_learning),
        ("unknown-attribute", lambda sizes, q: nn.Sequential(nn.linear(2, 3))),
        ("other-arguments", lambda sizes: model_of()(sizes, 0.5)),
        ("returns-none", lambda sizes, q: None),
    ],
    "mc_predict": [
        ("dropout-off-in-sampling", mc_in_eval),
        ("dropout-off-in-sampling", mc_mode_as_it_comes),
        ("one-sample-repeated", mc_one_pass_repeated),
        ("one-sample-repeated", mc_seeded_in_the_loop),
        ("torch-seed-fixed", mc_seeded),
        ("variance-for-deviation", mc(lambda out: (out.mean(0), out.var(0)))),
        ("variance-for-deviation", mc(lambda out: (out.mean(0), out.var(0, unbiased=False)))),
        ("error-of-mean", mc(lambda out: (out.mean(0), out.std(0) / len(out) ** 0.5))),
        ("twice-the-deviation", mc(lambda out: (out.mean(0), 2 * out.std(0)))),
        ("twice-the-deviation", mc(lambda out: (out.mean(0), 4 * out.std(0)))),
        ("pair-swapped", mc(lambda out: (out.std(0), out.mean(0)))),
        ("pair-swapped", mc(lambda out: torch.std_mean(out, dim=0))),
        ("averaged-over-examples", mc(lambda out: (out.mean(), out.std()))),
        ("averaged-over-examples", mc(lambda out: (out.mean(dim=1), out.std(dim=1)))),
        ("averaged-over-examples", mc(lambda out: (out.mean(0, keepdim=True), out.std(0, keepdim=True)))),
        ("not-a-pair", mc(lambda out: out.mean(0))),
        ("not-a-pair", mc(lambda out: out)),
        ("not-a-pair", mc(lambda out: {"mean": out.mean(0), "std": out.std(0)})),
        ("whole-network-for-mean", mc_mean_of_whole),
        ("other-number-of-samples", lambda m, x, samples: mc_in_one_pass(m, x, 100)),
        ("other-number-of-samples", lambda m, x, samples: mc_in_one_pass(m, x, samples - 1)),
        ("left-in-training", mc_left_training),
        ("left-in-evaluation", mc_left_evaluating),
        ("gradients-kept", mc_with_gradients),
        ("gradients-off-for-all", mc_gradients_off),
        ("rates-changed", mc_p_changed),
        ("parameters-frozen", mc_frozen),
        ("numpy-for-tensor", mc_numpy),
        ("number-for-tensor", mc(lambda out: (out.mean().item(), out.std().item()))),
        ("not-a-tensor", mc(lambda out: (list(out.mean(0)), list(out.std(0))))),
        ("wrong-value", mc(lambda out: (2 * out.mean(0), out.std(0)))),
        ("wrong-value", mc(lambda out: (out.median(0).values, out.std(0)))),
        ("wrong-value", mc(lambda out: (out.mean(0), out.max(0).values - out.min(0).values))),
        ("wrong-value", mc(lambda out: (out.mean(0), 1.05 * out.std(0)))),
        ("wrong-value", mc_shifted),
        ("raises-an-error", mc(lambda out: (out.mean(0), np.std(out, 0)))),
        ("returns-none", lambda m, x, samples: None),
    ],
}
