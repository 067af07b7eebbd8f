"""How fast a live figure follows the hand, in the kernel: an event comes in, the bytes of a picture go out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count, cycle

from measure import Comparison, compared

ROUNDS = 15


def unseen_values() -> Iterator[float]:
    """Yield numbers between 0.3 and 0.95, each once."""
    golden = (math.sqrt(5) - 1) / 2
    return (round(0.3 + 0.65 * (n * golden % 1), 6) for n in count(1))


def live_draw_vs_interact() -> Comparison:
    """Draw one result after another: recording what changes, against a new figure with the same panels."""
    from interact import inline_png, trained

    from course_utils.live import keep_prob_trainer

    live = keep_prob_trainer(hidden=True)
    results = [trained(value) for value in (0.9, 0.7, 0.5)]
    ours, peer = cycle(results), cycle(results)

    def draw() -> None:
        live.scene.update(next(ours))
        live.frames.record()

    return compared(draw, lambda: inline_png(next(peer)), ROUNDS)


def live_draw_clinic() -> Comparison:
    """Draw the figure whose axes change too, against the same figure made and saved anew."""
    from course_utils.experiments.bugs import examination
    from course_utils.figures.bugs import ClinicFigure
    from course_utils.live import bug_clinic

    live = bug_clinic()
    results = [examination("A4", 0.3, 100, keep_prob) for keep_prob in (0.9, 0.7, 0.5)]
    ours, peer = cycle(results), cycle(results)

    def draw() -> None:
        live.scene.update(next(ours))
        live.frames.record()

    return compared(draw, lambda: ClinicFigure(next(peer)).figure._repr_png_(), ROUNDS)


def moved(ours: Iterator[float], peer: Iterator[float]) -> Comparison:
    """Move both sliders as a front end does; peer: ``interact``, which trains and draws all anew."""
    from interact import PlainTrainer

    from course_utils.live import keep_prob_trainer

    live, plain = keep_prob_trainer(hidden=True), PlainTrainer()
    era, have = -1, 0

    def move() -> None:
        nonlocal era, have
        told, (data,) = live.reply({"want": {"keep_prob": next(ours)}, "era": era, "have": have})
        era, have = told["era"], told["first"] + len(told["lengths"])
        if not told["frames"] or sum(told["lengths"]) != len(data):
            raise RuntimeError("the move led to no picture")

    return compared(move, lambda: plain.slider.set_state({"value": next(peer)}), ROUNDS)


def live_retrain() -> Comparison:
    """Move to a value never seen: 300 Adam steps of [2, 64, 64, 1] and the picture."""
    return moved(unseen_values(), unseen_values())


def live_cached() -> Comparison:
    """Move between two values; only the first move to each trains, which leaves the median as it is."""
    return moved(cycle([0.8, 0.6]), cycle([0.8, 0.6]))


BENCHES = (live_draw_vs_interact, live_draw_clinic, live_retrain, live_cached)
