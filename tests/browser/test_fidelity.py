"""Every live figure: what the player draws is what Agg draws, and each single artist is there."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from playwright.sync_api import Browser, Page

from course_utils.figures.frames import DPI, Frames, Scene
from tests.browser.test_player import PLAYER, SAME, difference
from tests.live.test_every_live_figure import FIGURES

SHARPER = 2  # pixels of the screen to one of the page
ALONE = 0.3  # as SAME, for one artist: Agg moves small marks by up to half a pixel, which is much of them
SEEN = 100  # pixels that an artist must change to be looked for
DRAW = """([sizes, shades, chunks, plates, frames]) => {
    const bytes = chunks.map(text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0)));
    document.body.replaceChildren();
    window.players = sizes.map(([width, height], i) => {
        const canvas = document.createElement("canvas");
        canvas.style.cssText = `display: block; width: ${width}px; height: ${height}px`;
        document.body.append(canvas);
        const player = new Player(canvas, {width, height, shades});
        player.begin(bytes, plates[i]);
        player.draw(frames[i]);
        return player;
    });
}"""
AGAIN = """([panel, frame]) => {
    window.players[panel].draw(frame);
    return window.players[panel].canvas.toDataURL();
}"""


class ByAgg:
    """A scene as Agg draws it, its letters where they belong and not on whole pixels."""

    def __init__(self, scene: Scene) -> None:
        self.figure = scene.figure
        with mpl.rc_context({"text.hinting": "none"}):
            self.figure.set_dpi(SHARPER * DPI * self.figure.scale)
            self.canvas = FigureCanvasAgg(self.figure)
            Figure.draw(self.figure, self.canvas.get_renderer())  # our figures draw with settings of their own
        self.empty = self.canvas.copy_from_bbox(self.figure.bbox)

    def panel(self, part: Any, artists: Sequence[Artist]) -> Image.Image:
        """Return a panel with some of the changing artists."""
        with mpl.rc_context({"text.hinting": "none"}):
            self.canvas.restore_region(self.empty)
            for one in artists:
                self.figure.draw_artist(one)
        picture = Image.fromarray(np.asarray(self.canvas.buffer_rgba())).convert("RGB")
        box, height = part.bbox, picture.height
        return picture.crop([round(at) for at in (box.x0, height - box.y1, box.x1, height - box.y0)])


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(device_scale_factor=SHARPER, viewport={"width": 600, "height": 1600}) as context:
        page = context.new_page()
        page.set_content("<body style='margin: 0'></body>")
        page.add_script_tag(content=PLAYER + "\nwindow.Player = Player;")
        yield page


def by_player(page: Page, panel: int, frame: list[int], size: tuple[int, int]) -> Image.Image:
    data = page.evaluate(AGAIN, [panel, frame])
    picture = Image.open(BytesIO(base64.b64decode(data.split(",")[1]))).convert("RGB")
    assert np.abs(np.subtract(picture.size, size)).max() <= 1
    return picture.crop((0, 0, *size))


@pytest.mark.parametrize("make", FIGURES, ids=lambda make: make.__name__)
def test_every_artist_of_a_figure_is_drawn_as_agg_draws_it(page: Page, make: Any) -> None:
    live = make(**FIGURES[make])
    frames: Frames = live.frames
    whole = frames.record()
    # Artist by artist: what each adds to the frame of its panel.
    parts = [[recorder.record([artist]) for artist in artists]
             for recorder, artists in zip(frames.recorders, frames.changing, strict=True)]  # fmt: skip
    chunks = [base64.b64encode(chunk).decode() for chunk in frames.store.chunks]
    shades = live.declaration()["shades"]
    page.evaluate(DRAW, [frames.sizes, json.loads(json.dumps(shades)), chunks, frames.plates, whole])
    agg, seen = ByAgg(live.scene), 0
    for panel, (part, artists) in enumerate(zip(frames.panels, frames.changing, strict=True)):
        wanted, empty = agg.panel(part, artists), agg.panel(part, [])
        found = by_player(page, panel, whole[panel], wanted.size)
        assert difference(found, wanted, Image.new("RGB", wanted.size, "white")) < SAME
        assert whole[panel] == [number for numbers in parts[panel] for number in numbers]
        for artist, numbers in zip(artists, parts[panel], strict=True):
            alone = agg.panel(part, [artist])
            if changed(alone, empty) < SEEN:
                continue  # nothing to draw in this result
            seen += 1
            assert difference(by_player(page, panel, numbers, alone.size), alone, empty) < ALONE, artist
            assert difference(by_player(page, panel, [], alone.size), alone, empty) > 0.8, artist
    assert seen > 0.6 * sum(map(len, frames.changing))


def changed(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels of two pictures differ."""
    return int((np.abs(np.subtract(one, other, dtype=float)).max(axis=2) > 8).sum())
