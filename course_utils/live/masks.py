"""Live figure: move keep_prob and see which units of a small network are dropped, and what that does on average."""

from __future__ import annotations

from course_utils.arguments import checked_count
from course_utils.experiments.masks import mask_statistics
from course_utils.figures.masks import MaskNetworkFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Range, Redraw

__all__ = ["mask_explorer"]


SNIPPET = """from course_utils.figures.masks import MaskNetworkFigure
from course_utils.experiments.masks import mask_statistics

statistics = mask_statistics({given})
MaskNetworkFigure(statistics).figure
"""


def mask_explorer(keep_prob: float = 0.5, seed: int = 0, plain: bool = False) -> LiveFigure:
    """Return a live figure of the dropout masks of a small network, whose slider is keep_prob.

    Parameters
    ----------
    keep_prob : float from 0.05 to 1
        Where the slider starts.
    seed : int >= 0
        Draws the network and its masks.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        mask_statistics,
        MaskNetworkFigure,
        [Range("keep_prob", 0.05, 1.0, 0.05, keep_prob), Redraw("masks")],
        fixed={"seed": checked_count("seed", seed, 0)},
        presets={
            "nothing-dropped": {"keep_prob": 1.0},
            "half": {"keep_prob": 0.5},
            "hardly-any-kept": {"keep_prob": 0.1},
        },
        code=SNIPPET,
        atlas="mask_explorer",
        telling=[("keep_prob", "masks")],
        plain=plain,
    )
