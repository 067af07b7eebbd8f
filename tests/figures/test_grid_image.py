"""A grid image shows what ``imshow`` shows, pixel for pixel but for the edges of cells."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_utils.figures.grid_image import SHADES, grid_image

EXTENT = (-3, 3, 0, 5)


def pixels(draw, dpi=100):
    figure = Figure(figsize=(4, 3), dpi=dpi)
    axes = figure.add_axes((0.13, 0.11, 0.8, 0.8))
    draw(axes)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(int)


def both(values, cmap, low, high, inverted=False, dpi=100):
    def ours(axes):
        grid_image(axes, (cmap, colormaps["gray"]), low, high, EXTENT).set_data(values)
        if inverted:
            axes.invert_yaxis()

    def theirs(axes):
        settings = {"cmap": cmap, "vmin": low, "vmax": high, "interpolation": "nearest", "aspect": "auto"}
        axes.imshow(values, origin="lower", extent=EXTENT, **settings)
        if inverted:
            axes.invert_yaxis()

    return pixels(ours, dpi), pixels(theirs, dpi)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("dpi", [72, 100, 200])
def test_like_imshow(inverted, dpi):
    values = np.random.default_rng(0).uniform(-0.2, 1.2, (7, 9))  # beyond both ends too
    values[2, 3] = np.nan
    cmap = colormaps["YlGnBu"].resampled(SHADES).with_extremes(bad="#8C8C8C")
    ours, theirs = both(values, cmap, 0.1, 0.9, inverted, dpi)
    differ = np.any(ours != theirs, axis=2)
    assert differ.mean() < 0.02  # edges of cells may lie a pixel aside
    assert np.any(ours == 0x8C, axis=2).mean() > 0.005  # the bad colour is there


def test_upside_down_is_seen():
    values = np.arange(12.0).reshape(4, 3)
    ours, _ = both(values, colormaps["viridis"], 0, 11)
    _, theirs = both(values, colormaps["viridis"], 0, 11, inverted=True)
    assert np.any(ours != theirs, axis=2).mean() > 0.2


@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_other_formats_can_be_saved(tmp_path, kind):
    figure = Figure()
    grid_image(figure.subplots(), (colormaps["viridis"],) * 2, 0, 1, EXTENT).set_data(np.eye(3))
    figure.savefig(tmp_path / f"figure.{kind}")
    assert (tmp_path / f"figure.{kind}").stat().st_size > 1000
