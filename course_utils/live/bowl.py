"""Live figure: move λ and the minimum of data cost plus penalty leaves that of the data cost."""

from __future__ import annotations

from course_utils.experiments.bowl import LARGEST_LAMBD, PENALTIES, penalized_bowl
from course_utils.figures.bowl import BowlFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Range

__all__ = ["penalty_bowl"]


SNIPPET = """from course_utils.figures.bowl import BowlFigure
from course_utils.experiments.bowl import penalized_bowl

bowl = penalized_bowl({given})
BowlFigure(bowl).figure
"""


def penalty_bowl(lambd: float = 1.0, penalty: str = "L2", plain: bool = False) -> LiveFigure:
    """Return a live figure of a data cost, a penalty and their sum over two weights, whose slider is λ.

    Parameters
    ----------
    lambd : float from 0 to 6
        Where the slider of λ (λ₁ for L1) starts.
    penalty : "L2" or "L1"
        λ/(2m) Σ w² or λ₁/m Σ |w|, with m = 4.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        penalized_bowl,
        BowlFigure,
        [Range("lambd", 0.0, LARGEST_LAMBD, 0.1, lambd), Choice("penalty", PENALTIES, penalty)],
        presets={
            "no-penalty": {"lambd": 0.0},
            "l2-small-never-zero": {"lambd": 4.0, "penalty": "L2"},
            "l1-one-exact-zero": {"lambd": 3.0, "penalty": "L1"},
            "l1-two-exact-zeros": {"lambd": 5.0, "penalty": "L1"},
        },
        code=SNIPPET,
        atlas="penalty_bowl",
        telling=[("lambd", "penalty")],
        plain=plain,
    )
