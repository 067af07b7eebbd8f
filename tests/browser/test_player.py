"""The player draws what was recorded as Agg draws it: every kind of artist, the background, light and dark."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image, ImageFilter
from playwright.sync_api import Browser

import course_utils.live
from course_utils.figures.grid_image import grid_image
from course_utils.figures.recorder import ChunkStore, Recorder

PLAYER = (Path(course_utils.live.__file__).parent / "player.js").read_text(encoding="utf-8")
COLOURS = ["#ffffff", "#000000", "#d55e00", "#0072b2", "#009e73"]  # by role
DARK = ["#101418", "#f0f0f0", "#ff9040", "#56b4e9", "#40d0a0"]
INK, ORANGE, BLUE, GREEN = COLOURS[1:]
DPI = 100
SHARPER = 2  # pixels of the screen to one of the page
SAME = 0.22  # of what an artist changes: half a pixel to a side; a missing one is 1

GRID = np.linspace(0, 1, 15)
PALETTE = ListedColormap(["#d55e00", "#ffffff", "#0072b2"])


def cells(axes: Axes) -> Artist:
    image = grid_image(axes, (PALETTE, PALETTE), 0, 1, (0, 1, 0, 1))
    image.set_data(np.hypot(*np.meshgrid(GRID, GRID)) % 1)
    return image


def hatched(axes: Axes) -> Artist:
    return axes.add_patch(Rectangle((0.2, 0.2), 0.5, 0.5, facecolor=ORANGE, edgecolor=INK, hatch="//"))


def contours(axes: Axes) -> Artist:
    lines = LineCollection([np.stack([GRID, GRID**power], 1) for power in (1, 2, 4)], colors=BLUE, linestyles="--")
    return axes.add_collection(lines, autolim=False)


ARTISTS: dict[str, Callable[[Axes], Artist]] = {
    "line": lambda axes: axes.plot(GRID, GRID**2, color=ORANGE, linewidth=2)[0],
    "dashed line": lambda axes: axes.plot(GRID, 1 - GRID, "--", color=BLUE, linewidth=3)[0],
    "line with gaps": lambda axes: axes.plot(GRID, np.where(GRID > 0.5, np.nan, 0.5), color=GREEN)[0],
    "upright line": lambda axes: axes.axvline(0.4, color=INK, linewidth=1),
    "markers": lambda axes: axes.plot(GRID, GRID, "D", color=GREEN, markersize=8, markeredgecolor="#ffffff")[0],
    "points": lambda axes: axes.scatter(GRID, GRID**3, s=60, c=ORANGE, marker="^", edgecolors=INK),
    "contours": contours,
    "bars": lambda axes: axes.bar([0.3], [0.7], width=0.3, color=BLUE)[0],
    "hatched patch": hatched,
    "half clear area": lambda axes: axes.fill_between(GRID, 0.2, 0.4 + GRID / 2, color=BLUE, alpha=0.4, linewidth=0),
    "stairs": lambda axes: axes.stairs([0.2, 0.8, 0.5], [0.1, 0.3, 0.6, 0.9], fill=True, color=GREEN),
    "cells": cells,
    "text": lambda axes: axes.text(0.1, 0.5, "test 92% λ = 0.50", fontsize=16, weight="bold", color=INK),
    "turned text": lambda axes: axes.text(0.5, 0.1, "cost of it", rotation=90, color=ORANGE, fontsize=14),
    "formula": lambda axes: axes.text(0.2, 0.5, r"$\frac{\lambda}{2m}\,w_1^2$", fontsize=20, color=INK),
}


def picture(artist: Callable[[Axes], Artist] | None) -> tuple[Figure, Axes, Artist | None]:
    """Return a figure with axes, and one artist over them that is drawn by itself."""
    figure = Figure(figsize=(3, 2.5), dpi=DPI)
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1), title="a title", xlabel="$x_1$", ylabel="cost", xticks=[0, 0.5, 1])
    one = artist and artist(axes)
    if one:
        one.set_animated(True)
    return figure, axes, one


def by_agg(figure: Figure, artists: list[Artist]) -> Image.Image:
    """Return a figure and artists over it as Agg draws them, its letters where they belong and not on whole pixels."""
    with mpl.rc_context({"text.hinting": "none"}):
        figure.set_dpi(SHARPER * DPI)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        for one in artists:
            figure.draw_artist(one)
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def recorded(figure: Figure, artists: list[Artist]) -> dict[str, Any]:
    """Return what the player needs."""
    figure.set_dpi(DPI)
    figure.draw_without_rendering()
    roles = {colour: role for role, colour in enumerate(COLOURS)}
    recorder = Recorder(figure.bbox, DPI, roles, ChunkStore())
    plate, frame = recorder.record([figure]), recorder.record(artists)
    chunks = [base64.b64encode(chunk).decode() for chunk in recorder.store.chunks]
    return {"width": recorder.width, "height": recorder.height, "plate": plate, "frame": frame, "chunks": chunks}


def by_player(browser: Browser, told: dict[str, Any], dark: bool = False) -> Image.Image:
    """Return what the player draws on a screen with small pixels."""
    shades = [[[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in found] for found in (COLOURS, DARK)]
    size = {name: round(told[name]) for name in ("width", "height")}
    script = f"""{PLAYER}
        const told = {json.dumps(told)};
        const player = new Player(document.querySelector("canvas"), {{...told, shades: {json.dumps(shades)}}});
        const bytes = told.chunks.map(text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0)));
        player.begin(bytes, told.plate);
        player.draw(told.frame);
        player.setDark({json.dumps(dark)});"""
    style = f"display: block; width: {size['width']}px; height: {size['height']}px"
    with browser.new_context(viewport=size, device_scale_factor=SHARPER) as context:  # type: ignore[arg-type]
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_content(f'<body style="margin: 0"><canvas style="{style}"></canvas><script>{script}</script>')
        page.wait_for_function("player.frame && document.querySelector('canvas').width > 300")
        assert faults == []
        return Image.open(BytesIO(page.screenshot())).convert("RGB")


def difference(found: Image.Image, wanted: Image.Image, empty: Image.Image) -> float:
    """Return how far a picture is from another, against how far that one is from the empty one, where these differ."""
    blurred = [np.asarray(one.filter(ImageFilter.BoxBlur(1)), float) for one in (found, wanted, empty)]
    where = np.abs(blurred[1] - blurred[2]).max(axis=2) > 8
    assert where.sum() > 100  # there is something to compare
    return float(np.abs(blurred[0] - blurred[1])[where].sum() / np.abs(blurred[1] - blurred[2])[where].sum())


@pytest.mark.parametrize("name", ARTISTS)
def test_an_artist_is_drawn_as_agg_draws_it(browser, name):
    figure, _, artist = picture(ARTISTS[name])
    told = recorded(figure, [artist])
    wanted, empty = by_agg(figure, [artist]), by_agg(figure, [])
    assert difference(by_player(browser, told), wanted, empty) < SAME
    assert difference(by_player(browser, told | {"frame": []}), wanted, empty) > 0.9  # the test can fail


def test_the_background_is_drawn_as_agg_draws_it(browser):
    figure, _, _ = picture(None)
    told, wanted = recorded(figure, []), by_agg(figure, [])
    nothing = Image.new("RGB", wanted.size, "white")
    assert difference(by_player(browser, told), wanted, nothing) < SAME
    for artist in [*figure.axes[0].spines.values(), figure.axes[0].title, figure.axes[0].xaxis]:
        artist.set_visible(False)
        assert difference(by_player(browser, recorded(figure, [])), wanted, nothing) > 0.05
        artist.set_visible(True)


def test_dark_ground_changes_every_shade_and_nothing_else(browser):
    figure, _, artist = picture(ARTISTS["points"])
    told = recorded(figure, [artist])
    light, dark = (np.asarray(by_player(browser, told, ground)) for ground in (False, True))
    for colour, other in zip(COLOURS[:3], DARK, strict=False):
        shade, dark_shade = ([int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in (colour, other))
        where = (light == shade).all(axis=2)
        assert where.sum() > 20
        assert (dark[where] == dark_shade).all()
