"""Colours: one meaning each, told apart from their ground and from one another, in the light and in the dark."""

from itertools import combinations

import numpy as np
import pytest
from cycler import cycler
from matplotlib import rc_context, rcParams, style

from course_utils.experiments.bowl import penalized_bowl
from course_utils.experiments.bugs import examination
from course_utils.figures.bowl import BowlFigure
from course_utils.figures.bugs import ClinicFigure
from course_utils.figures.style import CLASS_COLOURS, COLOURS, ROLES, SHADES
from course_utils.figures.validation import validation_figure

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
