"""Live figure: a network learns a sine, from first weights that a seed draws, moment by moment."""

from __future__ import annotations

from course_utils.experiments.sine import MOMENTS, NETWORKS, sine_run
from course_utils.figures.sine import SineFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Range

__all__ = ["sine_trainer"]

SEEDS = 8

SNIPPET = """from course_utils.experiments.sine import sine_run
from course_utils.figures.sine import SineFigure

run = sine_run({given})
SineFigure(run).figure
"""


def sine_trainer(network: str = "1-6-1", seed: int = 0, moment: int = MOMENTS, plain: bool = False) -> LiveFigure:
    """Return a live figure of the second seed's networks on its sine.

    Parameters
    ----------
    network : "1-6-1" or "1-25-1"
        The first learns at rate 0.01 for 50 000 steps, the second at rate 0.3 for 4000.
    seed : int from 0 to 7
        Draws the first weights.
    moment : int from 0 to 24
        0 is before the first step, 24 after the last.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        sine_run,
        SineFigure,
        [
            Choice("network", tuple(NETWORKS), network),
            Range("seed", 0, SEEDS - 1, 1, seed, digits=0),
            Range("moment", 0, MOMENTS, 1, moment, digits=0),
        ],
        presets={
            "first-weights": {"moment": 0},
            "one-start": {"network": "1-6-1", "seed": 0, "moment": MOMENTS},
            "another-start": {"network": "1-6-1", "seed": 1, "moment": MOMENTS},
            "25-units": {"network": "1-25-1", "seed": 0, "moment": MOMENTS},
        },
        code=SNIPPET,
        atlas="sine_trainer",
        telling=[("network", "seed", "moment")],
        plain=plain,
    )
