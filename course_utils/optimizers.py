"""Optimizers: gradient descent, momentum, Adam and AdamW, each one update of every parameter.

``start(parameters)`` gives the state before the first step; ``step(parameters, gradients, state)`` returns new
parameters and a new state and changes neither. Any array works in place of a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from course_utils.arguments import Array, Parameters, checked_below_one, checked_nonnegative, checked_positive, shown

__all__ = ["Adam", "AdamW", "GradientDescent", "Momentum", "Optimizer"]

State: TypeAlias = dict[str, Any]


def set_floats(optimizer: Any, **values: float) -> None:
    """Store checked settings as plain floats: a NumPy float64 would turn float32 parameters into float64."""
    for name, value in values.items():
        object.__setattr__(optimizer, name, value)


def check_gradients(parameters: Parameters, gradients: Any) -> None:
    """Raise unless ``gradients`` holds one array of the right shape for every parameter."""
    if not isinstance(gradients, Mapping) or set(gradients) != set(parameters):
        given = list(gradients) if isinstance(gradients, Mapping) else shown(gradients)
        raise ValueError(f"gradients must be a dict with the keys of parameters, {list(parameters)}, got {given}")
    for name, value in parameters.items():
        if np.shape(gradients[name]) != np.shape(value):
            raise ValueError(
                f"gradients of {name} must have its shape, {np.shape(value)}, got {np.shape(gradients[name])}"
            )


def zeros_like(parameters: Parameters) -> dict[str, Array]:
    """Return a zero array for each parameter."""
    return {name: np.zeros_like(value) for name, value in parameters.items()}


@dataclass(frozen=True)
class GradientDescent:
    """W ← W - η dW."""

    learning_rate: float = 0.1

    def __post_init__(self) -> None:
        set_floats(self, learning_rate=checked_positive("learning_rate", self.learning_rate))

    def start(self, parameters: Parameters) -> State:
        """Return an empty state."""
        return {}

    def step(self, parameters: Parameters, gradients: Parameters, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters and the state."""
        check_gradients(parameters, gradients)
        return {name: value - self.learning_rate * gradients[name] for name, value in parameters.items()}, state


@dataclass(frozen=True)
class Momentum:
    """V ← β V + dW, then W ← W - η V (PyTorch's form of Polyak's momentum)."""

    learning_rate: float = 0.1
    beta: float = 0.9

    def __post_init__(self) -> None:
        learning_rate = checked_positive("learning_rate", self.learning_rate)
        set_floats(self, learning_rate=learning_rate, beta=checked_below_one("beta", self.beta))

    def start(self, parameters: Parameters) -> State:
        """Return zero velocities."""
        return {"velocity": zeros_like(parameters)}

    def step(self, parameters: Parameters, gradients: Parameters, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters and the new velocities."""
        check_gradients(parameters, gradients)
        velocity = {name: self.beta * v + gradients[name] for name, v in state["velocity"].items()}
        return {name: value - self.learning_rate * velocity[name] for name, value in parameters.items()}, {
            "velocity": velocity
        }


@dataclass(frozen=True)
class Adam:
    """Running means of dW and dW², corrected for their start at zero (Kingma & Ba 2015, algorithm 1)."""

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        set_floats(
            self,
            learning_rate=checked_positive("learning_rate", self.learning_rate),
            beta1=checked_below_one("beta1", self.beta1),
            beta2=checked_below_one("beta2", self.beta2),
            epsilon=checked_positive("epsilon", self.epsilon),
        )

    def start(self, parameters: Parameters) -> State:
        """Return zero means and a step count of 0."""
        return {"steps": 0, "mean": zeros_like(parameters), "square": zeros_like(parameters)}

    def step(self, parameters: Parameters, gradients: Parameters, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters and the new running means."""
        check_gradients(parameters, gradients)
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

    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        set_floats(self, weight_decay=checked_nonnegative("weight_decay", self.weight_decay))

    def step(self, parameters: Parameters, gradients: Parameters, state: State) -> tuple[dict[str, Array], State]:
        """Return the updated parameters, weights decayed, and the new running means."""
        kept = 1 - self.learning_rate * self.weight_decay
        decayed = {name: kept * value if name.startswith("W") else value for name, value in parameters.items()}
        return super().step(decayed, gradients, state)


Optimizer: TypeAlias = GradientDescent | Momentum | Adam


def checked_optimizer(optimizer: Any) -> Optimizer:
    """Return ``optimizer``, or Adam(0.02) for None."""
    if optimizer is None:
        return Adam(0.02)
    if not isinstance(optimizer, GradientDescent | Momentum | Adam):
        allowed = "GradientDescent(...), Momentum(...), Adam(...) or AdamW(...)"
        raise TypeError(f"optimizer must be {allowed}, got {shown(optimizer)}")
    return optimizer
