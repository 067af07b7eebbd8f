"""Data of the course, all made here or embedded: quadrants, the seeds' 200 points, the sine, digits, tumours.

One example per column, as everywhere: x is (n_x, m), y is (n_y, m).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files

import numpy as np

from course_utils.arguments import Array, checked_count, checked_number, checked_rng

__all__ = [
    "Split",
    "digits",
    "digits_split",
    "noisy_quadrants",
    "quadrants",
    "seed_quadrants",
    "sine",
    "tumours",
    "tumours_split",
]


@dataclass(frozen=True)
class Split:
    """Training and test examples."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


def quadrants(m: int, rng: np.random.Generator, flipped: float = 0.0) -> tuple[Array, Array]:
    """Draw points of the plane whose class is 1 where both coordinates have the same sign.

    Parameters
    ----------
    m : int >= 1
        Number of points, normally distributed around 0.
    rng : numpy.random.Generator
    flipped : float in [0, 1]
        Share of labels turned round, rounded to whole points: noise that a network can only learn by heart.

    Returns
    -------
    x (2, m), y (1, m) of zeros and ones
    """
    m, rng = checked_count("m", m), checked_rng(rng)
    flipped = checked_number("flipped", flipped, "in [0, 1]", 0.0, 1.0, open_low=False)
    x = rng.standard_normal((2, m))
    y = same_signs(x)
    wrong = rng.permutation(m)[: round(flipped * m)]
    y[:, wrong] = 1 - y[:, wrong]
    return x, y


def noisy_quadrants(rng: np.random.Generator, m_train: int = 100, m_test: int = 4000, flipped: float = 0.15) -> Split:
    """Draw training points with some labels flipped, and test points with clean labels.

    With clean training labels nothing overfits here and regularization looks useless.
    """
    m_train, m_test = checked_count("m_train", m_train), checked_count("m_test", m_test)
    x_train, y_train = quadrants(m_train, rng, flipped)
    x_test, y_test = quadrants(m_test, rng)
    return Split(x_train, y_train, x_test, y_test)


def same_signs(x: Array) -> Array:
    """Return 1 for columns whose two coordinates have the same sign, else 0; shape (1, m)."""
    return ((x[0] > 0) == (x[1] > 0)).astype(float)[np.newaxis]


def seed_quadrants() -> tuple[Array, Array, np.random.RandomState]:
    """Return the 200 points of the course's first seed, and NumPy's legacy generator just after drawing them.

    The generator goes on to draw that notebook's weights and masks; the global generator is not touched.
    """
    legacy = np.random.RandomState(1)
    x = legacy.randn(2, 200)
    return x, same_signs(x), legacy


def sine(m: int = 100) -> tuple[Array, Array]:
    """Return x = 0, 1/m, ... and y = 20 sin(2πx), both (1, m), as in the course's second seed."""
    x = np.arange(checked_count("m", m))[np.newaxis] / m  # (1, m)
    return x, 20 * np.sin(2 * np.pi * x)


def digits() -> tuple[Array, Array]:
    """Return scikit-learn's 1797 handwritten digits: pixels in [0, 1] (64, 1797), one-hot classes (10, 1797).

    An image is 8 × 8; ``x[:, i].reshape(8, 8)`` shows it.
    """
    with files("course_utils").joinpath("data/digits.npz").open("rb") as file, np.load(file) as stored:
        images, labels = stored["images"], stored["labels"]
    x = images.T / 16.0  # (64, 1797)
    y = np.eye(10)[:, labels]  # (10, 1797)
    return x, y


def digits_split(m_train: int, rng: np.random.Generator) -> Split:
    """Draw ``m_train`` digits for training; all the others are for testing."""
    return drawn(*digits(), "digits", checked_count("m_train", m_train), rng)


def tumours() -> tuple[Array, Array]:
    """Return eight measurements of 569 breast tumours, in their own units (8, 569), and 1 for malignant ones (1, 569).

    They are radius, texture, perimeter, area, smoothness, compactness, concavity and concave points of the cell nuclei,
    each averaged over one tumour: the first eight columns of scikit-learn's ``load_breast_cancer``.
    """
    with files("course_utils").joinpath("data/tumours.npz").open("rb") as file, np.load(file) as stored:
        return stored["features"].T, stored["malignant"][np.newaxis].astype(float)


def tumours_split(m_train: int, rng: np.random.Generator) -> Split:
    """Draw ``m_train`` tumours for training; all the others are for testing.

    Each measurement has mean 0 and standard deviation 1 over the training tumours; one that is the same in all of
    them, as may happen with two, is 0 and keeps its unit. The test tumours are moved and scaled by the same numbers, in
    which they have no part.
    """
    data = drawn(*tumours(), "tumours", checked_count("m_train", m_train, 2), rng)
    mean, deviation = data.x_train.mean(axis=1, keepdims=True), data.x_train.std(axis=1, keepdims=True)  # (8, 1)
    deviation[np.ptp(data.x_train, axis=1) == 0] = 1
    return replace(data, x_train=(data.x_train - mean) / deviation, x_test=(data.x_test - mean) / deviation)


def drawn(x: Array, y: Array, what: str, m_train: int, rng: np.random.Generator) -> Split:
    """Draw ``m_train`` examples for training; all the others are for testing."""
    if m_train >= x.shape[1]:
        raise ValueError(f"m_train must be below {x.shape[1]}, to leave {what} for testing, got {m_train}")
    order = checked_rng(rng).permutation(x.shape[1])
    chosen, rest = order[:m_train], order[m_train:]
    return Split(x[:, chosen], y[:, chosen], x[:, rest], y[:, rest])
