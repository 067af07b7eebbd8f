"""Figures of chapter 01 show the data given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils.figures.differences import difference_figure
from course_utils.figures.gains import gain_figure
from course_utils.figures.papers import paper_figure
from course_utils.figures.predictions import gap_figure, prediction_figure
from course_utils.figures.shrinkage import shrinkage_figure
from course_utils.figures.style import COLOURS
from course_utils.figures.twin_weights import twin_figure

P = np.array([0.1, 0.12, 0.9, 0.5])
PROBABILITY = np.array([0.1, 0.2, 0.3, 0.4])
SCALES = np.array([0.25, 0.5, 1.0])
GAPS = {
    "from one": {"shallow": np.zeros(3), "deep": np.array([0.01, 0.03, 0.2])},
    "from other": {"shallow": np.array([0.01, 0.02, 0.03]), "deep": np.array([0.1, 0.2, 0.3])},
}
KEEP_PROBS = np.linspace(1, 0.1, 10)
WEIGHTS = {name: np.outer([1, 2, 3], KEEP_PROBS**power) for name, power in (("dropout", 1), ("ridge", 2))}
STARTS = np.array([[0.0, 1.0, -4.0], [2.0, 0.5, 3.0]])
ENDS = {"one": STARTS + 1, "other": np.full((2, 3), 1.0)}
DIFFERENCES = {"noisy": np.array([0.05, 0.1]), "clean": np.array([-0.02, 0.0])}
INTERVALS = {"noisy": (0.075, 0.02), "clean": (-0.01, 0.015)}
GAINS = {
    "points": {"noisy": {0.9: (0.1, 0.02), 0.5: (0.2, 0.04)}, "clean": {0.9: (0.0, 0.01), 0.3: (-0.1, 0.05)}},
    "digits": {"clean": {0.8: (0.02, 0.01)}},
}
ERRORS = {"none": np.array([1.5, 1.6]), "far off": np.array([1.2, 1.3]), "not in the paper": np.array([1.5, 1.5])}
SEEDS = {name: (values.mean(), 0.1) for name, values in ERRORS.items()}
EXAMPLES = {name: (values.mean(), 0.2) for name, values in ERRORS.items()}

FIGURES = {
    "predictions": lambda: prediction_figure(P, PROBABILITY, {"plain mean": 0.51, "NGM": 0.6, "scaled": 0.6}, "A"),
    "gaps": lambda: gap_figure(SCALES, GAPS, "A"),
    "shrinkage": lambda: shrinkage_figure(KEEP_PROBS, WEIGHTS, ["a", "b", "c"], "A"),
    "twins": lambda: twin_figure(STARTS, ENDS, "A"),
    "gains": lambda: gain_figure(GAINS, "gain", "A"),
    "paper": lambda: paper_figure(ERRORS, SEEDS, EXAMPLES, {"none": 1.6, "far off": 1.0}, "test error, %", "A"),
    "differences": lambda: difference_figure(DIFFERENCES, INTERVALS, "difference", "A"),
}


@pytest.mark.parametrize("name", ["predictions", "gaps", "shrinkage", "twins"])
def test_lines_are_told_apart_without_colour(name):
    panel = FIGURES[name]().axes[0]
    looks = [
        (line.get_linestyle(), line.get_marker(), line.get_linewidth())
        for line in panel.lines
        if not line.get_label().startswith("_")
    ]
    assert len(looks) == len(set(looks)) >= 2


def test_histogram_weighs_each_prediction_by_its_probability():
    panel = FIGURES["predictions"]().axes[0]
    heights = {round(bar.get_x(), 2): bar.get_height() for bar in panel.patches if bar.get_height()}
    assert sum(heights.values()) == pytest.approx(1)
    assert heights[0.88] == pytest.approx(0.3)
    assert [line.get_xdata()[0] for line in panel.lines] == [0.51, 0.6, 0.6]
    assert [line.get_label() for line in panel.lines] == ["plain mean 0.51", "NGM 0.60", "scaled 0.60"]


def test_gains_stand_over_their_keep_prob_with_their_intervals():
    for panel, (title, cases) in zip(FIGURES["gains"]().axes, GAINS.items(), strict=True):
        assert panel.get_title() == title
        assert panel.get_xlim()[0] > panel.get_xlim()[1]  # more dropout to the right
        looks = set()
        for container, (name, pairs) in zip(panel.containers, cases.items(), strict=True):
            line, _, (bars,) = container
            assert container.get_label() == name
            looks.add((line.get_linestyle(), line.get_marker()))
            assert np.allclose(line.get_xydata(), [(q, mean) for q, (mean, _) in pairs.items()])
            assert np.allclose(
                np.ptp(np.array(bars.get_segments())[:, :, 1], axis=1), [2 * h for _, h in pairs.values()]
            )
        assert len(looks) == len(cases)  # without colour too


def test_gaps_stand_over_their_scales():
    for panel, (title, lines) in zip(FIGURES["gaps"]().axes, GAPS.items(), strict=True):
        assert panel.get_title() == title
        for line, (name, gap) in zip(panel.lines, lines.items(), strict=True):
            assert line.get_label() == name
            assert np.array_equal(line.get_xydata().T, [SCALES, gap])
        assert panel.get_ylim()[0] == 0
        assert panel.get_ylim()[1] > 0.3
        assert [label.get_text() for label in panel.get_xticklabels()] == ["0.25", "0.5", "1"]


def test_weights_shrink_to_the_right():
    for panel, (title, weights) in zip(FIGURES["shrinkage"]().axes, WEIGHTS.items(), strict=True):
        assert panel.get_title() == title
        assert panel.get_xlim() == (1, 0)
        assert panel.get_ylim()[1] > 3
        for line, weight in zip(panel.lines, weights, strict=True):
            assert np.array_equal(line.get_xydata().T, [KEEP_PROBS, weight])


def test_twins_go_from_start_to_end():
    for panel, (title, end) in zip(FIGURES["twins"]().axes, ENDS.items(), strict=True):
        assert panel.get_title() == title
        diagonal, *paths, starts, ends = panel.lines
        assert np.array_equal(diagonal.get_xdata(), diagonal.get_ydata())
        assert np.array_equal(starts.get_xydata().T, STARTS)
        assert np.array_equal(ends.get_xydata().T, end)
        for path, start, stop in zip(paths, STARTS.T, end.T, strict=True):
            assert np.array_equal(path.get_xydata(), [start, stop])
        low, high = panel.get_xlim()
        everything = np.concatenate([STARTS, end])
        assert low < everything.min()
        assert high > everything.max()


def test_differences_have_a_line_at_zero():
    panel = FIGURES["differences"]().axes[0]
    zero = panel.lines[-1]
    assert list(zero.get_xdata()) == [0, 0]
    assert to_hex(zero.get_color()).upper() == COLOURS["ink"].upper()
    assert np.array_equal(panel.lines[0].get_xdata(), DIFFERENCES["noisy"])


def test_the_paper_stands_beside_what_was_measured():
    panel = FIGURES["paper"]().axes[0]
    assert [text.get_text() for text in panel.texts if text.get_text()] == [
        "other test digits", "mean over seeds 1.55 ± 0.10", "paper 1.60", "1.25 ± 0.10", "1.00", "1.50 ± 0.10",
    ]  # fmt: skip
    assert [line.get_xdata()[0] for line in panel.lines if line.get_color() == COLOURS["orange"]] == [1.6, 1.0]
    assert [(round(bar.get_x(), 2), round(bar.get_width(), 2)) for bar in panel.patches] == [
        (1.35, 0.4), (1.05, 0.4), (1.3, 0.4),
    ]  # fmt: skip
