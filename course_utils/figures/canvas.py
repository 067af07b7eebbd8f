"""A figure drawn once whose changing artists are painted over a kept background, move after move.

A full redraw of a figure with three panels costs some 70 ms, its layout twice that; restoring a background and
painting what changed costs a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

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
        self.figure, self.changing = figure, list(changing)
        figure.set_dpi(dpi)
        self.agg = FigureCanvasAgg(figure)
        for artist in self.changing:
            artist.set_animated(True)
        self.agg.draw()
        figure.set_layout_engine("none")  # the layout holds from now on
        self.background = self.agg.copy_from_bbox(figure.bbox)

    def paint(self) -> None:
        """Paint the changing artists as they are now."""
        self.agg.restore_region(self.background)
        for artist in self.changing:
            self.figure.draw_artist(artist)

    def jpeg(self, quality: int = 90) -> bytes:
        """Return the picture as JPEG: a third of the time that PNG takes, and a fifth of the bytes."""
        buffer = BytesIO()
        self.picture().save(buffer, "JPEG", quality=quality, subsampling=0)
        return buffer.getvalue()

    def png(self) -> bytes:
        """Return the picture as PNG, for keeping."""
        return small_png(self.picture())

    def picture(self) -> Image.Image:
        """Return what is painted; RGBX spares a conversion, since there is nothing transparent."""
        return Image.frombuffer("RGBX", self.agg.get_width_height(), self.agg.buffer_rgba(), "raw", "RGBX", 0, 1)
