"""The clinic's figure: its artists hold the examination, and its words say what is seen."""

from dataclasses import replace

import numpy as np
import pytest

from course_utils.experiments.bugs import averaged, examination
from course_utils.figures.bugs import ClinicFigure, decimal, seeds_figure

CASES = [
    ("both", 0.01, 10, 0.7),
    ("A5", 0.03, 100, 0.5),
    ("A4", 1.0, 10, 0.05),
    ("both", 0.3, 1000, 0.7),
    ("healthy", 0.3, 10, 1.0),
]


FIGURES = {
    f"clinic {bug}, {steps}": lambda case=(bug, scale, steps, q): ClinicFigure(examination(*case), "A").figure
    for bug, scale, steps, q in CASES
}
COSTS = 0.693 - np.linspace(0, 1e-4, 10) + 1e-5 * np.random.default_rng(0).standard_normal((20, 1))  # (seeds, steps)
FIGURES["seeds"] = lambda: seeds_figure(COSTS + 1e-7 * np.arange(10), COSTS, "A")


@pytest.mark.parametrize("case", CASES)
def test_texts_do_not_overlap(case):
    scene = ClinicFigure(examination(*case), "A")
    renderer = scene.figure.canvas.get_renderer()
    scene.figure.draw(renderer)
    texts = scene.costs.axes.get_legend().get_texts()
    for panel in scene.figure.axes:
        texts += [panel.title, panel.xaxis.label, *panel.texts]
        for axis, (low, high) in ((panel.xaxis, panel.get_xlim()), (panel.yaxis, panel.get_ylim())):
            texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    assert set(scene.headline) <= set(texts)
    boxes = [text.get_window_extent(renderer) for text in texts if text.get_text() and text.get_visible()]
    assert len(boxes) > 23
    for i, box in enumerate(boxes):
        for other in boxes[:i]:
            assert not box.overlaps(other)


@pytest.mark.parametrize("case", CASES)
def test_artists_hold_the_numbers(case):
    scene, found = ClinicFigure(examination("both", 1.0, 10)), examination(*case)
    scene.update(found)
    step, healthy, _ = averaged(found.healthy_costs)
    assert np.array_equal(scene.costs.healthy.get_xydata().T, [step, healthy])
    for line, costs in zip(scene.costs.others, found.other_costs, strict=True):
        assert np.array_equal(line.get_xydata().T, [step, averaged(costs)[1]])
    for line, values in zip(scene.distances.others, found.other_differences, strict=True):
        assert np.array_equal(line.get_ydata(), averaged(values)[1])
    assert np.array_equal(scene.check.healthy.get_xydata().T, [range(4), list(found.healthy_errors.values())])
    if case[0] != "healthy":
        distances = averaged(found.differences)[1]
        assert np.array_equal(scene.costs.ill.get_xydata().T, [step, averaged(found.costs)[1]])
        assert np.array_equal(np.nan_to_num(scene.distances.ill.get_ydata()), distances)
        assert np.isnan(scene.distances.ill.get_ydata()[distances == 0]).all()
        assert np.array_equal(scene.check.ill.get_xydata().T, [range(4), list(found.errors.values())])
    shown = np.concatenate([line.get_ydata() for line in scene.costs.lines])
    low, high = scene.costs.axes.get_ylim()
    assert low < shown.min()
    assert shown.max() < high
    assert scene.costs.axes.get_xlim() == scene.distances.axes.get_xlim() == (1, case[2])


def test_where_there_is_no_bug_nothing_is_drawn_or_named_for_it():
    scene = ClinicFigure(examination("both"))
    names, (label, _) = scene.names.get_texts(), scene.labels
    assert [one.get_visible() for one in (*names, label)] == [True] * 4
    scene.update(examination("healthy"))
    assert [len(dots.get_xdata()) for dots in (scene.costs.ill, scene.distances.ill, scene.check.ill)] == [0, 0, 0]
    assert [one.get_visible() for one in (*names, label)] == [True, False, True, False]


def test_a_long_run_is_shown_by_means_and_says_so():
    scene = ClinicFigure(examination("both", 0.3, 1000))
    assert scene.costs.axes.get_title() == "cost, means of 25 steps"
    step, means, length = averaged(np.arange(1000.0) + 1)
    assert np.array_equal(step, means)
    assert (step[0], step[-1], length) == (13, 988, 25)
    assert averaged(np.ones((2, 100)))[1].shape == (2, 100)


def test_dots_stand_over_their_names_and_lines_at_their_heights():
    panel = ClinicFigure(examination()).check
    assert [label.get_text() for label in panel.axes.get_xticklabels()] == list(examination().errors)
    heights = [line.get_ydata()[0] for line in panel.axes.lines if line not in panel.changing]
    assert heights == [1e-3, 1e-7]
    assert [text.xy[1] for text in panel.axes.texts] == heights
    low, high = panel.axes.get_ylim()
    assert low < panel.FLOOR < 1 < high


def test_an_error_of_nothing_stands_on_the_floor():
    panel = ClinicFigure(examination()).check
    panel.update(dict.fromkeys(("W1", "b1", "W2", "b2"), 0.0), examination().errors)
    assert np.array_equal(panel.ill.get_ydata(), [panel.FLOOR] * 4)


def test_words_say_what_is_seen():
    found = replace(
        examination(),
        costs=np.array([0.6, 0.500012]),
        healthy_costs=np.array([0.6, 0.5]),
        other_costs=np.array([[0.61, 0.5], [0.6, 0.48], [0.6, 0.5]]),
        errors={"W1": 0.333, "b1": 0.00002, "W2": 2e-8, "b2": 1e-9},
    )
    scene = ClinicFigure(found)
    assert scene.words == (
        "A4 and A5: mask lost, slope of the dropped output\n"
        "first weights up to 0.01, keep_prob 0.7;  gradient check: W1 0.33, b1 0.00002\n"
        "largest difference of cost 0.000012, to another seed 0.02"
    )
    scene.update(examination("A4", keep_prob=1.0))
    assert "largest difference of cost 0," in scene.words
    assert "gradient check: all below 0.0000001\n" in scene.words
    assert scene.words.startswith("A4: mask lost on the way back\n")
    scene.update(examination("healthy"))
    assert scene.words.startswith("no bug\n")
    scene.update(replace(found, errors=dict.fromkeys(found.errors, np.nan)))
    assert "W1 nan" in scene.words


@pytest.mark.parametrize(("value", "text"), [(0.33333, "0.33"), (1.234e-7, "0.00000012"), (0.0, "0"), (2.0, "2")])
def test_numbers_have_two_digits_and_no_exponent(value, text):
    assert decimal(value) == text


def test_kinds_of_lines_are_told_apart_without_colour():
    panel = ClinicFigure(examination()).costs
    assert len({line.get_linewidth() for line in panel.lines}) == 3
    check = ClinicFigure(examination()).check
    assert check.ill.get_marker() != check.healthy.get_marker()


@pytest.mark.filterwarnings("error")
def test_a_single_step_has_axes_too():
    scene = ClinicFigure(examination(steps=1))
    low, high = scene.costs.axes.get_xlim()
    assert low <= 1 < high
