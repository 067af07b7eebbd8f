"""Optimizers: gradient descent, momentum, Adam and AdamW, each one update of every parameter.

``start(parameters)`` gives the state before the first step; ``step(parameters, gradients, state)`` returns new
parameters and a new state and changes neither. Any array works in place of a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np

from course_utils.arguments import (
    Array,
    BelowOne,
    Domain,
    Gradients,
    NamedArrays,
    Nonnegative,
    Parameters,
    Positive,
    Settings,
    checked,
    shown,
)

__all__ = ["Adam", "AdamW", "GradientDescent", "Momentum", "Optimizer"]

State: TypeAlias = dict[str, Any]


def zeros_like(parameters: Parameters) -> dict[str, Array]:
    """Return a zero array for each parameter."""
    return {name: np.zeros_like(value) for name, value in parameters.items()}


@dataclass(frozen=True)
class GradientDescent(Settings):
    """W ← W - η dW."""

    learning_rate: Positive = 0.1

    @checked
    def start(self, parameters: NamedArrays) -> State:
        """Return an empty state."""
        return {}

    @checked
    def step(self, parameters: NamedArrays, gradients: Gradients, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters and the state."""
        return {name: value - self.learning_rate * gradients[name] for name, value in parameters.items()}, state


@dataclass(frozen=True)
class Momentum(Settings):
    """V ← β V + dW, then W ← W - η V (PyTorch's form of Polyak's momentum)."""

    learning_rate: Positive = 0.1
    beta: BelowOne = 0.9

    @checked
    def start(self, parameters: NamedArrays) -> State:
        """Return zero velocities."""
        return {"velocity": zeros_like(parameters)}

    @checked
    def step(self, parameters: NamedArrays, gradients: Gradients, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters and the new velocities."""
        velocity = {name: self.beta * v + gradients[name] for name, v in state["velocity"].items()}
        return {name: value - self.learning_rate * velocity[name] for name, value in parameters.items()}, {
            "velocity": velocity
        }


@dataclass(frozen=True)
class Adam(Settings):
    """Running means of dW and dW², corrected for their start at zero (Kingma & Ba 2015, algorithm 1)."""

    learning_rate: Positive = 0.001
    beta1: BelowOne = 0.9
    beta2: BelowOne = 0.999
    epsilon: Positive = 1e-8

    @checked
    def start(self, parameters: NamedArrays) -> State:
        """Return zero means and a step count of 0."""
        return {"steps": 0, "mean": zeros_like(parameters), "square": zeros_like(parameters)}

    @checked
    def step(self, parameters: NamedArrays, gradients: Gradients, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters and the new running means."""
        steps = state["steps"] + 1
        mean = {name: self.beta1 * v + (1 - self.beta1) * gradients[name] for name, v in state["mean"].items()}
        square = {name: self.beta2 * s + (1 - self.beta2) * gradients[name] ** 2 for name, s in state["square"].items()}
        updated = {}
        for name, value in parameters.items():
            mean_hat = mean[name] / (1 - self.beta1**steps)
            square_hat = square[name] / (1 - self.beta2**steps)
            updated[name] = value - self.learning_rate * mean_hat / (np.sqrt(square_hat) + self.epsilon)
        return updated, {"steps": steps, "mean": mean, "square": square}


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with weight decay beside the gradient: W ← (1 - ηw) W first (Loshchilov & Hutter 2019, algorithm 2).

    L2 inside the gradient would be divided by Adam's root mean square; this is not. Biases do not decay.
    """

    weight_decay: Nonnegative = 0.01

    @checked
    def step(self, parameters: NamedArrays, gradients: Gradients, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters, weights decayed, and the new running means."""
        kept = 1 - self.learning_rate * self.weight_decay
        decayed = {name: kept * value if name.startswith("W") else value for name, value in parameters.items()}
        return super().step(decayed, gradients, state)


Optimizer: TypeAlias = GradientDescent | Momentum | Adam


def checked_optimizer(name: str, optimizer: Any) -> Optimizer:
    """Return ``optimizer`` if it is one."""
    if not isinstance(optimizer, GradientDescent | Momentum | Adam):
        allowed = "GradientDescent(...), Momentum(...), Adam(...) or AdamW(...)"
        raise TypeError(f"{name} must be {allowed}, got {shown(optimizer)}")
    return optimizer


AnOptimizer: TypeAlias = Annotated[Optimizer, Domain(checked_optimizer)]
