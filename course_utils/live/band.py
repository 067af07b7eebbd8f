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

band = sine_band({given})
BandFigure(band).figure
"""


def mc_dropout_band(
    p: float = 0.1,
    samples: int = 100,
    gap: str = "middle",
    seed: int = 0,
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
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        sine_band,
        BandFigure,
        [
            Range("p", 0.02, 0.6, 0.02, p),
            Range("samples", 2, 200, 2, samples, digits=0),
            Choice("gap", tuple(GAPS), gap),
        ],
        fixed={"seed": seed, "dtype": np.float32},
        presets={
            "wide-in-the-gap": {"p": 0.1, "gap": "middle"},
            "wrong-and-sure": {"p": 0.1, "gap": "peak"},
            "same-data-wider": {"p": 0.5, "gap": "middle"},
        },
        code=SNIPPET,
        exact={"dtype": np.float64},
        atlas="mc_dropout_band",
        telling=[("p", "gap"), ("samples",)],
        plain=plain,
    )
