"""In large type nothing touches, hides or leaves its place, and type on a slide is large enough."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from course_utils.experiments.band import Band
from course_utils.figures.band import BandFigure
from course_utils.figures.comparison import boundary_figure, cost_figure
from course_utils.figures.differences import difference_figure
from course_utils.figures.intervals import interval_figure
from course_utils.figures.lines import line_figure
from course_utils.figures.repeats import repeat_figure
from course_utils.figures.room import make_room, tick_gaps
from course_utils.figures.style import large_type, new_figure
from tests.figures import test_figures, test_penalty_figures, test_theory_figures

RUN, X = test_figures.RUN, np.linspace(0, 400, 9)
PAIR = {"gradients ± 0.1": (X, X), "gradients ± 10": (X, X**2)}
ONE = {"one": (X[:4] / 20, X[:4])}
SINE = np.linspace(0, 1, 50, endpoint=False)
DRAWN = np.random.default_rng(0).standard_normal((30, 50))
BAND = Band(SINE, SINE, (SINE < 0.3) | (SINE >= 0.6), DRAWN, DRAWN[:12])
FIGURES = {
    **{name: test_figures.FIGURES[name] for name in ("masks", "digits", "fit")},
    **{name: test_theory_figures.FIGURES[name] for name in ("predictions", "gaps", "shrinkage", "twins")},
    **{name: test_penalty_figures.FIGURES[name] for name in ("lines", "points", "validation")},
    "boundaries": lambda: boundary_figure({f"keep_prob {p}": RUN for p in (1, 0.8, 0.5)}, "A"),
    "costs": lambda: cost_figure({f"keep_prob {p}": RUN for p in (1, 0.8, 0.5)}, "A"),
    "close values": lambda: interval_figure(
        {"none": np.array([0.918, 0.936]), "dropout": np.array([0.916, 0.9543])},
        {"none": (0.924, 0.005), "dropout": (0.939, 0.009)}, "test accuracy", "A",
    ),
    "small and large": lambda: difference_figure(
        {"accuracy with half": np.array([0.14, 0.21]), "correlation": np.array([-0.012, 0.006])},
        {"accuracy with half": (0.178, 0.016), "correlation": (0.001, 0.005)}, "with dropout minus without", "A",
    ),
    "many digits": lambda: interval_figure(
        {"none": np.array([0.0, 1.0]), "dropout": np.array([0.0, 1.0])}, {"none": (0.0, 0.1), "dropout": (1.0, 0.1)},
        "share", "A", digits=9,
    ),
    "three panels": lambda: line_figure(
        dict.fromkeys(("gradient descent, L2", "Adam, L2", "AdamW"), PAIR), "A", xlabel="step", ylabel="weight"
    ),
    "four panels": lambda: line_figure(
        {f"ηλ/m = {x}": ONE for x in (0.1, 1, 1.9, 2.1)}, "A", xlabel="step", ylabel="weight", xticks=[0, 5, 10, 15]
    ),
    "long numbers": lambda: line_figure({t: {"a": (X, 0.6931 - 1e-6 * X)} for t in "ab"}, "A", ylabel="cost"),
    "repeats": lambda: repeat_figure(
        np.random.default_rng(0).random((8, 20)), np.linspace(0, 1, 8), [f"tumour {i}" for i in range(8)], "p", "A"
    ),
    "band": lambda: BandFigure(BAND, "A").figure,
}  # fmt: skip


@pytest.fixture(autouse=True)
def room():
    """Large type for one test."""
    large_type()
    yield
    large_type(1)


@cache
def drawn(name):
    """Return a figure as it is when shown."""
    figure = FIGURES[name]()
    make_room(figure)
    figure.draw_without_rendering()
    return figure


def texts(figure):
    """Return the texts of a figure with their boxes; ticks outside their axis have none."""
    unseen = set()
    for panel in figure.axes:
        for axis in (panel.xaxis, panel.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                inside = panel.axison and low <= tick.get_loc() <= high
                unseen |= {tick.label2} if inside else {tick.label1, tick.label2}
    seen = [text for text in figure.findobj(Text) if text not in unseen and text.get_visible()]
    return [(text, text.get_window_extent()) for text in seen if text.get_text().strip()]


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_lies_on_another_or_leaves_the_figure(name):
    figure = drawn(name)
    for (one, box), (other, other_box) in combinations(texts(figure), 2):
        assert not box.overlaps(other_box), f"{one.get_text()!r} lies on {other.get_text()!r}"
    for text, box in texts(figure):
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, text.get_text()
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1, text.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_labels_of_ticks_keep_their_distance_and_those_of_axes_are_no_longer_than_they(name):
    for panel in drawn(name).axes:
        by_hand = not isinstance(panel.xaxis.get_major_locator(), MaxNLocator)
        assert min(tick_gaps(panel.xaxis), default=2) > (0.8 if by_hand else 1.15)
        assert min(tick_gaps(panel.yaxis), default=1) > 0.3
        assert panel.yaxis.label.get_window_extent().height <= panel.get_window_extent().height


@pytest.mark.parametrize("name", FIGURES)
def test_type_is_large_enough_on_a_slide(name):
    figure = drawn(name)
    width = min(1152, 400 * figure.get_figwidth() / figure.get_figheight())  # pixels that a picture has there
    assert 10 / 72 * width / figure.get_figwidth() > 16.5


@pytest.mark.parametrize("name", ["close values", "small and large", "many digits"])
def test_printed_intervals_stay_between_the_axes(name):
    (panel,) = drawn(name).axes
    place = panel.get_window_extent()
    for text in panel.texts:
        box = text.get_window_extent()
        assert place.x0 < box.x0 < box.x1 < place.x1


def test_the_names_in_a_band_lie_within_their_panels():
    for panel in drawn("band").axes:
        box, place = panel.get_legend().get_window_extent(), panel.get_window_extent()
        assert place.x0 <= box.x0 < box.x1 <= place.x1 + 1
        assert place.y0 <= box.y0 < box.y1 <= place.y1 + 1


@pytest.mark.parametrize("name", ["costs", "three panels"])
def test_legends_lie_below_the_panels_and_take_nothing_from_them(name):
    figure = drawn(name)
    (legend,) = figure.legends
    for panel in figure.axes:
        assert panel.get_legend() is None
        assert legend.get_window_extent().y1 < panel.xaxis.label.get_window_extent().y0
    assert figure.get_figheight() == pytest.approx(8 / 3.4 + 0.3)


def test_numbers_over_a_band_end_where_their_panel_ends():
    scene = BandFigure(BAND, "A")
    scene.figure.draw_without_rendering()
    assert scene.numbers.get_window_extent().x1 <= scene.numbers.axes.get_window_extent().x1 + 1


def test_ticks_set_by_hand_stay():
    for panel in drawn("four panels").axes:
        assert list(panel.get_xticks()) == [0, 5, 10, 15]
    figure, axes = new_figure(4, 2, "A")
    axes[0, 0].set_xticks(range(10_000, 10_020))
    make_room(figure)
    assert min(tick_gaps(axes[0, 0].xaxis)) < 0
    assert len(axes[0, 0].get_xticks()) == 20


@pytest.mark.parametrize(
    ("width", "height", "inches"),
    [(7, 3.5, (5, 2.5)), (11.2, 2.8, (8, 2)), (15, 6, (8, 3.2)), (15, 2, (8, 8 / 3.4))],
)
def test_wide_figures_have_as_many_inches_as_others(width, height, inches):
    figure = new_figure(width, height, "A")[0]
    assert tuple(figure.get_size_inches()) == pytest.approx(inches)
    assert figure.shown_width(80) == pytest.approx(80 * width)


def test_long_labels_are_broken_in_the_middle():
    figure, axes = new_figure(4, 2, "A")
    axes[0, 0].set_ylabel("what is longer than the axis")
    make_room(figure)
    assert axes[0, 0].get_ylabel() == "what is longer\nthan the axis"
    axes[0, 0].set_ylabel("what is longer than the axis, and " * 2 + "so on\nin two lines")
    make_room(figure)
    assert axes[0, 0].get_ylabel().count("\n") == 1


def test_usual_type_changes_nothing():
    large_type(1)
    figure, axes = new_figure(4, 1.4, "A")
    axes[0, 0].set(ylabel="what is longer than the axis", xlim=(0, 1), ylim=(0, 1))
    ticks = list(axes[0, 0].get_yticks())
    figure._repr_png_()
    assert axes[0, 0].get_ylabel() == "what is longer than the axis"
    assert list(axes[0, 0].get_yticks()) == ticks
    (panel,) = FIGURES["many digits"]().axes
    assert panel.get_xlim() == pytest.approx((-0.16, 1.16))
