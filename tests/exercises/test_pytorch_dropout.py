"""Checks of chapter 04: right answers pass, each planted mistake is named, unsolved stubs stop nothing."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="chapter 04 needs torch")
from torch import nn  # noqa: E402

from course_utils.authoring.source import read_source  # noqa: E402
from course_utils.exercises import check  # noqa: E402
from course_utils.exercises.pytorch_dropout import CHECKS  # noqa: E402

SOURCE = Path(__file__).resolve().parents[2] / "notebooks" / "source" / "04_pytorch_dropout.py"


def verdict(capsys, name, answer):
    check(name, answer)
    return capsys.readouterr().out


class Layer(nn.Module):
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
    """Return a kind of Layer with some methods replaced."""
    return type("Planted", (Layer,), methods)


class Functional(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return nn.functional.dropout(x, self.p, training=self.training)


class Foward(nn.Module):
    def __init__(self, p):
        super().__init__()

    def foward(self, x):
        return x


class MaskOnce(Layer):
    mask = None

    def drop(self, x):
        if self.mask is None:
            self.mask = torch.rand_like(x) >= self.p
        return x * self.mask / (1 - self.p)


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


def without_gradients_alone(model, x):
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


def with_gradients(model, x):
    was = model.training
    out = model.eval()(x)
    model.train(was)
    return out


def weights(model):
    return [p for p in model.parameters() if p.ndim >= 2]


def biases(model):
    return [p for p in model.parameters() if p.ndim < 2]


def clip_by_loop(model, c):
    for W in weights(model):
        for row in W.data:
            if row.norm() > c:
                row *= c / row.norm()


def clip_by_renorm(model, c):
    with torch.no_grad():
        for W in weights(model):
            W.copy_(torch.renorm(W, p=2, dim=0, maxnorm=c))


def clipping(change):
    """Return an answer that changes each weight matrix by ``change(W, c)``."""

    def answer(model, c):
        with torch.no_grad():
            for W in weights(model):
                W.copy_(change(W, c))

    return answer


def clip_with_gradients(model, c):
    for W in weights(model):
        W.mul_(0.5)


def clip_biases_too(model, c):
    clip_by_renorm(model, c)
    with torch.no_grad():
        for b in biases(model):
            b.mul_(0.5)


def clip_frozen(model, c):
    for W in weights(model):
        W.requires_grad_(False)
    clip_by_renorm(model, c)


def sampled(model, x, samples):
    was = model.training
    model.train()
    with torch.no_grad():
        out = torch.stack([model(x) for _ in range(samples)])
    model.train(was)
    return out


def mc_right(model, x, samples):
    out = sampled(model, x, samples)
    return out.mean(dim=0), out.std(dim=0)


def mc_in_one_pass(model, x, samples):
    was = model.training
    with torch.no_grad():
        out = model.train()(x.repeat(samples, 1)).reshape(samples, len(x), -1)
    model.train(was)
    return [out.mean(0), out.std(0, unbiased=False)]


def mc_in_eval(model, x, samples):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = torch.stack([model(x) for _ in range(samples)])
    model.train(was)
    return out.mean(dim=0), out.std(dim=0)


def mc_left_training(model, x, samples):
    out = sampled(model.train(), x, samples)
    return out.mean(dim=0), out.std(dim=0)


def mc_with_gradients(model, x, samples):
    was = model.training
    model.train()
    out = torch.stack([model(x) for _ in range(samples)])
    model.train(was)
    return out.mean(dim=0), out.std(dim=0)


def mc(summary):
    """Return an answer that makes ``summary`` of right samples."""
    return lambda model, x, samples: summary(sampled(model, x, samples))


RIGHT = {
    "p_for_pytorch": [lambda q: [1 - k for k in q], lambda q: 1 - np.array(q), lambda q: tuple(1.0 - k for k in q)],
    "dropout_module": [Layer, Functional, nn.Dropout],
    "evaluate": [evaluated, in_inference_mode],
    "decay_groups": [
        lambda m, d: [{"params": weights(m), "weight_decay": d}, {"params": biases(m), "weight_decay": 0.0}],
        lambda m, d: [{"params": [p], "weight_decay": d if p.ndim > 1 else 0} for p in m.parameters()],
        lambda m, d: (
            {"params": (p for n, p in m.named_parameters() if n.endswith("bias")), "weight_decay": 0},
            {"params": (p for n, p in m.named_parameters() if n.endswith("weight")), "weight_decay": d},
        ),
    ],
    "l1_norm": [
        lambda m: sum(W.abs().sum() for W in weights(m)),
        lambda m: torch.cat([W.flatten() for W in weights(m)]).norm(p=1),
    ],
    "clip_rows": [clip_by_loop, clip_by_renorm],
    "mc_predict": [mc_right, mc_in_one_pass],
}
WRONG = {
    "p_for_pytorch": {
        "keep_prob itself": lambda q: q,
        "the scale": lambda q: [1 / k for k in q],
        "one p for each": lambda q: [1 - q[0]],
        "p is not 1": lambda q: [0.5 for _ in q],
        "returns None": lambda q: None,
    },
    "dropout_module": {
        "probability to drop, not to keep": layer(
            drop=lambda self, x: x * (torch.rand_like(x) < self.p) / (1 - self.p)
        ),
        "divided by 1 - p": layer(drop=lambda self, x: x * (torch.rand_like(x) >= self.p)),
        "scales at test time": layer(
            drop=lambda self, x: x * (torch.rand_like(x) >= self.p), whole=lambda self, x: x * (1 - self.p)
        ),
        "as it went in, unscaled": layer(whole=lambda self, x: x * (1 - self.p)),
        "still drops": layer(whole=Layer.drop),
        "nothing is dropped": layer(drop=lambda self, x: x),
        "misspelt": Foward,
        "foward": Foward,
        "inherits from nn.Module": lambda p: lambda x: x,
        "new random numbers": MaskOnce,
        "must have the shape": layer(drop=lambda self, x: Layer.drop(self, x)[:3]),
        "returns None": layer(drop=lambda self, x: None),
        "must be a tensor": layer(drop=lambda self, x: 3.0),
    },
    "evaluate": {
        "torch.no_grad() does not switch it off": without_gradients_alone,
        "mode in which it came": left_in_eval,
        "do not call model.train() regardless": always_back_to_training,
        "still carries gradients": with_gradients,
        "not the model's output": lambda m, x: 2 * evaluated(m, x),
        "returns None": lambda m, x: None,
        "must be a tensor": lambda m, x: evaluated(m, x).numpy(),
    },
    "decay_groups": {
        "A bias decays": lambda m, d: [{"params": list(m.parameters()), "weight_decay": d}],
        "never be trained": lambda m, d: [{"params": weights(m), "weight_decay": d}],
        "in two groups": lambda m, d: [
            {"params": m.parameters(), "weight_decay": d}, {"params": biases(m), "weight_decay": 0.0}
        ],
        "lacks": lambda m, d: [{"params": weights(m), "weight_decay": d}, {"params": biases(m)}],
        "A weight must have": lambda m, d: [{"params": list(m.parameters()), "weight_decay": 0.0}],
        "Return a list of dicts": lambda m, d: list(m.parameters()),
        "returns None": lambda m, d: None,
    },
    "l1_norm": {
        "biases are in it": lambda m: sum(p.abs().sum() for p in m.parameters()),
        "squares": lambda m: sum((W**2).sum() for W in weights(m)),
        "without abs()": lambda m: sum(W.sum() for W in weights(m)),
        "a mean": lambda m: torch.cat([W.flatten() for W in weights(m)]).abs().mean(),
        "No gradient": lambda m: sum(W.detach().abs().sum() for W in weights(m)),
        "Leave .item()": lambda m: sum(W.abs().sum().item() for W in weights(m)),
        "must be one number": lambda m: weights(m)[0].abs(),
        "not the sum": lambda m: weights(m)[0].abs().sum(),
    },
    "clip_rows": {
        "were stretched": clipping(lambda W, c: W / W.norm(dim=1, keepdim=True) * c),
        "Columns": clipping(lambda W, c: torch.renorm(W, p=2, dim=1, maxnorm=c)),
        "Every single weight": clipping(lambda W, c: W.clamp(-c, c)),
        "whole matrix": clipping(lambda W, c: W * min(1.0, c / W.norm())),
        "Nothing has changed": clipping(lambda W, c: W),
        "with torch.no_grad()": clip_with_gradients,
        "biases have changed": clip_biases_too,
        "no gradients any more": clip_frozen,
        "Rows longer than c": clipping(lambda W, c: W * 0.5),
    },
    "mc_predict": {
        "All samples are equal": mc_in_eval,
        "mode in which it came": mc_left_training,
        "gradients of every sample": mc_with_gradients,
        "variance": mc(lambda out: (out.mean(0), out.var(0))),
        "error of the mean": mc(lambda out: (out.mean(0), out.std(0) / len(out) ** 0.5)),
        "over the samples": mc(lambda out: (out.mean(), out.std())),
        "not the deviation": mc(lambda out: (out.mean(0), 2 * out.std(0))),
        "not the mean": mc(lambda out: (2 * out.mean(0), out.std(0))),
        "two tensors": mc(lambda out: out.mean(0)),
        "returns None": lambda m, x, samples: None,
    },
}  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_right_answers_pass(capsys, name, answer):
    assert verdict(capsys, name, answer).startswith(f"{name}: done.")


@pytest.mark.parametrize(
    ("name", "message", "answer"),
    [(name, message, answer) for name, wrong in WRONG.items() for message, answer in wrong.items()],
)
def test_planted_mistakes_are_named(capsys, name, message, answer):
    said = verdict(capsys, name, answer)
    assert said.startswith(f"{name}: not yet.")
    assert message in said


def answers_of_the_chapter(variant):
    """Return the functions and classes of the chapter's exercise cells, by the name of their check."""
    space = {"np": np, "torch": torch, "nn": nn, "functional": nn.functional}
    given = {}

    def keep(name, answer):
        given[name] = answer

    for cell in read_source(SOURCE).cells:
        if cell.kind == "code" and cell.key.startswith(("exercise-", "check-")):
            exec(cell.variant_text(variant), space | {"check": keep} if cell.key.startswith("check-") else space)
    return given


def test_the_chapters_own_solutions_pass(capsys):
    answers = answers_of_the_chapter("instructor")
    assert set(answers) == set(CHECKS) == set(RIGHT) == set(WRONG)
    for name, answer in answers.items():
        assert verdict(capsys, name, answer).startswith(f"{name}: done.")


def test_the_chapters_stubs_are_not_attempted(capsys):
    for name, answer in answers_of_the_chapter("student").items():
        assert "not attempted yet" in verdict(capsys, name, answer)


def test_checks_leave_pytorchs_generator_alone(capsys):
    torch.manual_seed(7)
    before = torch.get_rng_state()
    for name, (answer, *_) in RIGHT.items():
        verdict(capsys, name, answer)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_file_of_checks_does_not_load_torch():
    code = "import sys, course_utils.exercises; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
