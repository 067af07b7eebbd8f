"""What a network makes of its own training points, in a stream of few points or of many."""

from __future__ import annotations

from course_utils.experiments.streams import stream_run

__all__ = ["training_accuracy"]


def training_accuracy(seed: int, m: int = 100, keep_prob: float = 1.0) -> float:
    """Return the share of its ``m`` different training points, noisy labels as they are, that a network is right about.

    Masks are off. With 15 % of the labels wrong, more than 0.85 says that wrong labels were learned by heart. For the
    parameters see :func:`course_utils.experiments.streams.stream_run`.
    """
    run = stream_run(m, keep_prob, seed=seed, records=1, resolution=2).run
    return float(run.history["train_accuracy"][-1])
