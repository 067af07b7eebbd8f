"""Figures of networks, masks and bowls show the data that they were given."""

from dataclasses import replace

import numpy as np
import pytest

from course_utils.datasets import digits, sine
from course_utils.experiments import quadrant_run
from course_utils.experiments.bowl import penalized_bowl
from course_utils.experiments.corner import penalty_corner
from course_utils.experiments.masks import mask_statistics
from course_utils.figures.boundary import BoundaryPanel
from course_utils.figures.bowl import BowlFigure
from course_utils.figures.comparison import boundary_figure, cost_figure
from course_utils.figures.corner import CornerFigure
from course_utils.figures.digit_images import digit_figure
from course_utils.figures.fits import fit_figure
from course_utils.figures.intervals import interval_figure
from course_utils.figures.masks import MaskNetworkFigure, mask_pictures
from course_utils.figures.points import point_figure
from course_utils.figures.quadrants import PANELS, TrainerFigure
from course_utils.figures.style import new_figure

RUN, OTHER = (quadrant_run(0.8, seed=seed, m_test=50, steps=40, records=4, resolution=20) for seed in (0, 1))
POINTS = np.array([[-1.0, 0.5, 2.0], [1.0, 0.5, -1.5]]), np.array([[0, 1, 0]])
FIGURES = {
    "masks": lambda: mask_pictures({"one": np.eye(4), "other": np.ones((4, 6))}, alt="A"),
    "boundary": lambda: boundary_figure({"one": RUN, "two": RUN, "three": RUN}, alt="A"),
    "cost": lambda: cost_figure({"one": RUN}, alt="A"),
    "points": lambda: point_figure({"one": POINTS, "other": POINTS}, alt="A"),
    "digits": lambda: digit_figure(*(array[:, :4] for array in digits()), alt="A"),
    "fit": lambda: fit_figure(*sine(), {"fit": sine()[1]}, alt="A"),
    "intervals": lambda: interval_figure(
        {"none": np.array([0.8, 0.9]), "dropout": np.array([0.9, 0.95])},
        {"none": (0.85, 0.02), "dropout": (0.92, 0.01)}, "accuracy", alt="A",
    ),
    "trainer": lambda: TrainerFigure(RUN, "A").figure,
    "weights": lambda: TrainerFigure(RUN, "A", ("boundary", "weights", "accuracies")).figure,
    "mask network": lambda: MaskNetworkFigure(mask_statistics(), "A").figure,
    "full mask network": lambda: MaskNetworkFigure(mask_statistics(1.0), "A").figure,
    "bowl": lambda: BowlFigure(penalized_bowl(), "A").figure,
    "corner": lambda: CornerFigure(penalty_corner(), "A").figure,
    "L1 bowl": lambda: BowlFigure(penalized_bowl(3.0, "L1"), "A").figure,
}  # fmt: skip


def test_boundary_lies_where_the_probability_is_one_half():
    axis = np.linspace(-3, 3, 31)
    probability = np.tile((axis + 3) / 6, (31, 1))  # grows to the right: one half at x = 0
    _, axes = new_figure(3, 3, "A")
    panel = BoundaryPanel(axes[0, 0], replace(RUN, axis=axis, probability=probability))
    (segment,) = panel.boundary.get_segments()
    assert np.allclose(segment[:, 0], 0, atol=1e-9)
    assert np.ptp(segment[:, 1]) == pytest.approx(6)


def test_points_stand_in_the_colour_and_shape_of_their_class():
    for panel in point_figure({"one": POINTS, "other": POINTS}).axes:
        zeros, ones = (points.get_offsets().tolist() for points in panel.collections)
        assert zeros == [[-1.0, 1.0], [2.0, -1.5]]
        assert ones == [[0.5, 0.5]]
        low, high = panel.get_xlim()
        assert low < -2 < 2 < high


def test_no_cost_leaves_through_the_top():
    high = replace(RUN.run, history=RUN.run.history | {"test_cost": 5 * np.ones_like(RUN.run.history["test_cost"])})
    figure = cost_figure({"one": RUN, "other": replace(RUN, run=high)})
    assert all(panel.get_ylim()[1] > 5 for panel in figure.axes)


def test_panels_hold_the_run():
    boundary, costs, hidden, weights, accuracies = TrainerFigure(OTHER, panels=tuple(PANELS)).panels
    for panel in (boundary, costs, hidden, weights, accuracies):
        panel.update(RUN)
    history, x, y = RUN.run.history, RUN.data.x_train, RUN.data.y_train
    assert np.array_equal(boundary.points[1].get_offsets(), x[:, y[0] == 1].T)
    assert np.array_equal(costs.test.get_ydata(), history["test_cost"])
    assert f"test {history['test_accuracy'][-1]:.0%}" in costs.scores.get_text()
    shown = np.ma.getmaskarray(hidden.image.get_array())
    assert shown.mean() == pytest.approx(np.isnan(RUN.hidden[:, : hidden.EXAMPLES]).mean())
    assert accuracies.bars[1].get_height() == history["test_accuracy"][-1]
    assert accuracies.numbers[0].get_text() == f"{history['train_accuracy'][-1]:.0%}"
    parameters = {name: np.where(np.abs(value) < 0.1, 0, value) for name, value in RUN.run.parameters.items()}
    weights.update(replace(RUN, run=replace(RUN.run, parameters=parameters)))
    zeros = sum(int(np.sum(parameters[name] == 0)) for name in ("W1", "W2", "W3"))
    assert weights.count.get_text().startswith(f"exact zeros: {zeros} of 4288")
    assert np.maximum(weights.histogram.get_data().values - 0.5, 0).sum() <= 4288


def test_unknown_panel_is_named():
    with pytest.raises(ValueError, match="panels must be one of boundary, costs"):
        TrainerFigure(RUN, panels=("boundary", "losses"))


@pytest.mark.parametrize(("m", "columns"), [(20, 20), (80, 50)])
def test_an_example_is_one_column_of_the_hidden_panel(m, columns):
    run = quadrant_run(0.8, m_train=m, m_test=50, steps=2, resolution=5)
    (panel,) = TrainerFigure(run, panels=("hidden",)).panels
    left, right, *_ = panel.image.get_extent()
    assert panel.image.get_array().shape[1] == right - left == columns
    assert panel.image.axes.get_xlim() == (-0.5, columns - 0.5)
