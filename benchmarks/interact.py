"""The plain peer of a live figure: what ``interact`` does, which is a new figure with all its panels at every move."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_utils.experiments import QuadrantRun, quadrant_run


def trained(keep_prob: float) -> QuadrantRun:
    """Train [2, 64, 64, 1] for 300 Adam steps, just as the live figure does."""
    return quadrant_run(keep_prob, m_test=1000, records=10, dtype=np.float32)


def plain_figure(result: QuadrantRun) -> Figure:
    """Draw the trainer's three panels as a notebook would, anew."""
    data, history = result.data, result.run.history
    figure = Figure(figsize=(12, 4.1), layout="constrained")
    FigureCanvasAgg(figure)
    boundary, curves, hidden = figure.subplots(1, 3, gridspec_kw={"width_ratios": [1, 1.15, 1.2]})
    extent = (result.axis[0], result.axis[-1]) * 2
    boundary.imshow(result.probability, extent=extent, origin="lower", cmap="RdBu", vmin=0, vmax=1, aspect="auto")
    boundary.contour(result.axis, result.axis, result.probability, levels=[0.5], colors="black")
    boundary.scatter(*data.x_train, c=data.y_train[0], s=26, cmap="RdBu", edgecolors="white")
    boundary.set(xlabel="$x_1$", ylabel="$x_2$", title="decision boundary")
    for name, label in (("train_cost", "training"), ("test_cost", "test")):
        curves.plot(history["step"], history[name], label=label)
    curves.set(ylim=(0, 1.2), xlabel="step", ylabel="cost of the whole network")
    curves.set_title(f"training {history['train_accuracy'][-1]:.0%}   test {history['test_accuracy'][-1]:.0%}")
    curves.legend()
    order = np.argsort(-np.nan_to_num(result.hidden).mean(axis=1))
    image = hidden.imshow(result.hidden[order, :50], aspect="auto", interpolation="nearest", cmap="YlGnBu", vmax=4)
    hidden.set(xlabel="training example", ylabel="hidden unit", title="first hidden layer")
    figure.colorbar(image, ax=hidden)
    return figure


def inline_png(result: QuadrantRun) -> bytes:
    """Return the picture as the notebook's inline backend encodes it."""
    buffer = BytesIO()
    plain_figure(result).savefig(buffer, format="png", dpi=100)
    return buffer.getvalue()


class PlainTrainer:
    """The slider that ``interact`` makes, and the last picture that it led to."""

    def __init__(self) -> None:
        self.slider: Any = ipywidgets.FloatSlider(value=1.0, min=0.05, max=1.0, step=0.001, description="keep_prob")
        self.picture = b""
        # As interact's own wiring, less its clearing of the output, which wants a notebook around it.
        self.slider.observe(lambda change: self.move(change["new"]), "value")

    def move(self, keep_prob: float) -> None:
        """Train and draw."""
        self.picture = inline_png(trained(keep_prob))
