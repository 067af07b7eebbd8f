"""The engine: what is asked is answered, results and frames are kept, errors leave the figure at work."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from course_utils.figures.style import COLOURS, new_figure
from course_utils.live import live_figure
from course_utils.live.declaration import spoken
from course_utils.live.live_figure import SLOW, LiveFigure
from course_utils.live.quantities import Choice, Range, Redraw
from tests.live.hands import Reader


class Bar:
    """A scene with one line as high as its result."""

    def __init__(self, result):
        self.figure, axes = new_figure(2, 1, "a bar")
        (self.line,) = axes[0, 0].plot([0, 1], [0, 0], color=COLOURS["blue"])
        axes[0, 0].set_ylim(0, 30)
        self.update(result)

    @property
    def changing(self):
        return [self.line]

    @property
    def words(self):
        return f"height {self.line.get_ydata()[0]:g}"

    def update(self, result):
        self.line.set_ydata([result, result])


HEIGHT = Range("height", 0.0, 10.0, 0.5, 2.0, becomes="h")
KIND = Choice("level", ("low", "high"), "low", lambda level, **_: {"more": {"low": 0, "high": 9}[level]})
CODE = "bar({given})"


@pytest.fixture
def calls():
    return []


@pytest.fixture
def live(calls):
    def compute(h, more, draw, unit):
        calls.append((h, more, draw))
        if h == 7:
            raise ValueError("seven is not allowed")
        return (h + more + 3 * draw) * unit

    return LiveFigure(compute, Bar, [HEIGHT, KIND, Redraw("draw")], {"unit": 1}, {"high": {"height": 9.0}}, CODE,
                      remembered=3)  # fmt: skip


@pytest.fixture
def reader(live):
    return Reader(live)


def bar(height, **settings):
    """Return a live figure of a bar with one slider."""
    quantity = Range("height", 0.0, 30.0, 0.5, height, becomes="h")
    return LiveFigure(lambda h, share=1: h * share, Bar, [quantity], **settings)


def shown(height):
    """Return what a bar of a height looks like."""
    found = Reader(bar(height))
    return found.picture(found.ask(want={}))


def test_the_picture_and_its_words_are_those_of_the_settings(live, reader):
    for changes, height in (({}, 2), ({"height": 4.5}, 4.5), ({"level": "high"}, 13.5), ({"draw": 1}, 16.5)):
        message = reader.move(**changes)
        assert reader.picture(message) == shown(height)
        assert message["words"] == f"height {height:g}"
        assert message["settings"] == live.settings == reader.settings
        assert message["by"] == "reader"
    assert reader.picture(reader.press("high")) == shown(21.0)
    assert reader.picture(reader.press("reset")) == shown(2.0)


def test_code_names_what_is_computed_from(live, reader):
    assert reader.move(height=3.0, level="high", draw=2)["given"] == "h=3.0, more=9, draw=2, unit=1"
    assert live.code(**live.settings) == "bar(h=3.0, more=9, draw=2, unit=1)"
    assert "given" not in reader.ask(at=live.first)


def test_known_settings_are_not_computed_again_until_they_are_the_oldest_of_too_many(live, reader, calls):
    for height in (3.0, 2.0, 3.0):
        reader.move(height=height)
    assert calls == [(2.0, 0, 0), (3.0, 0, 0)]
    for height in (4.0, 5.0):
        live.set(height=height)
    live.renew()  # frames outlive results
    for height in (3.0, 2.0):
        reader.move(height=height)
    assert calls[2:] == [(4.0, 0, 0), (5.0, 0, 0), (2.0, 0, 0)]
    assert len(live.results) == 3


def test_a_picture_that_was_recorded_costs_no_bytes_again(reader):
    first = reader.move(height=3.0)
    assert reader.bytes > 0
    assert len(first["plates"]) == 1
    reader.move(height=4.0)
    assert 0 < reader.bytes < 100
    again = reader.move(height=3.0)
    assert (again["frames"], reader.bytes) == (first["frames"], 0)
    assert "plates" not in again


def test_a_reader_who_comes_later_or_again_is_told_all(live, reader):
    for height in (3.0, 4.0, 5.0):
        reader.move(height=height)
    late = Reader(live, "late")
    assert late.picture(late.ask(want={})) == shown(5.0)
    reader.move(height=6.0)
    assert late.picture(late.ask(want={})) == shown(6.0)  # and what he lacks since then


def test_an_error_is_one_line_and_the_figure_goes_on(live, reader):
    reader.move(height=3.0)
    message = reader.move(height=7.0)
    assert message["error"] == "seven is not allowed (the picture shows the settings before)"
    assert "frames" not in message
    assert live.settings["height"] == 3.0  # so that it can be displayed again
    assert reader.picture(reader.move(height=7.5)) == shown(7.5)


def test_a_front_end_that_has_a_picture_only_says_so(live, reader, calls):
    reader.move(height=3.0)
    message = reader.ask(at={"height": 4.0})
    assert live.settings["height"] == 4.0
    assert "frames" not in message
    assert calls == [(2.0, 0, 0), (3.0, 0, 0)]
    assert live.result() == 4.0


def test_what_may_be_wanted_next_changes_no_setting(live, reader, calls):
    message = reader.ask(ahead={"height": 4.0})
    assert message["ahead"] is True
    assert live.settings["height"] == 2.0
    reader.move(height=4.0)
    assert reader.bytes == 0
    assert calls == [(2.0, 0, 0), (4.0, 0, 0)]
    assert reader.move()["quick"] is True
    live.seconds = 1
    assert reader.move()["quick"] is False


@pytest.mark.parametrize("why", ["more than is kept", "more than a new reader may be sent"])
def test_a_new_era_begins_where_there_is_too_much(live, reader, monkeypatch, why):
    reader.move(height=3.0)
    limit = "LARGEST" if why == "more than is kept" else "LARGE"
    monkeypatch.setattr(live_figure, limit, 10)
    asking = reader if limit == "LARGEST" else Reader(live, "new")
    before = live.frames.era
    message = asking.ask(want={"height": 4.0})
    assert message["era"] == live.frames.era == before + 1
    assert asking.picture(message) == shown(4.0)
    message = reader.move(height=5.0)  # another reader gets along, too
    assert reader.picture(message) == shown(5.0)


def test_memory_is_bounded(live, reader, monkeypatch):
    monkeypatch.setattr(live_figure, "LARGEST", 30_000)
    monkeypatch.setattr(live_figure, "MOST", 200)
    for step in range(1000):
        reader.move(height=3 + step / 1000)
        assert sum(map(len, live.frames.store.chunks)) < 31_000
        assert len(live.recorded) < 202
    assert live.frames.era > 2


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"level": "middle"}, "level must be one of low, high, got 'middle'"),
        ({"height": 11.0}, "height must be a number from 0 to 10, got '11.0'"),
        ({"height": None}, "height must be a number from 0 to 10, got 'None'"),
        ({"height": float("nan")}, "height must be a number from 0 to 10, got 'nan'"),
        ({"draw": "x"}, "draw must be a whole number >= 0, got 'x'"),
        ({"draw": -1}, "draw must be a whole number >= 0, got '-1'"),
        ({"width": 1}, "settings must be among height, level, draw, got width"),
    ],
)
def test_a_bad_setting_is_refused_and_changes_nothing(live, reader, bad, message):
    before, good = dict(live.settings), {"level": "high", "height": 5.0}
    with pytest.raises((ValueError, TypeError), match=message):
        live.set(**(good | bad))
    assert message in reader.ask(want=good | bad)["error"]
    assert live.settings == before
    live.set(**good)
    assert live.result() == 14


def test_numbers_are_read_as_they_are_written(live):
    live.set(height="3,25")  # half of Europe types a comma
    assert live.settings["height"] == 3.25
    live.set(height=0.1 + 0.2)
    assert live.settings["height"] == 0.3


def test_what_is_set_in_code_is_told_to_all_views(live, reader, monkeypatch):
    told = []
    monkeypatch.setattr(live.widget, "send", lambda *message: told.append(message))
    reader.move(height=3.0)
    live.set(height=5.0)
    ((message, data),) = told
    assert (message["settings"]["height"], message["by"]) == (5.0, None)
    assert len(data[0]) == sum(message["lengths"])
    live.widget._handle_custom_msg({"want": {"height": 6.0}, "era": -1, "have": 0, "by": "x"}, [])
    assert told[-1][0]["settings"]["height"] == 6.0
    live.widget._handle_custom_msg({}, [])  # only keeps the line awake
    assert len(told) == 2


def test_two_threads_may_ask():
    """JupyterLab sends what widgets say over a thread of its own, while cells run in another."""
    live = bar(2.0)

    def asks(name):
        own = Reader(live, name)
        for step in range(100):
            message = own.move(height=float(step % 7))
            assert max(chain.from_iterable(message["frames"])) < len(own.chunks)
            assert message["words"] == f"height {step % 7:g}"
        return own.picture(own.move(height=5.0))

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(asks, "ab")) == [shown(5.0)] * 2


def test_without_a_kernel_a_picture_stands_there(live):
    data, metadata = live._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "a bar"
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == live.widget.model_id
    assert data["text/plain"] == "<live figure>"


def test_a_picture_is_saved_as_it_is_now(live):
    for kind, begins in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        (message, (file,)), before = live.reply({"save": kind, "by": "x"}), live.saved(kind)
        assert message == {"save": kind, "by": "x"}
        assert file.startswith(begins)
        live.set(height=live.settings["height"] + 1)
        assert live.saved(kind) != before


def test_the_declaration_says_all_that_a_front_end_needs(live):
    told = json.loads(json.dumps(spoken(live.declaration())))
    height, kind, draw = told["quantities"]
    assert height == {"kind": "Range", "name": "height", "label": "height", "low": 0.0, "high": 10.0, "step": 0.5,
                      "digits": 2}  # fmt: skip
    assert (kind["options"], draw["kind"]) == (["low", "high"], "Redraw")
    (preset,) = told["presets"]
    assert preset == {"name": "high", "label": "high", "hint": "show: height 9.0", "changes": {"height": 9.0}}
    assert told["first"] == live.first
    assert [len(found) for found in told["shades"]] == [len(told["shades"][0])] * 2
    assert told["alt"] == "a bar"
    assert live.widget.declaration == spoken(live.declaration())


@pytest.fixture
def slow():
    """Return a figure with a quick look, whose result takes its time."""
    live = bar(2.0, preview={"share": 0.5})
    live.seconds = 2 * SLOW
    return live


def test_a_slow_figure_shows_a_quick_look_and_then_the_result(slow):
    reader = Reader(slow)
    rough = reader.move(height=8.0)
    assert rough["rough"] is True
    assert reader.picture(rough) == shown(4.0)
    full = reader.ask(want=reader.settings, full=True)
    assert full["rough"] is False
    assert reader.picture(full) == shown(8.0)
    slow.seconds = 2 * SLOW
    assert reader.move()["rough"] is False  # it is known now


def test_a_quick_result_needs_no_quick_look_and_one_set_in_code_neither(slow):
    slow.seconds = SLOW / 2
    assert Reader(slow).move(height=8.0)["rough"] is False
    slow.seconds = 2 * SLOW
    slow.set(height=9.0)
    assert Reader(slow).ask(want={})["words"] == "height 9"
