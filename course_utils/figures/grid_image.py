"""Artist: a grid of coloured cells that fills its axes, painted in a fraction of the time ``imshow`` takes."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.image import AxesImage
from matplotlib.transforms import IdentityTransform

from course_utils.figures.style import BLANK

__all__ = ["grid_image"]

SHADES = 64  # more could not be told apart, and would not pack as well


def grid_image(
    axes: Axes, cmaps: tuple[Colormap, Colormap], low: float, high: float, extent: tuple[float, float, float, float]
) -> AxesImage:
    """Return an image that fills ``axes``; give it its values (rows, columns) by ``set_data``.

    Row 0 is at the bottom, or on top if the y axis is inverted. Values from ``low`` to ``high`` are coloured by
    ``cmaps`` for light and for dark ground, those beyond as its ends, nan as blank. Limits of the axes must stay those
    of ``extent``.
    """
    light, dark = (cmap.with_extremes(bad=blank) for cmap, blank in zip(cmaps, BLANK, strict=True))
    image = GridImage(axes, cmap=light, origin="lower", extent=extent, interpolation="nearest")
    image.dark = dark
    image.set_clim(low, high)
    image.set_data(np.full((1, 1), low))
    axes.add_image(image)
    axes.set_aspect("auto")
    axes.set(xlim=extent[:2], ylim=extent[2:])
    return image


class GridImage(AxesImage):
    """Takes each pixel's cell by index, instead of resampling values, mask and opacity one after another."""

    dark: Colormap

    def draw(self, renderer: Any, *others: Any, **more: Any) -> None:
        """Draw the cells; a recorder is told the number of each one's colour, and the colours, instead of pixels."""
        if not hasattr(renderer, "draw_cells"):
            super().draw(renderer, *others, **more)
            return
        if not self.get_visible():
            return
        context, own = renderer.new_gc(), cast(Any, self)
        own._set_gc_clip(context)
        cells = self.numbered(np.ma.filled(np.ma.asarray(self.get_array(), float), np.nan))  # (rows, columns)
        palettes = [palette(cmap, 256) for cmap in (self.cmap, self.dark)]
        upright = cells if self.axes.yaxis_inverted() else cells[::-1]
        renderer.draw_cells(context, self.axes.bbox, upright, palettes)
        context.restore()

    def make_image(self, renderer: Any, magnification: float = 1.0, unsampled: bool = False) -> Any:
        """Return the pixels (height, width, 4) and where they go, as matplotlib asks for them."""
        if unsampled:  # for formats that scale images themselves, such as PDF
            return super().make_image(renderer, magnification, unsampled)
        box = self.axes.bbox
        left, bottom = round(box.x0), round(box.y0)
        width = round((round(box.x1) - left) * magnification)
        height = round((round(box.y1) - bottom) * magnification)
        values: Any = self.get_array()
        numbers = self.numbered(np.ma.filled(values.astype(float), np.nan))
        cells = palette(self.cmap, SHADES + 1)[numbers]  # (rows, columns, 4)
        if self.axes.yaxis_inverted():
            cells = cells[::-1]
        rows = ((np.arange(height) + 0.5) * (cells.shape[0] / height)).astype(int)
        columns = ((np.arange(width) + 0.5) * (cells.shape[1] / width)).astype(int)
        return cells[rows][:, columns], left, bottom, IdentityTransform()

    def numbered(self, values: Any) -> Any:
        """Return the numbers of the shades of values; nan has the one after them."""
        low, high = self.get_clim()
        shades = np.clip((values - low) * (SHADES / (high - low)), 0, SHADES - 1)
        return np.where(np.isnan(values), SHADES, shades).astype(np.uint8)


def palette(cmap: Colormap, length: int) -> Any:
    """Return the colours of all shades, and from there on the one of nan, (length, 4) as bytes."""
    shades = np.append(np.linspace(0, 1, SHADES), np.full(length - SHADES, np.nan))
    return cmap(shades, bytes=True)
