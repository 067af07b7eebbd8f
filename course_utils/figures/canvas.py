"""A figure drawn once whose changing artists are painted over a kept background, move after move.

A full redraw of a figure with three panels costs some 70 ms, its layout twice that; restoring a background and
painting what changed costs a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from course_utils.figures.style import CourseFigure, small_png

__all__ = ["Canvas"]


class Canvas:
    """Paint ``changing`` artists over everything else of ``figure`` and encode the picture.

    Parameters
    ----------
    figure : CourseFigure
    changing : sequence of Artist
        In painting order. All else is drawn once, so limits, ticks and labels must stay.
    dpi : float
        Pixels per inch.
    """

    def __init__(self, figure: CourseFigure, changing: Sequence[Artist], dpi: float) -> None:
        self.figure, self.changing, self.dpi = figure, list(changing), dpi
        for artist in self.changing:
            artist.set_animated(True)
        self.plates: dict[float, tuple[FigureCanvasAgg, Any]] = {}

    def jpeg(self) -> bytes:
        """Return the picture as a light JPEG to be seen in passing: less to encode, to send and to decode."""
        return jpeg_bytes(self.painted(self.dpi))

    def sharp_jpeg(self) -> bytes:
        """Return the picture with twice the pixels each way, for screens that have them, in three times the time."""
        return jpeg_bytes(self.painted(2 * self.dpi))

    def png(self) -> bytes:
        """Return the picture as PNG, for keeping."""
        return small_png(self.painted(self.dpi))

    def painted(self, dpi: float) -> Image.Image:
        """Return the figure with the changing artists as they are now."""
        self.figure.set_dpi(dpi)
        if dpi not in self.plates:
            self.plates[dpi] = self.plate()
        agg, background = self.plates[dpi]
        self.figure.set_canvas(agg)
        agg.restore_region(background)
        for artist in self.changing:
            self.figure.draw_artist(artist)
        # RGBX spares a conversion, since there is nothing transparent.
        return Image.frombuffer("RGBX", agg.get_width_height(), agg.buffer_rgba(), "raw", "RGBX", 0, 1)

    def plate(self) -> tuple[FigureCanvasAgg, Any]:
        """Return a canvas at the figure's resolution and all that does not change, drawn on it."""
        agg = FigureCanvasAgg(self.figure)
        agg.draw()
        self.figure.set_layout_engine("none")  # the layout of the first drawing holds from now on
        return agg, agg.copy_from_bbox(self.figure.bbox)


def jpeg_bytes(picture: Image.Image) -> bytes:
    """Return a picture as JPEG with full colour resolution, since thin coloured lines suffer without it."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=75, subsampling=0)
    return buffer.getvalue()
