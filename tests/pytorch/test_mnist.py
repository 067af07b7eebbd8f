"""The networks of 2014 in small: they train, a run that was stopped ends at the same weights, and pairs are pairs."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the PyTorch chapter and its tests need torch; all else does without")

from course_utils.datasets import Split, digits  # noqa: E402
from course_utils.experiments.catalogue import STUDIES  # noqa: E402
from course_utils.pytorch import mnist  # noqa: E402
from course_utils.pytorch.mnist import QuickDropout, mnist_run, trained  # noqa: E402

SMALL = {"epochs": 3, "batch": 100, "learning_rate": 0.05, "sizes": [784, 32, 32, 10], "keep_prob": [0.8, 0.5, 0.5]}


@pytest.fixture(scope="module")
def images():
    """Give 500 of the course's digits, and 200 others to test, as large as those of MNIST."""
    x, y = digits()
    large = np.kron(x.T.reshape(-1, 8, 8), np.ones((3, 3)))  # (1797, 24, 24)
    x, y = np.pad(large, ((0, 0), (2, 2), (2, 2))).reshape(-1, 784).T * 255, y.argmax(axis=0)
    x, y = x.astype(np.uint8), y.astype(np.uint8)
    return Split(x[:, :500], y[:500], x[:, 500:700], y[500:700])


@pytest.mark.parametrize("name", STUDIES["mnist"].settings)
def test_the_papers_networks_train_on_500_images_for_one_epoch(name, images):
    chosen = {**STUDIES["mnist"].settings[name], "epochs": 1, "batch": 20, "learning_rate": 0.01}
    run = mnist_run(0, data=images, **chosen)
    assert run["error"] < 60  # by chance 90
    assert run["error"] == pytest.approx(len(run["wrong"]) / 2)
    assert (run["epochs"], run["device"]) == (1, mnist.best_device().type)


def test_validation_takes_the_last_training_digits(images):
    run = mnist_run(0, data=images, validation=100, **SMALL)
    left = Split(images.x_train[:, :400], images.y_train[:400], images.x_train[:, 400:], images.y_train[400:])
    assert run["wrong"] == mnist_run(0, data=left, **SMALL)["wrong"]
    assert max(run["wrong"]) < 100


def weights(images, checkpoint=None, seed=0, **change):
    network, _ = trained(images, seed, checkpoint, False, **{**SMALL, **change})
    return network.state_dict()


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("epoch", [1, 2, 3])
def test_a_run_that_was_stopped_after_an_epoch_ends_at_the_same_weights(epoch, images, tmp_path, monkeypatch):
    whole, kept = weights(images, max_norm=1.0), mnist.keep

    def stopped(checkpoint, parts, epochs, seconds):
        kept(checkpoint, parts, epochs, seconds)
        if epochs == epoch:
            raise KeyboardInterrupt

    monkeypatch.setattr(mnist, "keep", stopped)
    with pytest.raises(KeyboardInterrupt):
        weights(images, tmp_path / "new" / "one.pt", max_norm=1.0)
    monkeypatch.setattr(mnist, "keep", kept)
    begun = []
    monkeypatch.setattr(mnist, "step", lambda *given, step=mnist.step: begun.append(step(*given)))
    assert same(weights(images, tmp_path / "new" / "one.pt", max_norm=1.0), whole)
    assert len(begun) == 5 * (3 - epoch)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["one.pt"]


def test_a_checkpoint_is_there_whole_or_not_at_all(images, tmp_path, monkeypatch):
    weights(images, tmp_path / "one.pt", epochs=1)
    before = (tmp_path / "one.pt").read_bytes()

    def torn(state, path):
        path.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(torch, "save", torn)
    with pytest.raises(OSError, match="no space left"):
        weights(images, tmp_path / "one.pt", epochs=2)
    assert (tmp_path / "one.pt").read_bytes() == before


def test_equal_seeds_make_pairs(images, monkeypatch):
    seen = []
    monkeypatch.setattr(
        mnist, "step", lambda network, optimizer, x, y: seen.append((network.linear[0].weight.sum().item(), y))
    )
    for change in ({}, {"keep_prob": [1.0, 1.0, 1.0]}):
        weights(images, **change, epochs=2)
    mine, other = seen[:10], seen[10:]
    assert mine[0][0] == other[0][0]  # the first weights
    assert all(torch.equal(mine[i][1], other[i][1]) for i in range(10))  # the order of the digits
    assert not torch.equal(mine[0][1], mine[5][1])  # each epoch has one of its own
    assert not same(weights(images), weights(images, seed=1))


def test_the_learning_rate_falls_to_zero_and_max_norm_holds(images, monkeypatch):
    rates, norms = [], []

    def noted(network, optimizer, x, y, step=mnist.step):
        norms.append(max(part.weight.norm(dim=1).max().item() for part in network.linear))
        rates.append(optimizer.param_groups[0]["lr"])
        step(network, optimizer, x, y)

    monkeypatch.setattr(mnist, "step", noted)
    weights(images, max_norm=1.0)
    assert rates == pytest.approx([0.05 * (1 - i / 15) for i in range(15)])
    assert max(norms[1:]) <= 1.0 + 1e-6


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_quick_dropout_is_dropout(p, dtype):
    layer, x = QuickDropout(p), torch.ones(1001, 101, dtype=dtype)  # no multiple of four
    out = layer(x)
    assert out.dtype == dtype
    assert (out == 0).double().mean().item() == pytest.approx(p, abs=0.005)
    assert set(out.unique().tolist()) <= {0.0, (torch.ones((), dtype=dtype) * (1 / (1 - p))).item()}
    assert layer.eval()(x) is x
