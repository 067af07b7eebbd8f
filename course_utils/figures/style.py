"""One look for all figures: colours, sizes, and a figure that shows itself in a notebook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["CLASS_COLOURS", "COLOURS", "DIVERGING", "CourseFigure", "new_figure", "small_png"]

# Okabe & Ito's palette: told apart by colour-blind readers too.
COLOURS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#009E73",
    "yellow": "#E69F00",
    "sky": "#56B4E9",
    "pink": "#CC79A7",
    "black": "#222222",
    "grey": "#BDBDBD",
}
CLASS_COLOURS = (COLOURS["orange"], COLOURS["blue"])
DIVERGING = LinearSegmentedColormap.from_list("classes", ["#F0A06A", "#FBFBFB", "#6AAEDC"])

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 2,
}


class CourseFigure(Figure):
    """A figure that a notebook shows as a PNG at twice its size, with ``alt`` as its text for screen readers."""

    alt = ""

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=144)
        return small_png(Image.open(buffer)), {"width": round(self.get_figwidth() * 80), "alt": self.alt}

    def __repr__(self) -> str:
        return f"<figure: {self.alt}>"


def small_png(picture: Image.Image) -> bytes:
    """Return a picture as PNG with 256 colours of its own: a third of the bytes, and hardly to be told apart."""
    buffer = BytesIO()
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def new_figure(
    width: float, height: float, alt: str, columns: int = 1, rows: int = 1, scale: float = 1.0, **grid: Any
) -> tuple[CourseFigure, Any]:
    """Return a figure of ``width`` × ``height`` inches and its array of axes.

    ``scale`` enlarges text and lines, for a room; further arguments go to ``Figure.subplots``.
    """
    enlarged = ("font.size", "axes.titlesize", "axes.labelsize", "lines.linewidth")
    style: Any = STYLE | {key: STYLE[key] * scale for key in enlarged}
    with rc_context(style):
        figure = CourseFigure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        figure.alt = alt
        return figure, figure.subplots(rows, columns, squeeze=False, **grid)
