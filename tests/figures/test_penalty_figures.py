"""Figures of the penalty chapter show what they were given."""

from itertools import pairwise

import numpy as np
import pytest

from course_utils.experiments.bowl import penalized_bowl
from course_utils.figures.lines import LOOKS, line_figure
from course_utils.figures.surfaces import surface_figure
from course_utils.figures.validation import validation_figure

X = np.linspace(-1, 1, 9)
LINES = {"one": (X, X), "two": (X, X**2)}
INTERVALS = {"training": [(0.9, 0.01), (0.8, 0.02), (0.5, 0.2)], "validation": [(0.6, 0.1), (0.7, 0.1), (0.5, 0.1)]}
FIGURES = {
    "lines": lambda: line_figure({"a": LINES, "b": LINES}, "A", xlabel="x", ylabel="y"),
    "four panels": lambda: line_figure({title: {"one": LINES["one"]} for title in "abcd"}, "A", xlabel="x"),
    "points": lambda: line_figure({"a": LINES}, "A", points={"a": (X, X)}, sharey=False, xlabel="x", ylabel="y"),
    "surfaces": lambda: surface_figure(penalized_bowl(2.0), "A"),
    "surfaces L1": lambda: surface_figure(penalized_bowl(6.0, "L1"), "A"),
    "validation": lambda: validation_figure([0.0, 0.1, 10.0], INTERVALS, 0.1, "A"),
}


def legend_texts(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def curves(panel):
    """Return the lines of a panel without the one at zero."""
    return [line for line in panel.lines if len(line.get_xdata()) == len(X)]


def test_lines_keep_their_look_in_all_panels():
    figure = line_figure({"a": LINES, "b": dict(reversed(LINES.items()))}, "A")
    first, second = (curves(panel) for panel in figure.axes)
    assert np.array_equal(first[1].get_ydata(), X**2)
    assert [line.get_color() for line in first] == [line.get_color() for line in reversed(second)]
    assert [panel.get_title() for panel in figure.axes] == ["a", "b"]
    assert legend_texts(figure) == ["one", "two"]


def test_neighbouring_looks_differ_in_colour_and_in_dashes():
    assert len(set(LOOKS)) == 12
    for (dashes, colour), (next_dashes, next_colour) in pairwise(LOOKS):
        assert dashes != next_dashes
        assert colour != next_colour


def test_several_lines_can_share_a_name_and_a_look():
    (panel,) = line_figure({"a": {"all": (X, np.stack([X, -X], axis=1)), "one": (X, X)}}, "A").axes
    assert len({line.get_color() for line in curves(panel)[:2]}) == 1
    assert len(curves(panel)) == 3


def test_a_single_name_needs_no_legend():
    assert legend_texts(line_figure({"a": {"one": LINES["one"]}}, "A")) == []


@pytest.mark.parametrize(("low", "drawn"), [(-1.0, True), (1.0, False)])
def test_zero_is_drawn_only_where_it_lies_inside(low, drawn):
    (panel,) = line_figure({"a": {"one": (X, np.linspace(low, 3, len(X)))}}, "A").axes
    assert (len(panel.lines) == 2) == drawn
    assert panel.get_ylim()[0] > low - 1


def test_zero_is_drawn_in_all_panels_that_share_a_scale():
    first, second = line_figure({"a": {"one": (X, X + 3)}, "b": {"one": (X, X - 3)}}, "A").axes
    assert len(first.lines) == len(second.lines) == 2


def test_points_lie_beneath_the_lines():
    figure = line_figure({"a": LINES}, "A", points={"a": (X, X + 1)})
    points = figure.axes[0].lines[0]
    assert points.get_linestyle() == "None"
    assert np.array_equal(points.get_ydata(), X + 1)
    assert legend_texts(figure)[0] == "data"


def test_surfaces_mark_both_minima():
    result = penalized_bowl(2.0)
    data, penalty, total = surface_figure(result, "A").axes
    assert [panel.get_title() for panel in (data, penalty, total)] == ["data cost", "penalty", "sum"]
    (star,), (diamond,) = data.lines, total.lines
    assert np.allclose(np.ravel(star.get_data_3d()), [*result.data_minimum, 0])
    assert np.allclose(np.ravel(diamond.get_data_3d()), [*result.minimum, result.minimum_cost])
    assert not penalty.lines
    assert data.get_zlim() == penalty.get_zlim() == total.get_zlim()


def test_validation_curve_holds_means_halves_and_the_choice():
    figure = validation_figure([0.0, 0.1, 10.0], INTERVALS, 0.1, "A")
    (panel,) = figure.axes
    for container, pairs in zip(panel.containers, INTERVALS.values(), strict=True):
        line, _, (bars,) = container
        means, halves = np.transpose(pairs)
        assert np.array_equal(line.get_ydata(), means)
        assert np.allclose([np.ptp(segment[:, 1]) for segment in bars.get_segments()], 2 * halves)
    chosen = next(line for line in panel.lines if line.get_label() == "chosen")
    assert list(chosen.get_xdata()) == [1, 1]
    assert [label.get_text() for label in panel.get_xticklabels()] == ["0", "0.1", "10"]
    assert sorted(legend_texts(figure)) == ["chosen", "training", "validation"]


def test_six_ways_are_told_apart_and_more_are_refused():
    ways = {f"way {i}": [(0.8, 0.1)] * 3 for i in range(7)}
    figure = validation_figure([0.0, 0.1, 10.0], dict(list(ways.items())[:6]), 0.1, "A")
    lines = [container.lines[0] for container in figure.axes[0].containers]
    assert len({(line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines}) == 6
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {*list(ways)[:6], "chosen"}
    with pytest.raises(ValueError, match="intervals must have at most 6 names, got 7"):
        validation_figure([0.0, 0.1, 10.0], ways, 0.1)


def test_a_strength_is_found_among_rounded_ones_and_one_that_is_not_there_is_named():
    strengths, one = np.linspace(0, 1, 11), {"L2": [(0.8, 0.1)] * 11}
    panel = validation_figure(strengths, one, 0.3, "A").axes[0]
    assert [line.get_xdata()[0] for line in panel.lines if line.get_label() == "chosen"] == [3]
    with pytest.raises(ValueError, match=r"chosen must be one of the strengths 0, 0\.1, .*, got 0\.35"):
        validation_figure(strengths, one, 0.35)
