"""Figure: a network trained on the quadrants, seen from several sides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from matplotlib.artist import Artist

from course_utils.arguments import checked_choice
from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.accuracies import AccuracyPanel
from course_utils.figures.boundary import BoundaryPanel
from course_utils.figures.costs import CostPanel
from course_utils.figures.hidden import HiddenPanel
from course_utils.figures.style import new_figure
from course_utils.figures.weights import WeightPanel

__all__ = ["TrainerFigure"]

PANELS: dict[str, tuple[Any, float]] = {
    "boundary": (BoundaryPanel, 1.0),  # with its share of the width
    "costs": (CostPanel, 1.15),
    "hidden": (HiddenPanel, 1.2),
    "weights": (WeightPanel, 1.1),
    "accuracies": (AccuracyPanel, 0.9),
}


class TrainerFigure:
    """Panels for a :class:`QuadrantRun`; updates show other runs of as many steps.

    Parameters
    ----------
    result : QuadrantRun
    alt : str, optional
        Text for screen readers; without one it names the panels.
    panels : sequence of str
        Among "boundary", "costs", "hidden", "weights" and "accuracies"; with "hidden" the number of hidden units
        must stay the same.
    stage : bool
        Draw all text, lines and points half as large again, for a room.
    """

    def __init__(
        self,
        result: QuadrantRun,
        alt: str = "",
        panels: Sequence[str] = ("boundary", "costs", "hidden"),
        stage: bool = False,
    ) -> None:
        kinds = [PANELS[checked_choice("panels", name, PANELS)] for name in panels]
        widths = {"width_ratios": [width for _, width in kinds]}
        height, scale = (5.5, 1.5) if stage else (4.1, 1.0)
        self.figure, axes = new_figure(12, height, alt, columns=len(kinds), scale=scale, gridspec_kw=widths)
        self.panels = [kind(panel, result) for (kind, _), panel in zip(kinds, axes[0], strict=True)]

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return list(chain.from_iterable(panel.changing for panel in self.panels))

    def update(self, result: QuadrantRun) -> None:
        """Show another run."""
        for panel in self.panels:
            panel.update(result)
