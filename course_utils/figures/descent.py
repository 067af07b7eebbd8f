"""Figure: gradient descent that stops, beside L2: two paths, what is left of each direction, and the error."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from course_utils.experiments.bowl import BOWL
from course_utils.experiments.descent import LOG_TIMES, StoppedDescent
from course_utils.figures.bowl import ContourPanel
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["DescentFigure"]

LOOKS = (("stopped", "orange", "-"), ("L2", "blue", "--"))


class DescentFigure:
    """Three panels for a :class:`StoppedDescent`; updates show another time.

    Parameters
    ----------
    result : StoppedDescent
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: StoppedDescent, alt: str = "") -> None:
        self.figure, (bowl, share, risk) = panel_figure(3, 3.4, alt)
        axis = np.linspace(-0.4, 2.4, 60)
        w = np.stack(np.meshgrid(axis, axis))  # (2, 60, 60)
        ContourPanel(bowl, axis, COLOURS["grey"], "-").update(BOWL.value(w), 0.0)
        limits = (axis[0], axis[-1])
        bowl.set(xticks=[0, 1, 2], yticks=[0, 1, 2], xlim=limits, ylim=limits, title="two weights")
        self.curves, self.dots = [], []
        for (name, colour, dashes), path in zip(LOOKS, result.paths, strict=True):
            bowl.plot(*np.insert(path, 0, 0, axis=1), dashes, color=COLOURS[colour], label=name)
            self.dots.append(dot(bowl, colour))
        bowl.plot(*BOWL.centre, "*", color=COLOURS["ink"], markersize=12)
        share.set(xscale="log", xlim=(result.axis[0], result.axis[-1]), ylim=(-0.02, 1.05), yticks=[0, 0.5, 1])
        share.set(xlabel="curvature of a direction", title="share that is reached", xticks=[0.001, 0.1, 10])
        risk.set(xscale="log", yscale="log", xlim=(0.08, 1250), ylim=(0.3, 12), xlabel="time t", title=" ")
        risk.set(ylabel="error of 40 weights", xticks=[0.1, 10, 1000], xticklabels=["0.1", "10", "1000"])
        risk.set(yticks=[0.5, 1, 2, 4, 8], yticklabels=["0.5", "1", "2", "4", "8"])
        for (_, colour, dashes), curve in zip(LOOKS, result.risks, strict=True):
            (line,) = share.plot([], [], dashes, color=COLOURS[colour])
            self.curves.append(line)
            risk.plot(10**LOG_TIMES, curve, dashes, color=COLOURS[colour])
            self.dots.append(dot(risk, colour))
        for axes in (share, risk):
            axes.minorticks_off()
        bowl.legend(loc="upper left", frameon=False, handlelength=1.8, borderaxespad=0.1)
        self.ratio = risk.text(0.5, 1.02, "", transform=risk.transAxes, ha="center", fontsize=12, weight="bold")
        self.ratio.set_in_layout(False)
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [*self.curves, *self.dots, self.ratio]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return self.ratio.get_text()

    def update(self, result: StoppedDescent) -> None:
        """Show another time."""
        for curve, share in zip(self.curves, result.shares, strict=True):
            curve.set_data(result.axis, share)
        points = [*result.weights, *(np.array([result.time, risk]) for risk in result.risk)]
        for place, point in zip(self.dots, points, strict=True):
            place.set_data(*point[:, np.newaxis])
        self.ratio.set_text(f"stopped / L2 = {result.risk[0] / result.risk[1]:.2f}")


def dot(axes: Axes, colour: str) -> Line2D:
    """Return a dot that says where a time is; it has no place yet."""
    (found,) = axes.plot([], [], "o", color=COLOURS[colour], markersize=9, markeredgecolor="white")
    return found
