"""The 70 000 digits of MNIST: from a file, or downloaded; the course does not bring them."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence

import numpy as np

from course_utils.arguments import Array
from course_utils.datasets import Split

__all__ = ["UnusableData", "misses", "mnist"]

NAMES = ("x_train", "y_train", "x_test", "y_test")
# Of the bytes of these four arrays one after another: a file may be packed in many ways.
SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"


class UnusableData(RuntimeError):
    """The digits cannot be had, or are others; the message says from where they came."""


def mnist(path: str | os.PathLike[str] | None = None) -> Split:
    """Return the digits of LeCun, Cortes and Burges, as they were published.

    Parameters
    ----------
    path : str or path, optional
        An .npz in the layout of Keras: ``x_train`` (60000, 28, 28), ``y_train`` (60000,), ``x_test`` (10000, 28, 28),
        ``y_test`` (10000,), uint8. Without one scikit-learn downloads them from OpenML, and keeps them.

    Returns
    -------
    Split
        x (784, m) and the classes y (m,), uint8.

    Raises
    ------
    UnusableData
        If they cannot be read, or are not the digits.
    """
    try:
        arrays, source = (from_openml(), "OpenML") if path is None else (from_file(path), str(path))
    except ImportError as error:
        raise UnusableData(
            'MNIST needs a file, or scikit-learn to download it: pip install "scikit-learn>=1.4"'
        ) from error
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UnusableData(f"MNIST cannot be read: {type(error).__name__}: {error}") from error
    if digest(arrays) != SHA256:
        raise UnusableData(f"{source} does not hold MNIST as it was published: its SHA-256 is another one")
    x_train, y_train, x_test, y_test = arrays
    return Split(x_train.reshape(-1, 784).T, y_train, x_test.reshape(-1, 784).T, y_test)


def misses(wrong: Sequence[Sequence[int]], m: int = 10_000) -> Array:
    """Return for each of m test digits the share of networks that get it wrong, from lists of their places.

    Their mean is the mean error of the networks; its interval over the digits says how much other digits would change.

    Examples
    --------
    >>> misses([[0, 2], [2]], m=4)
    array([0.5, 0. , 1. , 0. ])
    """
    return np.bincount(np.concatenate(wrong).astype(int), minlength=m) / len(wrong)


def digest(arrays: Sequence[Array]) -> str:
    """Return the SHA-256 of the bytes of all arrays, as hexadecimal digits."""
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def from_file(path: str | os.PathLike[str]) -> list[Array]:
    """Return the four arrays of an .npz."""
    with open(path, "rb") as file, np.load(file) as arrays:
        return [arrays[name] for name in NAMES]


def from_openml() -> list[Array]:
    """Return the four arrays from OpenML, where those of the test come last."""
    from sklearn.datasets import fetch_openml

    x, y = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False)
    x, y = x.astype(np.uint8), y.astype(np.uint8)
    return [x[:60_000], y[:60_000], x[60_000:], y[60_000:]]
