"""Live figure of Monte Carlo dropout: a curve with a gap, and a band that depends on p; it loads torch."""

from __future__ import annotations

import numpy as np

from course_utils.figures.band import BandFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Range
from course_utils.pytorch.band import GAPS, sine_band

__all__ = ["mc_dropout_band"]


SNIPPET = """import numpy as np
from course_utils.figures.band import BandFigure
from course_utils.pytorch.band import sine_band

band = sine_band({given}, dtype=np.float32)
BandFigure(band{stage}).figure
"""


def mc_dropout_band(
    p: float = 0.1,
    samples: int = 100,
    gap: str = "middle",
    seed: int = 0,
    stage: bool = False,
    plain: bool = False,
) -> LiveFigure:
    """Return a live figure that trains [1, 128, 128, 1] on a sine with a gap and samples it with dropout left on.

    Parameters
    ----------
    p : float from 0.02 to 0.6
        Probability to drop a hidden unit, where the slider starts.
    samples : int from 2 to 200
        Number of predictions.
    gap : "middle", "peak" or "none"
        Which points are left out of training.
    seed : int >= 0
        Draws first weights and masks.
    stage : bool
        Draw everything larger, for a room.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        lambda **given: sine_band(**given, dtype=np.float32),
        lambda band: BandFigure(band, stage=stage),
        [
            Range("p", 0.02, 0.6, 0.02, p),
            Range("samples", 2, 200, 2, samples, digits=0),
            Choice("gap", tuple(GAPS), gap),
        ],
        fixed={"seed": seed},
        presets={
            "wide-in-the-gap": {"p": 0.1, "gap": "middle"},
            "wrong-and-sure": {"p": 0.1, "gap": "peak"},
            "same-data-wider": {"p": 0.5, "gap": "middle"},
        },
        code=SNIPPET.replace("{stage}", ", stage=True" if stage else ""),
        plain=plain,
    )
