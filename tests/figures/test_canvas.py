"""Canvas: what it encodes, plain or sharp, shows what it painted."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from course_utils.experiments import quadrant_run
from course_utils.figures.canvas import Canvas
from course_utils.figures.quadrants import TrainerFigure

RUNS = [quadrant_run(q, m_test=50, steps=40, records=4, resolution=20) for q in (1.0, 0.6)]


def pixels(canvas: Canvas, dpi: float = 60) -> np.ndarray:
    return np.asarray(canvas.painted(dpi).convert("RGB")).copy()


@pytest.mark.parametrize(("encode", "kind"), [("jpeg", "JPEG"), ("png", "PNG")])
def test_encoded_pictures_show_what_was_painted(encode, kind):
    scene = TrainerFigure(RUNS[0], "alt")
    canvas = Canvas(scene.figure, scene.changing, 60)
    painted = pixels(canvas).astype(float)
    picture = Image.open(BytesIO(getattr(canvas, encode)()))
    assert picture.format == kind
    assert np.abs(np.asarray(picture.convert("RGB")) - painted).mean() < 3


def test_the_sharp_picture_shows_the_same_at_twice_the_size():
    scene = TrainerFigure(RUNS[0], "alt")
    canvas = Canvas(scene.figure, scene.changing, 60)
    before = pixels(canvas)
    sharp = Image.open(BytesIO(canvas.sharp_jpeg()))
    height, width = before.shape[:2]
    assert sharp.size == pytest.approx((2 * width, 2 * height), abs=1)  # part of a pixel is rounded
    assert np.array_equal(before, pixels(canvas))  # and leaves the plain one as it was
    smaller = np.asarray(sharp.resize((width, height)), dtype=float)
    scene.update(RUNS[1])
    other = pixels(canvas)
    scene.update(RUNS[0])
    assert 2 * np.abs(smaller - before).mean() < np.abs(smaller - other).mean()  # edges differ, by rounding
