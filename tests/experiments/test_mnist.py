"""The digits of MNIST: what is read is them, or it is refused."""

import re
import sys

import numpy as np
import pytest

from course_utils.experiments import mnist as module
from course_utils.experiments.mnist import UnusableData, digest, from_openml, misses, mnist

ARRAYS = {
    "x_train": np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28),
    "y_train": np.array([3, 7], np.uint8),
    "x_test": np.ones((1, 28, 28), np.uint8),
    "y_test": np.array([1], np.uint8),
}


@pytest.fixture
def file(monkeypatch, tmp_path):
    """Write three digits, which stand for those that were published."""
    monkeypatch.setattr(module, "SHA256", digest(list(ARRAYS.values())))
    path = tmp_path / "digits.npz"
    np.savez(path, **ARRAYS)
    return path


def test_a_digit_is_a_column(file):
    split = mnist(file)
    assert (split.x_train.shape, split.x_test.shape) == ((784, 2), (784, 1))
    assert split.x_train[:, 1].tolist() == ARRAYS["x_train"][1].ravel().tolist()
    assert (split.y_train.tolist(), split.y_test.tolist()) == ([3, 7], [1])


@pytest.mark.parametrize("name", ARRAYS)
def test_one_other_byte_is_another_file(file, name):
    np.savez(file, **{**ARRAYS, name: ARRAYS[name] ^ (ARRAYS[name] == ARRAYS[name].max())})
    message = f"^{re.escape(str(file))} does not hold MNIST as it was published: its SHA-256 is another one$"
    with pytest.raises(UnusableData, match=message):
        mnist(file)


def test_a_path_without_digits_is_refused(file, tmp_path):
    (tmp_path / "text.npz").write_text("digits")
    (tmp_path / "cut.npz").write_bytes(file.read_bytes()[:-30])
    np.savez(tmp_path / "some.npz", x_train=ARRAYS["x_train"])
    for name in ("nowhere.npz", "text.npz", "cut.npz", "some.npz", "."):
        with pytest.raises(UnusableData, match=r"^MNIST cannot be read: "):
            mnist(tmp_path / name)


def test_without_a_path_scikit_learn_downloads_it(file, monkeypatch):
    from sklearn import datasets

    def openml(name, **settings):
        assert (name, settings["version"]) == ("mnist_784", 1)
        x = np.zeros((70_000, 1))
        x[60_000:] = 1.0
        return x, np.array(["3"] * 60_000 + ["8"] * 10_000, object)

    monkeypatch.setattr(datasets, "fetch_openml", openml)
    x_train, y_train, x_test, y_test = from_openml()
    assert [part.shape[0] for part in (x_train, y_train, x_test, y_test)] == [60_000, 60_000, 10_000, 10_000]
    assert (x_train.max(), x_test.min(), set(y_train), set(y_test)) == (0, 1, {3}, {8})
    with pytest.raises(UnusableData, match=r"^OpenML does not hold MNIST"):
        mnist()


def test_without_either_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(UnusableData, match=r'^MNIST needs a file, or .* pip install "scikit-learn>=1\.4"$'):
        mnist()


def test_misses_average_to_the_mean_error():
    wrong = [[0, 2, 5], [], [2]]
    shares = misses(wrong, m=10)
    assert shares[[0, 2, 5]] == pytest.approx([1 / 3, 2 / 3, 1 / 3])
    assert shares.mean() == pytest.approx(np.mean([len(one) / 10 for one in wrong]))
    assert misses(wrong).shape == (10_000,)
