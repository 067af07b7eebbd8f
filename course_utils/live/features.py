"""Live figure: move the number of random features and λ, and see double descent come and go."""

from __future__ import annotations

from course_utils.experiments.features import STRENGTHS, feature_errors
from course_utils.figures.features import FeaturesFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice

__all__ = ["double_descent"]

FEATURES = ("5", "10", "20", "40", "50", "60", "70", "80", "100", "200", "400")  # a choice of all, for the controls
SNIPPET = """from course_utils.experiments.features import feature_errors
from course_utils.figures.features import FeaturesFigure

FeaturesFigure(feature_errors({given})).figure
"""


def double_descent(features: str = "20", strength: str = "0", plain: bool = False) -> LiveFigure:
    """Return a live figure of the errors of linear regression on random ReLU units, with 60 training points.

    Parameters
    ----------
    features : str
        One of 5, 10, 20, 40, 50, 60, 70, 80, 100, 200 and 400: how many units.
    strength : str
        One of 0, 0.0001, ... 3: λ beside the sum of squares.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        feature_errors,
        FeaturesFigure,
        [
            Choice("features", FEATURES, features, lambda features, **_: {"features": int(features)}),
            Choice(
                "strength", [f"{v:g}" for v in STRENGTHS], strength, lambda strength, **_: {"lambd": float(strength)}
            ),
        ],
        presets={
            "few-units": {"features": "20", "strength": "0"},
            "as-many-as-points": {"features": "60", "strength": "0"},
            "far-more": {"features": "400", "strength": "0"},
            "best-lambda": {"features": "60", "strength": "0.1"},
        },
        code=SNIPPET,
        atlas="double_descent",
        telling=[("features", "strength")],
        plain=plain,
    )
