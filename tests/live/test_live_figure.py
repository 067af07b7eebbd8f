"""Live figures with real widgets: controls agree, results are kept, errors leave the last good picture."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from course_utils.figures.style import new_figure
from course_utils.live.controls import Choice, NumberControl, Range
from course_utils.live.live_figure import REST, SLOW, LiveFigure
from tests.live.hands import press


class Bar:
    """A scene with one line as high as its result."""

    def __init__(self, result):
        self.figure, axes = new_figure(2, 1, "a bar")
        (self.line,) = axes[0, 0].plot([0, 1], [0, 0])
        axes[0, 0].set_ylim(0, 30)
        self.update(result)

    @property
    def changing(self):
        return [self.line]

    def update(self, result):
        self.line.set_ydata([result, result])


@pytest.fixture
def calls():
    return []


@pytest.fixture
def live(calls):
    def compute(height, draw):
        calls.append((height, draw))
        if height == 7:
            raise ValueError("seven is <not> allowed")
        return height + 3 * draw

    return LiveFigure(
        compute,
        Bar,
        {"height": 2.0, "draw": 0},
        [Range("height", 0.0, 10.0, 0.5)],
        redraw="draw",
        presets={"high": {"height": 9.0}},
        code=lambda height, draw: f"bar({height} < {draw})",
        remembered=3,
        dpi=50,
    )


def bar(height, **settings):
    """Return a live figure of a bar without controls."""
    return LiveFigure(lambda height: height, Bar, {"height": height}, [], dpi=50, **settings)


def shown(height):
    """Return what a bar of a height looks like."""
    return bar(height).canvas.jpeg()


def send(widget, **state):
    """Send what a front end sends."""
    widget.set_state(state)


def drag(live, height):
    """Move the slider."""
    send(live.controls["height"].slider, value=height)


def test_slider_and_field_move_the_picture_and_each_other(live):
    control = live.controls["height"]
    drag(live, 4.5)
    assert (control.field.value, live.picture.value) == ("4.50", shown(4.5))
    send(control.field, value="6")
    assert (control.slider.value, control.field.value, live.picture.value) == (6.0, "6.00", shown(6.0))


def test_field_takes_numbers_between_slider_steps(live):
    control = live.controls["height"]
    send(control.field, value="3,3")  # half of Europe types a comma
    assert control.slider.value == 3.5  # where a front end would snap to
    drag(live, 3.5)  # and what it then reports
    assert live.settings["height"] == 3.3
    assert control.field.value == "3.30"


@pytest.mark.parametrize("text", ["abc", "", "11", "-1", "nan", "inf"])
def test_bad_text_is_refused_and_the_picture_stays(live, text):
    control, before = live.controls["height"], live.picture.value
    send(control.field, value=text)
    assert "height must be a number from 0 to 10" in live.status.value
    assert (control.field.value, control.slider.value, live.picture.value) == ("2.00", 2.0, before)
    drag(live, 3.0)
    assert live.status.value == ""


def test_error_leaves_the_last_picture_and_says_one_line(live):
    before = live.picture.value
    drag(live, 7.0)
    assert "seven is &lt;not&gt; allowed" in live.status.value  # text, not HTML
    assert live.picture.value == before
    drag(live, 7.5)
    assert live.status.value == ""
    assert live.picture.value == shown(7.5)


def test_known_settings_are_not_computed_again_until_they_are_the_oldest_of_too_many(live, calls):
    for height in (3.0, 2.0, 3.0):
        drag(live, height)
    assert calls == [(2.0, 0), (3.0, 0)]
    for height in (4.0, 5.0, 2.0):
        drag(live, height)
    assert calls[2:] == [(4.0, 0), (5.0, 0), (2.0, 0)]
    assert len(live.results) == 3


def test_new_masks_and_reset(live):
    drag(live, 4.0)
    press(live, "new masks")
    assert live.picture.value == shown(7.0)
    press(live, "reset")
    assert live.settings == {"height": 2.0, "draw": 0}
    assert live.controls["height"].field.value == "2.00"
    assert live.picture.value == shown(2.0)


def test_preset_moves_the_controls_and_computes_once(live, calls):
    press(live, "high")
    control = live.controls["height"]
    assert (control.slider.value, control.field.value) == (9.0, "9.00")
    assert live.picture.value == shown(9.0)
    assert calls == [(2.0, 0), (9.0, 0)]


def test_new_masks_that_change_nothing_say_so(live):
    live.compute = lambda height, draw: height * draw
    live.set(height=3.0)
    press(live, "new masks")
    assert live.status.value == ""
    live.set(height=0.0)
    press(live, "new masks")
    assert "other masks, same picture" in live.status.value
    live.set(height=1.0)
    assert live.status.value == ""


def test_moves_and_the_sharp_picture_may_come_from_two_threads():
    """JupyterLab sends what widgets say over a thread of its own, while timers and cells run in another."""
    live, said = bar(2.0), set()

    def move():
        for step in range(100):
            live.set(height=float(step % 7))
            said.add(live.status.value)

    def sharpen():
        for _ in range(100):
            live.sharpen()

    with ThreadPoolExecutor() as pool:
        for running in [pool.submit(move), pool.submit(sharpen)]:
            running.result()
    assert said == {""}
    live.set(height=5.0)
    assert live.canvas.jpeg() == shown(5.0)
    assert live.canvas.sharp_jpeg() == bar(5.0).canvas.sharp_jpeg()


def test_code_is_shown_on_demand_and_follows_the_settings(live):
    assert live.listing.layout.display == "none"
    press(live, "show the code")
    assert live.listing.layout.display is None
    assert "bar(2.0 &lt; 0)</pre>" in live.listing.value
    drag(live, 3.0)
    assert "bar(3.0" in live.listing.value
    press(live, "show the code")
    assert live.listing.layout.display == "none"


def test_a_sharp_picture_follows_at_rest_and_only_then(live):
    async def moves():
        for height in (3.0, 4.0, 5.0):
            drag(live, height)
            await asyncio.sleep(REST / 4)
        moving = live.picture.value
        await asyncio.sleep(REST * 1.5)
        return moving, live.picture.value

    moving, resting = asyncio.run(moves())
    assert moving == shown(5.0)
    assert resting == live.canvas.sharp_jpeg()
    assert len(resting) > len(moving)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"kind": "middle"}, "kind must be one of low, high, got 'middle'"),
        ({"height": 11.0}, "height must be a number from 0 to 10, got '11.0'"),
        ({"height": None}, "height must be a number from 0 to 10, got 'None'"),
        ({"masks": "x"}, "masks must be a whole number >= 0, got 'x'"),
        ({"masks": -1}, "masks must be a whole number >= 0, got -1"),
        ({"width": 1}, "settings must be among kind, height, masks, got width"),
    ],
)
def test_a_bad_setting_is_refused_and_changes_nothing(bad, message):
    live = LiveFigure(
        lambda kind, height, masks: {"low": 0, "high": 9}[kind] + height,
        Bar,
        {"kind": "low", "height": 2.0, "masks": 0},
        [Choice("kind", ("low", "high")), Range("height", 0.0, 10.0, 0.5)],
        redraw="masks",
        dpi=50,
    )
    before, good = dict(live.settings), {"kind": "high", "height": 5.0}
    with pytest.raises((ValueError, TypeError), match=message):
        live.set(**(good | bad))
    assert live.settings == before
    assert (live.controls["kind"].value, live.controls["kind"].buttons.value) == ("low", "low")
    assert (live.controls["height"].value, live.controls["height"].field.value) == (2.0, "2.00")
    drag(live, 4.0)
    assert live.result() == 4
    live.set(**good)
    assert live.result() == 14


def test_without_a_kernel_a_picture_stands_there(live):
    data, metadata = live._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "a bar"
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == live.widget.model_id
    assert data["text/plain"] == "<live figure>"


def test_one_change_is_reported_once():
    reports = []
    control = NumberControl(Range("x", 0.0, 1.0, 0.1), 0.5, reports.append, reports.append)
    send(control.slider, value=0.7000000000000001)
    send(control.field, value="0.7")
    assert reports == [0.7]


def test_every_slider_position_is_its_own_snap():
    range_ = Range("keep_prob", 0.05, 1.0, 0.05)
    for position in np.round(np.arange(1, 21) * 0.05, 10):
        assert range_.snapped(position) == position


@pytest.fixture
def slow():
    """Return a figure with a quick look, whose result takes its time."""
    live = bar(2.0, preview=lambda height: height / 2)
    live.seconds = 2 * SLOW
    return live


def after_a_move(live, height):
    """Move the figure, let it rest; give picture and status as it moved."""

    async def move():
        live.set(height=height)
        moving = live.picture.value, live.status.value
        await asyncio.sleep(REST * 1.5)
        return moving

    return asyncio.run(move())


def test_a_slow_figure_shows_a_quick_look_until_it_rests(slow):
    picture, status = after_a_move(slow, 8.0)
    assert picture == shown(4.0)
    assert "quick look" in status
    assert slow.picture.value == bar(8.0).canvas.sharp_jpeg()
    assert slow.status.value == ""


@pytest.mark.parametrize("why", ["quick", "known"])
def test_a_quick_or_known_result_needs_no_quick_look(slow, why):
    if why == "quick":
        slow.seconds = SLOW / 2
    else:
        slow.results[(8.0,)] = 8.0
    assert after_a_move(slow, 8.0) == (shown(8.0), "")


def test_where_nobody_looks_the_result_itself_is_shown(slow):
    slow.set(height=8.0)
    assert slow.picture.value == shown(8.0)


def test_an_error_at_rest_leaves_the_quick_look(slow):
    def fails(height):
        raise ValueError("eight is too much")

    slow.compute = fails
    after_a_move(slow, 8.0)
    assert slow.picture.value == bar(4.0).canvas.sharp_jpeg()
    assert "eight is too much" in slow.status.value
