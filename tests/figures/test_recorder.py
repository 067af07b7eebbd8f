"""What is recorded: equal draw calls once, what a player cannot draw refused, bytes that say what was drawn."""

import struct

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from course_utils.figures.recorder import ChunkStore, Recorder

ROLES = {"#ffffff": 0, "#000000": 1, "#d55e00": 2}


def axes_and_recorder():
    figure = Figure(figsize=(3, 2), dpi=100)
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    figure.draw_without_rendering()
    return axes, Recorder(figure.bbox, figure.dpi, ROLES, ChunkStore())


def test_what_was_drawn_before_costs_nothing():
    axes, recorder = axes_and_recorder()
    (line,) = axes.plot([0, 1], [0, 1], color="#d55e00")
    text = axes.text(0.5, 0.5, "0.50")
    first = recorder.record([line, text])
    count = len(recorder.store.chunks)
    assert recorder.record([line, text]) == first
    line.set_data([0, 1], [1, 0])
    second = recorder.record([line, text])
    assert second[0] != first[0]
    assert second[1:] == first[1:]
    assert len(recorder.store.chunks) == count + 1


def test_letters_are_kept_once_for_all_texts():
    axes, recorder = axes_and_recorder()
    recorder.record([axes.text(0.1, 0.5, "0123")])
    count = len(recorder.store.chunks)
    recorder.record([axes.text(0.1, 0.2, "3210")])
    assert len(recorder.store.chunks) == count + 1  # the text, and no new letter


def test_places_are_sixteenths_of_a_pixel_from_the_top():
    axes, recorder = axes_and_recorder()
    (number,) = recorder.record(axes.plot([0.25, 0.5], [1, 0], "o", color="#d55e00"))
    chunk = recorder.store.chunks[number]
    count, *places = struct.unpack("<I4h", chunk[-12:])
    x, y = np.cumsum(np.reshape(places, (2, 2)), axis=1) / 16
    left, bottom, width, height = axes.bbox.bounds
    assert count == 2
    assert np.allclose(x, [left + width / 4, left + width / 2], atol=1 / 16)
    assert np.allclose(y, [recorder.height - bottom - height, recorder.height - bottom], atol=1 / 16)


def test_nothing_is_recorded_of_what_cannot_be_seen():
    axes, recorder = axes_and_recorder()
    assert recorder.record(axes.plot([], [], color="#d55e00")) == []
    assert recorder.record([axes.plot([0, 1], [0, 1], color="#00ff00", alpha=0)[0]]) == []
    assert recorder.record([axes.add_collection(LineCollection([]))]) == []
    assert recorder.record([axes.text(0.5, 0.5, " ")]) == []


@pytest.mark.parametrize(
    ("what", "draw"),
    [
        ("colours of roles", lambda axes: axes.plot([0, 1], [0, 1], color="#123456")[0]),
        ("images of pixels", lambda axes: axes.imshow(np.eye(2))),
        ("shaded triangles", lambda axes: axes.tripcolor([0, 1, 0], [0, 0, 1], [1, 2, 3], shading="gouraud")),
    ],
)
def test_what_the_player_cannot_draw_is_refused(what, draw):
    axes, recorder = axes_and_recorder()
    with pytest.raises((ValueError, NotImplementedError), match=what):
        recorder.record([draw(axes)])


def test_a_clip_that_is_no_box_is_refused():
    axes, recorder = axes_and_recorder()
    (line,) = axes.plot([0, 1], [0, 1], color="#d55e00")
    line.set_clip_path(Circle((0.5, 0.5), 0.2, transform=axes.transData))
    with pytest.raises(NotImplementedError, match="clip paths"):
        recorder.record([line])
