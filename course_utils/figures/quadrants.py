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
from course_utils.figures.style import panel_figure, styled
from course_utils.figures.weights import WeightPanel

__all__ = ["TrainerFigure"]

PANELS: dict[str, Any] = {
    "boundary": BoundaryPanel,
    "costs": CostPanel,
    "hidden": HiddenPanel,
    "weights": WeightPanel,
    "accuracies": AccuracyPanel,
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
    """

    @styled
    def __init__(
        self,
        result: QuadrantRun,
        alt: str = "",
        panels: Sequence[str] = ("boundary", "costs", "hidden"),
    ) -> None:
        kinds = [PANELS[checked_choice("panels", name, PANELS)] for name in panels]
        self.figure, axes = panel_figure(len(kinds), 3.1, alt)
        self.panels = [kind(panel, result) for kind, panel in zip(kinds, axes, strict=True)]
        for artist in self.changing:
            artist.set_in_layout(False)  # which must not depend on a result

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return list(chain.from_iterable(panel.changing for panel in self.panels))

    @property
    def words(self) -> str:
        """What the numbers in the panels say, each once."""
        return "   ".join(dict.fromkeys(panel.words for panel in self.panels if panel.words))

    def update(self, result: QuadrantRun) -> None:
        """Show another run."""
        for panel in self.panels:
            panel.update(result)
