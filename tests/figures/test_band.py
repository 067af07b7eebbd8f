"""The band and the repeats hold the numbers that they are given."""

import numpy as np
import pytest

from course_utils.experiments.band import Band
from course_utils.figures.band import BandFigure
from course_utils.figures.repeats import repeat_figure

AXIS = np.arange(50) / 50


def made_up(seed=0, gap=(0.3, 0.6), samples=30, spread=2.0):
    rng = np.random.default_rng(seed)
    x, y = AXIS, 20 * np.sin(2 * np.pi * AXIS)
    drawn = y + spread * rng.standard_normal((samples, 50))
    return Band(x, y, (x < gap[0]) | (x >= gap[1]), drawn, drawn[:12])


FIGURES = {
    "band": lambda: BandFigure(made_up(), "A").figure,
    "wide band": lambda: BandFigure(made_up(spread=30), "A").figure,
    "many repeats": lambda: repeat_figure(
        np.random.default_rng(0).random((8, 200)), np.linspace(0, 1, 8), [f"tumour {i}" for i in range(8)], "p", "A"
    ),
}  # fmt: skip


def test_artists_hold_the_band():
    band = made_up()
    scene = BandFigure(made_up(1), "A")
    scene.update(band)
    np.testing.assert_array_equal(scene.mean.get_xydata().T, [AXIS, band.mean])
    np.testing.assert_array_equal(scene.deviation.get_xydata().T, [AXIS, band.deviation])
    np.testing.assert_array_equal(scene.points.get_xydata().T, [AXIS[band.seen], band.y[band.seen]])
    (area,) = scene.area.get_paths()
    heights = area.vertices[:100, 1]
    np.testing.assert_allclose(heights[:50], band.mean - 2 * band.deviation)
    np.testing.assert_allclose(heights[50:], (band.mean + 2 * band.deviation)[::-1])
    np.testing.assert_array_equal(scene.error.get_ydata(), np.abs(band.mean - band.y))
    drawn = scene.thinned.get_xydata().reshape(12, 51, 2)  # a break ends each curve
    np.testing.assert_array_equal(drawn[:, :50, 1], band.curves)
    np.testing.assert_array_equal(drawn[:, :50, 0], np.tile(AXIS, (12, 1)))
    assert np.isnan(drawn[:, 50]).all()
    for gap in scene.gaps:
        assert (gap.get_x(), gap.get_x() + gap.get_width()) == pytest.approx((0.3, 0.58))
    on_data, in_gap = band.widths
    assert scene.numbers.get_text() == f"on data {on_data:.1f}   in the gap {in_gap:.1f}"


def test_without_a_gap_nothing_is_said_about_it():
    scene = BandFigure(made_up(), "A")
    scene.update(made_up(gap=(0.0, 0.0)))
    assert "gap" not in scene.numbers.get_text()
    assert scene.gap_name.get_text() == ""
    assert all(gap.get_width() == 0 for gap in scene.gaps)


def test_repeats_show_every_value_in_its_row():
    repeats, whole = np.random.default_rng(0).random((3, 20)), np.array([0.1, 0.5, 0.9])
    panel = repeat_figure(repeats, whole, ["a", "b", "c"], "share", "A").axes[0]
    for row in range(3):
        x, height = panel.lines[row].get_data()
        np.testing.assert_array_equal(x, repeats[row])
        assert np.abs(height - row).max() < 0.3
    np.testing.assert_array_equal(panel.lines[3].get_xdata(), whole)
    assert [label.get_text() for label in panel.get_yticklabels()] == ["a", "b", "c"]
    assert panel.get_xlabel() == "share"
