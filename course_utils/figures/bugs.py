"""Figures: the costs of a run with a bug and of the healthy one, how far they are apart, and the gradient check."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from course_utils.arguments import Array
from course_utils.experiments.bugs import BUGS, Examination, averaged
from course_utils.figures.style import COLOURS, CourseFigure, panel_figure, styled

__all__ = ["CheckPanel", "ClinicFigure", "StepPanel", "seeds_figure"]

RIGHT, MISTAKE = 1e-7, 1e-3  # where course_utils.gradient_check.relative_errors draws its lines
NAMES = {"healthy": "no bug", "both": "A4 and A5"}


class ClinicFigure:
    """Three panels and two lines of words for an :class:`Examination`; updates show another one of as many seeds.

    Parameters
    ----------
    result : Examination
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: Examination, alt: str = "") -> None:
        # Places are told: a layout would depend on numbers at the axes, which change.
        places = {"left": 0.26, "right": 0.93, "bottom": 0.24, "top": 0.9}
        self.figure, (costs, distances, check) = panel_figure(3, 4.25, alt, head=0.72, **places)
        self.costs = StepPanel(costs, len(result.other_costs))
        self.distances = StepPanel(distances, len(result.other_costs))
        self.check = CheckPanel(check)
        costs.set_title("cost")
        costs.yaxis.set(
            major_locator=MaxNLocator(5, steps=[1, 2, 5, 10]), major_formatter=ScalarFormatter(useOffset=False)
        )
        distances.set(title="distance to healthy", yscale="log", ylim=(1e-12, 200))
        distances.set_yticks([1e-12, 1e-9, 1e-6, 1e-3, 1])
        distances.minorticks_off()
        self.headline = [
            placed(costs, 0.01, -5, fontsize=12, weight="bold"),
            placed(costs, 0.01, -24.5),
            placed(costs, 0.01, -41),
        ]
        lines = {"healthy": self.costs.healthy, "bug": self.costs.ill, "other seeds": self.costs.others[0]}
        place: dict[str, Any] = {
            "loc": "lower center",
            "bbox_to_anchor": (0.5, 0),
            "bbox_transform": costs.figure.transSubfigure,
        }
        look: dict[str, Any] = {"frameon": False, "handlelength": 1.0, "columnspacing": 0.9, "borderaxespad": 0.1}
        self.names = costs.legend(lines.values(), lines, ncols=3, fontsize=9, **place, **look)
        colours = ("strong grey", "orange", "strong grey")
        for text, colour in zip(self.names.get_texts(), colours, strict=True):
            text.set_color(COLOURS[colour])
        # In the middle panel the two kinds of lines are apart, so their names stand at them.
        self.labels = [
            distances.annotate(name, (1, 1), (-2, 5), textcoords="offset points", ha="right", color=COLOURS[colour])
            for name, colour in (("the bug", "orange"), ("another seed", "strong grey"))
        ]
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order; the axes' scales are among them."""
        scales = [self.costs.axes.xaxis, self.costs.axes.yaxis, self.distances.axes.xaxis]
        return [
            *scales,
            self.costs.axes.title,
            *self.costs.lines,
            self.names,
            *self.distances.lines,
            *self.labels,
            *self.check.changing,
            *self.headline,
        ]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return "\n".join(text.get_text() for text in self.headline)

    def update(self, result: Examination) -> None:
        """Show another examination."""
        ill = result.bug != "healthy"
        step, costs, length = averaged(np.stack([result.costs, result.healthy_costs, *result.other_costs]))
        self.costs.update(len(result.costs), step, costs[0] if ill else None, costs[2:], healthy=costs[1])
        self.costs.fit_heights()
        self.costs.axes.set_title("cost" if length == 1 else f"cost, means of {length} steps")
        for part in (*self.names.get_lines()[1:2], self.names.get_texts()[1]):
            part.set_visible(ill)
        _, distances, _ = averaged(np.stack([result.differences, *result.other_differences]))
        self.distances.update(len(result.costs), step, distances[0] if ill else None, distances[1:])
        self.name_distances(step[-1], distances[0], distances[1:])
        self.check.update(result.errors if ill else None, result.healthy_errors)
        name = NAMES.get(result.bug, result.bug)
        case = f"first weights up to {result.scale:g}, keep_prob {result.keep_prob:g};  {errors_of(result)}"
        words = name if result.bug == "healthy" else f"{name}: {BUGS[result.bug]}", case, differences_of(result)
        for text, line in zip(self.headline, words, strict=True):
            text.set_text(line)


    def name_distances(self, step: float, ill: Array, others: Array) -> None:
        """Place the names of the lines in the middle panel: of what ends higher over all, of the other one below it."""
        last = slice(-max(1, 2 * ill.size // 5), None)
        higher = ill[-1] > others[:, -1].max()
        for label, heights, above in zip(self.labels, (ill, others), (higher, not higher), strict=True):
            label.set_visible(bool(np.any(heights)))
            low, high = np.min(heights[..., last]), max(ill.max(), others.max())
            label.xy = step, min(high, 10) if above else max(low, 1e-9)
            label.set_y(5 if above else -14)


def placed(axes: Axes, x: float, y: float, **look: Any) -> Text:
    """Return an empty text ``y`` points from the figure's top.

    It belongs to ``axes`` because a changing text of the figure itself would be missing from a saved picture.
    """
    return axes.annotate("", (x, 1), (0, y), "figure fraction", "offset points", va="top", **look)


def errors_of(result: Examination) -> str:
    """Return what the gradient check finds as text."""
    above = [f"{name} {decimal(error)}" for name, error in result.errors.items() if not error < RIGHT]
    return f"gradient check: {', '.join(above) or f'all below {decimal(RIGHT)}'}"


def differences_of(result: Examination) -> str:
    """Return how far the costs are apart as text."""
    largest, other = result.differences.max(), result.other_differences.max()
    return f"largest difference of cost {decimal(largest)}, to another seed {decimal(other)}"


def decimal(value: float) -> str:
    """Return a number with two digits that count and no exponent, such as 0.000012."""
    return np.format_float_positional(value, precision=2, fractional=False, trim="-")


class StepPanel:
    """A number at every step: healthy, with the bug, and from other seeds."""

    def __init__(self, axes: Axes, others: int) -> None:
        self.axes = axes
        self.others = [axes.plot([], [], "-", color=COLOURS["middle grey"], linewidth=0.9)[0] for _ in range(others)]
        (self.healthy,) = axes.plot([], [], "-", color=COLOURS["grey"], linewidth=6, solid_capstyle="round")
        (self.ill,) = axes.plot([], [], "-", color=COLOURS["orange"], linewidth=1.8)
        axes.set_xlabel("step")
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))

    @property
    def lines(self) -> list[Line2D]:
        """Return the lines in painting order."""
        return [*self.others, self.healthy, self.ill]

    def update(
        self, steps: int, step: Array, ill: Array | None, others: Array, healthy: Array | None = None
    ) -> None:
        """Show numbers (k,) at some of the steps and those of other seeds; what is 0 has no place on a log axis."""
        self.axes.set_xlim(1, max(steps, 2))
        for line, values in zip(self.lines, [*others, healthy, ill], strict=True):
            line.set_data(([], []) if values is None else (step, np.where(values > 0, values, np.nan)))

    def fit_heights(self) -> None:
        """Let the vertical axis hold all lines."""
        heights = np.concatenate([np.asarray(line.get_ydata()) for line in self.lines])
        low, high = heights.min(), heights.max()
        self.axes.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))


class CheckPanel:
    """The relative error of each gradient as a dot, and the lines between right and wrong."""

    FLOOR = 1e-12  # a smaller error stands here

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        names = ("W1", "b1", "W2", "b2")
        for height, text in ((MISTAKE, "above: a mistake"), (RIGHT, "below: right")):
            axes.axhline(height, color=COLOURS["ink"], linewidth=1, linestyle="--", zorder=0)
            # Over W2 and b2 there is room: their dots lie below both lines.
            axes.annotate(text, (1, height), (-2, 3), ("axes fraction", "data"), "offset points", ha="right")
        (self.healthy,) = axes.plot([], [], "o", color=COLOURS["grey"], markersize=13)
        (self.ill,) = axes.plot([], [], "D", color=COLOURS["orange"], markersize=7)
        axes.set(title="gradient check", yscale="log", ylim=(self.FLOOR / 3, 5))
        axes.set(xlim=(-0.6, 3.6), xticks=range(4), xticklabels=names)
        axes.set_yticks([1e-11, 1e-9, 1e-7, 1e-5, 1e-3, 1e-1])
        axes.minorticks_off()

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [self.healthy, self.ill]

    def update(self, errors: dict[str, float] | None, healthy_errors: dict[str, float]) -> None:
        """Show the errors of W1, b1, W2, b2."""
        for dots, values in ((self.ill, errors or {}), (self.healthy, healthy_errors)):
            dots.set_data(range(len(values)), np.maximum(list(values.values()), self.FLOOR))


@styled
def seeds_figure(wrong: Array, right: Array, alt: str = "") -> CourseFigure:
    """Return how far a bug moves a cost, and how far another seed does.

    Parameters
    ----------
    wrong, right : array (seeds, steps)
        Costs of the code with the bug and of the healthy one, from the same seeds.
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """
    figure, (last, distances) = panel_figure(2, 3.4, alt)
    last.plot([0, 1], [wrong[:, -1], right[:, -1]], "-o", color=COLOURS["blue"], linewidth=0.8, markersize=3, alpha=0.6)
    last.set(title=f"last cost, {len(right)} seeds", xlim=(-0.3, 1.3), xticks=[0, 1], xticklabels=["found", "healthy"])
    last.yaxis.set(major_locator=MaxNLocator(4), major_formatter=ScalarFormatter(useOffset=False))
    step = np.arange(1, right.shape[1] + 1)
    for values, colour, name in (
        (right.std(axis=0), "blue", "between seeds"),
        (np.abs(wrong - right).mean(axis=0), "orange", "found to healthy"),
    ):
        distances.plot(step, np.where(values > 0, values, np.nan), "-o", color=COLOURS[colour], markersize=3.5)
        place = (step[-1], values[-1]), (2, 9)
        distances.annotate(name, *place, textcoords="offset points", ha="right", color=COLOURS[colour])
    distances.set(title="how far apart", xlabel="step", yscale="log", xlim=(0.5, step[-1] + 0.5))
    distances.set_ylim(distances.get_ylim()[0], 4 * right.std(axis=0).max())
    distances.minorticks_off()
    return figure
