"""Colours: one meaning each, told apart from their ground and from one another, in the light and in the dark."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from cycler import cycler
from matplotlib import rc_context, rcParams, style
from matplotlib.font_manager import FontManager

from course_utils.experiments.bowl import penalized_bowl
from course_utils.experiments.bugs import examination
from course_utils.figures import style as course_style
from course_utils.figures.bowl import BowlFigure
from course_utils.figures.bugs import ClinicFigure
from course_utils.figures.digit_images import digit_figure
from course_utils.figures.fits import fit_figure
from course_utils.figures.frames import Frames
from course_utils.figures.gains import gain_figure
from course_utils.figures.intervals import interval_figure
from course_utils.figures.lines import line_figure
from course_utils.figures.predictions import gap_figure, prediction_figure
from course_utils.figures.shrinkage import shrinkage_figure
from course_utils.figures.style import CLASS_COLOURS, COLOURS, ROLES, SHADES
from course_utils.figures.validation import validation_figure

FONTS = Path(course_style.__file__).parent / "fonts"
QUIET = {"ground", "black", "grey", "faint"}  # beside or under what is read


def luminance(colour):
    """Return how bright a colour is, as the Web Content Accessibility Guidelines count it."""
    shares = np.array(list(bytes.fromhex(colour[1:]))) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [0, 1])
def test_what_is_read_stands_out_from_its_ground(dark):
    ground = SHADES["ground"][dark]
    found = {name: contrast(pair[dark], ground) for name, pair in SHADES.items() if name not in QUIET}
    assert min(found.values()) >= 3, found
    assert found["ink"] >= 12
    assert contrast(SHADES["black"][dark], SHADES["sky"][dark]) >= 4.5  # numbers on units


@pytest.mark.parametrize("dark", [0, 1])
def test_every_shade_is_another_and_no_two_roles_share_one(dark):
    assert len({pair[dark] for pair in SHADES.values()}) == len(SHADES)
    assert len(set(ROLES.values())) == len(ROLES)
    for one, other in combinations(ROLES.values(), 2):
        rgb = [np.array(list(bytes.fromhex(SHADES[name][dark][1:]))) for name in (one, other)]
        assert np.abs(rgb[0] - rgb[1]).max() > 60


def test_classes_have_the_colours_of_their_roles():
    assert tuple(COLOURS[name] for name in ("class 0", "class 1")) == CLASS_COLOURS
    assert COLOURS["training"] not in CLASS_COLOURS
    assert COLOURS["test"] not in CLASS_COLOURS


STRANGE = {
    "large type": {"font.size": 24, "axes.labelsize": 28, "xtick.labelsize": 24, "legend.fontsize": 24},
    "dark": dict(style.library["dark_background"]),
    "grid": {"axes.grid": True, "lines.linewidth": 9, "axes.facecolor": "red", "axes.prop_cycle": cycler(color="r")},
    "tex": {"text.usetex": True},
    "pages": {"savefig.bbox": "tight", "savefig.dpi": 300, "savefig.transparent": True, "savefig.facecolor": "black"},
    "layout": {"figure.autolayout": True, "figure.dpi": 200, "figure.facecolor": "black", "figure.subplot.left": 0.4},
    "pictures": {"image.origin": "lower", "image.cmap": "jet", "image.interpolation": "gaussian", "axes.xmargin": 1},
}


MADE = {
    "scene": lambda: BowlFigure(penalized_bowl()).figure,
    "places told": lambda: ClinicFigure(examination()).figure,
    "figure": lambda: validation_figure([0, 1], {"L2": [(0.8, 0.1), (0.9, 0.1)]}, 1, "A"),
}


@pytest.mark.parametrize("settings", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_readers_settings_of_matplotlib_make_no_difference(settings, make):
    usual = make()._repr_png_()[0]
    with rc_context(settings):
        before = dict(rcParams)
        assert make()._repr_png_()[0] == usual
        assert dict(rcParams) == before


def test_all_that_is_drawn_has_the_courses_own_type_and_no_font_is_missed(monkeypatch, caplog):
    found = set()

    def told(search):
        def searched(*given, **named):
            paths = search(*given, **named)
            found.update([paths] if isinstance(paths, str) else paths)
            return paths

        return searched

    for name in ("findfont", "_find_fonts_by_props"):
        monkeypatch.setattr(FontManager, name, told(getattr(FontManager, name)))
    with rc_context({"font.family": "serif", "mathtext.fontset": "cm"}):
        scene = BowlFigure(penalized_bowl())
        Frames(scene).record()
    strange = {Path(path).name for path in found if Path(path).parent != FONTS}
    assert FONTS / "sans-400.ttf" in map(Path, found)
    assert strange <= {"DejaVuSans.ttf"}  # only for what the course's own has not
    assert caplog.text == ""


ONE = np.arange(3.0)
PAIRS = [(0.8, 0.1)] * 3
# What draws a curve for each name, and the most that it has looks for.
CURVES = {
    "lines": (lambda names: line_figure({"A": dict.fromkeys(names, (ONE, ONE))}), "panels", 12),
    "gains": (
        lambda names: gain_figure({"A": {n: {1.0: (0, 1), 0.5: (1, 1)} for n in names}}, "y"),
        r"panels\['A'\]",
        3,
    ),
    "fits": (lambda names: fit_figure([ONE], [ONE], {name: [ONE] for name in names}), "fits", 4),
    "validation": (lambda names: validation_figure(ONE, dict.fromkeys(names, PAIRS), 1), "intervals", 6),
    "predictions": (lambda names: prediction_figure(ONE / 3, ONE / 3, dict.fromkeys(names, 0.5)), "means", 3),
    "gaps": (lambda names: gap_figure(ONE + 1, {"A": dict.fromkeys(names, ONE)}), r"gaps\['A'\]", 3),
    "shrinkage": (lambda names: shrinkage_figure(ONE, {"A": np.ones((len(names), 3))}, names), "features", 3),
}


def handle_look(handle):
    """Return what tells a curve of a legend from others; one with bars is a container."""
    line = handle[0] if isinstance(handle, tuple) else handle
    return str([line.get_color(), line.get_linestyle(), line.get_linewidth(), getattr(line, "get_marker", str)()])


@pytest.mark.parametrize(("make", "argument", "most"), CURVES.values(), ids=CURVES)
def test_no_two_curves_look_alike_and_none_is_left_out(make, argument, most):
    names = [f"name {number}" for number in range(most)]
    figure = make(names)
    legends = figure.legends or [panel.get_legend() for panel in figure.axes]
    shown = [text.get_text() for legend in legends for text in legend.get_texts()]
    assert all(any(text.startswith(name) for text in shown) for name in names)
    looks = [handle_look(handle) for legend in legends for handle in legend.legend_handles]
    assert len(set(looks)) == len(looks) >= most
    with pytest.raises(ValueError, match=f"^{argument} must have at most {most} names, got {most + 1}: "):
        make([*names, "one more"])


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_figures_take_arrays_of_any_kind_and_refuse_what_they_cannot_draw():
    x = np.arange(4, dtype=np.int8)[np.newaxis]
    usual = fit_figure(x.astype(float), x, {"A": x})._repr_png_()[0]
    for kind in (np.matrix, np.ma.array, np.asfortranarray, lambda a: a.tolist(), lambda a: a.astype(">f8")):
        assert fit_figure(kind(x), kind(x), {"A": kind(x)})._repr_png_()[0] == usual
    hidden = np.ma.array(x, mask=x == 2)
    with pytest.raises(ValueError, match="x must have no masked entries, got 1"):
        fit_figure(hidden, x, {})
    with pytest.raises(ValueError, match=r"fits\['A'\] must have no masked entries, got 1"):
        fit_figure(x, x, {"A": hidden})
    with pytest.raises(ValueError, match=r"x must have 64 rows, the pixels of a digit, got shape \(1, 4\)"):
        digit_figure(x, np.eye(10)[:, :4])
    with pytest.raises(ValueError, match="y must have 2 columns"):
        digit_figure(np.zeros((64, 2)), np.eye(10))
    with pytest.raises(ValueError, match=r"intervals must have the names of values, \['A'\], got \['B'\]"):
        interval_figure({"A": ONE}, {"B": (1, 1)}, "x")
    with pytest.raises(ValueError, match="the number of panels must be a whole number >= 1, got 0"):
        line_figure({})
