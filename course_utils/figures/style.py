"""One look for all figures: colours, sizes, and a figure that shows itself in a notebook."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from matplotlib import font_manager, rc_context, style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

from course_utils.arguments import checked_count, checked_positive, shown
from course_utils.figures.room import make_room

__all__ = [
    "BLANK",
    "CLASS_COLOURS",
    "CLASS_SHADES",
    "COLOURS",
    "OUTPUT_SHADES",
    "SHADES",
    "CourseFigure",
    "large_type",
    "looks_of",
    "new_figure",
    "panel_figure",
    "small_png",
    "styled",
]

# Each colour on light ground and on dark. The hues are Okabe & Ito's, some darker, and a purple: told apart by
# colour-blind readers too.
SHADES = {
    "ground": ("#FFFFFF", "#131313"),
    "ink": ("#222222", "#EDEDED"),
    "black": ("#101010", "#111111"),  # on areas that are light on either ground
    "strong grey": ("#6A6A6A", "#B0B0B0"),
    "middle grey": ("#949494", "#7F7F7F"),
    "grey": ("#BDBDBD", "#5C5C5C"),
    "faint": ("#E4E4E4", "#333333"),
    "orange": ("#D55E00", "#FF8A3C"),
    "blue": ("#0072B2", "#4FA3E8"),
    "green": ("#009E73", "#2FC79A"),
    "purple": ("#8A3A9E", "#D58BE6"),
    "yellow": ("#B87A00", "#F0B93A"),
    "sky": ("#3094D1", "#8CCBF2"),
    "pink": ("#C0609A", "#E89CC6"),
}
ROLES = {"class 0": "orange", "class 1": "blue", "training": "green", "test": "purple"}  # no two share a colour
COLOURS = {name: light for name, (light, _) in SHADES.items()}
COLOURS |= {role: COLOURS[name] for role, name in ROLES.items()}
CLASS_COLOURS = (COLOURS["class 0"], COLOURS["class 1"])


def shades(name: str, *colours: Sequence[str]) -> tuple[LinearSegmentedColormap, LinearSegmentedColormap]:
    """Return colours to run through from low to high, on light ground and on dark."""
    light, dark = (LinearSegmentedColormap.from_list(name, list(found)) for found in colours)
    return light, dark


CLASS_SHADES = shades("classes", ("#F0A06A", "#FBFBFB", "#6AAEDC"), ("#8A4513", "#1D1D1D", "#15527F"))
OUTPUT_SHADES = shades(
    "outputs", ("#FFFFE0", "#9DD6BC", "#2F90BA", "#1A2E66"), ("#14202B", "#1F5F86", "#4CB59C", "#F4F3B2")
)
BLANK = ("#8C8C8C", "#6E6E6E")  # where there is no value

for _font in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
    font_manager.fontManager.addfont(_font)

TYPE: Any = {
    "font.family": ["Course Sans", "DejaVu Sans"],  # the second for what the first has not
    "mathtext.fontset": "custom",
    "mathtext.rm": "Course Sans",
    "mathtext.it": "Course Sans:italic",
    "mathtext.bf": "Course Sans:bold",
    "mathtext.cal": "Course Sans",
    "mathtext.sf": "Course Sans",
    "mathtext.tt": "Course Sans",
    "mathtext.fallback": "stixsans",
}
STYLE: Any = {
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 2,
}

PANEL = 2.8  # inches: the width of one of several panels
WIDE = 11.2  # inches: wider figures get larger type in a room, where all are shown equally wide
FLATTEST = 3.4  # width to height of such figures

_usual = {"scale": 1.0}  # of figures that are not told another one

P = ParamSpec("P")
R = TypeVar("R")
Look = TypeVar("Look")


def styled(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that draws with matplotlib's own settings and the course's type, whatever a reader's are."""

    @functools.wraps(function)
    def drawing(*args: P.args, **kwargs: P.kwargs) -> R:
        with style.context(["default", TYPE]):
            return function(*args, **kwargs)

    return drawing


class CourseFigure(Figure):
    """A figure that a notebook shows as a PNG with more pixels than it takes, for sharp text.

    ``told`` is its text for screen readers, if it was told one. ``scale`` is how much larger than usual its inches are
    drawn.
    """

    told = ""
    scale = 1.0
    draw = styled(Figure.draw)  # ticks are made no sooner
    savefig = styled(Figure.savefig)  # which has settings of its own

    @property
    def alt(self) -> str:
        """Text for screen readers: what the figure was told, else what its panels are."""
        return self.told or "Figure: " + "; ".join(filter(None, map(panel_name, self.axes)))

    def shown_width(self, pixels_per_inch: float) -> int:
        """Return the width in pixels at which it is meant to be seen."""
        return round(self.get_figwidth() * self.scale * pixels_per_inch)

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        if self.scale > 1:
            make_room(self)
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=144 * self.scale)
        return small_png(Image.open(buffer)), {"width": self.shown_width(80), "alt": self.alt}

    def __repr__(self) -> str:
        return "<figure>"


def panel_name(axes: Axes) -> str:
    """Return what a panel says that it shows, by its title, its label or its axes; not what it shows."""
    x, y = axes.get_xlabel(), axes.get_ylabel()
    return axes.get_title().strip() or str(axes.get_label()) or (f"{y} over {x}" if x and y else x or y)


def small_png(picture: Image.Image) -> bytes:
    """Return a picture as PNG with 256 colours of its own: a third of the bytes, and hardly to be told apart."""
    buffer = BytesIO()
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def large_type(scale: float = 1.4) -> None:
    """Draw figures from now on with larger type, for a room; live figures have it always.

    Figures with several panels may grow taller, and have fewer ticks where their labels would touch.

    Parameters
    ----------
    scale : float > 0
        How much larger; 1 is the usual type again.

    Raises
    ------
    ValueError, TypeError
        If ``scale`` is not a finite number above 0.
    """
    _usual["scale"] = checked_positive("scale", scale)


@styled
def new_figure(
    width: float, height: float, alt: str = "", columns: int = 1, scale: float | None = None, **grid: Any
) -> tuple[CourseFigure, Any]:
    """Return a figure of ``width`` × ``height`` inches and its axes (1, columns).

    A ``scale`` above 1 makes all text, lines and points larger by it while the picture keeps its size: the figure has
    fewer inches, and each is drawn larger. Without one that of :func:`large_type` counts. Further arguments go to
    ``Figure.subplots``.
    """
    checked_count("the number of panels", columns)
    if scale is None:
        height, scale = _usual_size(width, height)
    with rc_context(STYLE):
        figure = CourseFigure(figsize=(width / scale, height / scale), layout="constrained")
        FigureCanvasAgg(figure)
        figure.told, figure.scale = alt, scale
        return figure, figure.subplots(1, columns, squeeze=False, **grid)


@styled
def panel_figure(
    count: int, height: float, alt: str = "", head: float = 0, **grid: Any
) -> tuple[CourseFigure, list[Axes]]:
    """Return a figure and the axes of its panels, all as wide; a page may show each by itself, one below the other.

    Panels are narrow, so that their type is large wherever they stand: in a notebook, on a phone, in a room.

    Parameters
    ----------
    count : int
        Panels.
    height : float
        Inches.
    alt : str
        Text for screen readers.
    head : float
        Inches above all panels for words about all of them.
    **grid
        For the gridspec of each panel; then there is no other layout.
    """
    with rc_context(STYLE):
        figure = CourseFigure(figsize=(count * PANEL, height), layout=None if grid else "constrained")
        FigureCanvasAgg(figure)
        figure.told = alt
        below = 1 if head else 0
        ratios = [head, height - head][1 - below :]
        places: Any = figure.add_gridspec(1 + below, count, height_ratios=ratios, wspace=0, hspace=0)
        parts = [figure.add_subfigure(places[below, i]) for i in range(count)]
        return figure, [part.subplots(gridspec_kw=grid) for part in parts]


def looks_of(name: str, curves: Mapping[str, R], looks: Sequence[Look]) -> list[tuple[str, R, Look]]:
    """Return what is drawn under each name, with a look of its own; no two may look alike, and none be left out."""
    if not isinstance(curves, Mapping):
        raise TypeError(f"{name} must be a dict with at most {len(looks)} names, got {shown(curves)}")
    if len(curves) > len(looks):
        raise ValueError(f"{name} must have at most {len(looks)} names, got {len(curves)}: {shown(list(curves))}")
    return [(one, curve, look) for (one, curve), look in zip(curves.items(), looks, strict=False)]


def _usual_size(width: float, height: float) -> tuple[float, float]:
    """Return height and scale of a figure that was not told a scale."""
    scale = _usual["scale"]
    if scale <= 1 or width <= WIDE:
        return height, scale
    return max(height, width / FLATTEST), scale * width / WIDE
