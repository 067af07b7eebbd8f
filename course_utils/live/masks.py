"""Live figure: move keep_prob and see which units of a small network are dropped, and what that does on average."""

from __future__ import annotations

from course_utils.arguments import checked_count
from course_utils.experiments.masks import MaskStatistics, mask_statistics
from course_utils.figures.masks import MaskNetworkFigure
from course_utils.live.controls import Range
from course_utils.live.live_figure import LiveFigure

__all__ = ["mask_explorer"]


SNIPPET = """from course_utils.figures.masks import MaskNetworkFigure
from course_utils.experiments.masks import mask_statistics

statistics = mask_statistics({given})
MaskNetworkFigure(statistics{stage}).figure
"""


def mask_explorer(keep_prob: float = 0.5, seed: int = 0, stage: bool = False) -> LiveFigure:
    """Return a live figure of the dropout masks of a small network, whose slider is keep_prob.

    Parameters
    ----------
    keep_prob : float from 0.05 to 1
        Where the slider starts.
    seed : int >= 0
        Draws the network and its masks.
    stage : bool
        Draw everything larger, for a room.

    Returns
    -------
    LiveFigure
    """
    seed = checked_count("seed", seed, 0)

    def compute(keep_prob: float, masks: int) -> MaskStatistics:
        return mask_statistics(keep_prob, masks, seed=seed)

    def code(keep_prob: float, masks: int) -> str:
        given = f"{keep_prob!r}, masks={masks!r}, seed={seed!r}"
        return SNIPPET.format(given=given, stage=", stage=True" if stage else "")

    return LiveFigure(
        compute,
        lambda result: MaskNetworkFigure(result, stage=stage),
        settings={"keep_prob": keep_prob, "masks": 0},
        quantities=[Range("keep_prob", 0.05, 1.0, 0.05)],
        redraw="masks",
        presets={
            "nothing-dropped": {"keep_prob": 1.0},
            "half": {"keep_prob": 0.5},
            "hardly-any-kept": {"keep_prob": 0.1},
        },
        code=code,
    )
