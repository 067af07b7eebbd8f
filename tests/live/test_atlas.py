"""Atlases: what they hold is what the figures compute, and no figure trusts one that was made from something else."""

from __future__ import annotations

import shutil
import zlib

import matplotlib
import numpy as np
import pytest

from course_utils.figures.recorder import ChunkStore
from course_utils.live import atlas as kept
from course_utils.live import (
    bug_clinic,
    keep_prob_trainer,
    lambda_trainer,
    mask_explorer,
    overfitting,
    pass_stepper,
    penalty_bowl,
    playground,
    sine_trainer,
)
from course_utils.live.atlas import Atlas, find_atlas, lines_of, sources_of, stamp, states_of
from course_utils.live.quantities import Choice, Range, Redraw
from course_utils.workshop.authoring import atlases
from course_utils.workshop.authoring.atlases import ATLASES, computed, stale_atlases
from tests import ROOT
from tests.figures.recorded import alike, drawn
from tests.live.hands import Reader

LARGEST = 5_000_000  # bytes of all atlases together
NEED_TORCH = ("mc_dropout_band", "pytorch_trainer")


def atlas_of(name):
    return Atlas.unpacked(atlases.path_of(name).read_bytes())


# With another matplotlib the same numbers give other frames, and figures have no atlas.
DRAWN_BY = atlas_of("mask_explorer").head["drawn_by"]
OTHER = f"atlases are drawn by matplotlib {DRAWN_BY}"
drawn_alike = pytest.mark.skipif(matplotlib.__version__ != DRAWN_BY, reason=OTHER)


def test_all_are_fresh_and_small_enough():
    assert stale_atlases(ROOT / "constraints.txt") == []
    files = sorted(path.stem for path in kept.FOLDER.glob("*.atlas"))
    assert files == sorted(ATLASES)
    assert sum(path.stat().st_size for path in kept.FOLDER.iterdir()) <= LARGEST
    assert sorted(kept.stamps()) == files


@drawn_alike
@pytest.mark.parametrize("count", [5, pytest.param(50, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ATLASES)
def test_states_are_what_the_figure_computes(name, count):
    if name in NEED_TORCH:
        pytest.importorskip("torch")
    atlas, seed = atlas_of(name), np.random.SeedSequence().entropy  # other states every time
    states = list(states_of(atlas.head["lines"]))
    chosen = sorted(np.random.default_rng(seed).choice(len(states), min(count, len(states)), replace=False))
    part = computed(name, [states[place] for place in chosen])
    assert alike(drawn(part.chunks, part.plates), drawn(atlas.chunks, atlas.head["plates"]))
    for i, place in enumerate(chosen):
        there = drawn(atlas.chunks, atlas.head["frames"][place])
        assert alike(drawn(part.chunks, part.frames[i]), there), (seed, states[place])
        assert part.words[i] == atlas.head["words"][place]
        assert part.given[i] == atlas.head["given"][place]


def test_what_is_alike_and_what_is_not():
    atlas = atlas_of("keep_prob_trainer")
    one, other = (drawn(atlas.chunks, atlas.head["frames"][place]) for place in (3, 4))
    assert alike(one, one)
    assert not alike(one, other)
    moved = [[bytes([*chunk[:-1], chunk[-1] + 1]) if isinstance(chunk, bytes) else chunk for chunk in one[1]]]
    assert not alike(one[1:], moved)  # 256 steps


QUANTITIES = [
    Range("height", 0, 1, 0.25, 0.5),
    Choice("kind", ("a", "b"), "a"),
    Redraw("masks"),
    Range("size", 1, 3, 1, 2, 0),
]
FIRST = {"height": 0.5, "kind": "a", "masks": 0, "size": 2}


def test_lines_hold_the_telling_states_and_every_preset():
    presets = [{"height": 1.0}, {"kind": "b", "height": 0.0}, {"size": 3}]
    lines = lines_of(QUANTITIES, FIRST, presets, [("height",), ("masks",)])
    states = list(states_of(lines))
    assert len({tuple(state.values()) for state in states}) == len(states) == 5 + 4 + 4 + 2 * (4 + 5)
    for changes in (*presets, *({"height": h / 4} for h in range(5)), *({"masks": m} for m in range(5))):
        assert FIRST | changes in states
    for changes in presets:  # a preset has its draws
        assert all(FIRST | changes | {"masks": masks} in states for masks in range(5))
    for height in (0, 0.25, 0.5, 0.75, 1):  # and one that lies elsewhere has a line
        assert {**FIRST, "kind": "b", "height": height} in states
        assert {**FIRST, "size": 3, "height": height} in states


def test_packed_and_unpacked():
    atlas = atlas_of("mask_explorer")
    again = Atlas.unpacked(atlas.packed())
    assert (again.head, again.chunks) == (atlas.head, atlas.chunks)
    assert atlas.packed() == atlases.path_of("mask_explorer").read_bytes()


def test_adopted_frames_draw_the_same():
    atlas, store = atlas_of("bug_clinic"), ChunkStore()
    for chunk in (b"\x01other", b"\x05more"):
        store.number(chunk)
    known = {}
    for frames in atlas.head["frames"][::7]:
        adopted = [store.adopt(atlas.chunks, frame, known) for frame in frames]
        assert adopted != frames
        assert drawn(store.chunks, adopted) == drawn(atlas.chunks, frames)


@drawn_alike
def test_a_state_of_the_atlas_is_not_computed_again():
    live, calls = mask_explorer(), []
    compute = live.compute
    live.compute = lambda **given: calls.append(given) or compute(**given)
    reader = Reader(live)
    for keep_prob, masks in ((0.2, 0), (0.35, 3), (0.9, 4)):
        message = reader.move(keep_prob=keep_prob, masks=masks)
        assert message["beforehand"]
        assert alike(reader.picture(message)[len(reader.plates) :], frames_of(mask_explorer(), live.settings))
    assert calls == []
    assert not reader.move(keep_prob=0.33)["beforehand"]  # between its states
    assert not reader.move(masks=17)["beforehand"]
    assert len(calls) == 2


def frames_of(live, settings):
    """Return the drawing of settings that a figure without an atlas makes."""
    live.atlas = None
    live.scene.update(live.compute(**live.arguments(settings)))
    return drawn(live.frames.store.chunks, live.frames.record())


@drawn_alike
def test_result_and_code_of_a_state_are_those_of_its_picture():
    live = keep_prob_trainer()
    live.set(keep_prob=0.5)
    assert live.result().run.parameters["W1"].dtype == np.float64
    assert "dtype=np.float64" in live.code(**live.settings)
    live.set(keep_prob=0.52)
    assert live.result().run.parameters["W1"].dtype == np.float32
    assert "dtype=np.float32" in live.code(**live.settings)


@drawn_alike
def test_outputs_name_their_atlas_where_it_has_their_state():
    live = keep_prob_trainer(0.5)
    metadata = live._repr_mimebundle_()[1]
    assert metadata["course"] == {"atlas": "keep_prob_trainer", "first": {"keep_prob": 0.5, "masks": 0}}
    live.set(keep_prob=0.52)
    assert "course" not in live._repr_mimebundle_()[1]
    assert "course" not in keep_prob_trainer(seed=1)._repr_mimebundle_()[1]


@drawn_alike
def test_a_figure_of_other_data_or_other_layout_has_none(monkeypatch):
    assert keep_prob_trainer().atlas is not None
    assert keep_prob_trainer(seed=1).atlas is None
    monkeypatch.setattr("course_utils.figures.style.PANEL", 3.0)  # as another matplotlib may lay it out
    moved, started = Reader(keep_prob_trainer()), Reader(keep_prob_trainer(keep_prob=0.5))
    assert moved.live.atlas is started.live.atlas is None
    moved.move(keep_prob=0.5)
    assert moved.live.saved("png") == started.live.saved("png")  # all are equally exact


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the package's sources and of two atlases, in place of the real ones."""
    package = tmp_path / "course_utils"
    shutil.copytree(kept.PACKAGE, package, ignore=shutil.ignore_patterns("*.atlas", "__pycache__", "workshop", "data"))
    for name in ("mask_explorer", "penalty_bowl"):
        shutil.copy(kept.FOLDER / f"{name}.atlas", package / "live" / "atlases")
    monkeypatch.setattr(kept, "PACKAGE", package)
    monkeypatch.setattr(kept, "FOLDER", package / "live" / "atlases")
    find_atlas.cache_clear()
    yield package
    find_atlas.cache_clear()


def edited(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    find_atlas.cache_clear()


def test_changed_code_makes_it_stale_and_changed_words_do_not(folder):
    before = sources_of("course_utils.live.masks")
    assert find_atlas("mask_explorer") is not None
    edited(folder / "experiments" / "masks.py", '"""', '"""Other words. ')
    edited(folder / "dropout.py", "\ndef ", "\n# a comment\n\ndef ")
    assert sources_of("course_utils.live.masks") == before
    assert stamp(before["modules"]) != kept.stamps()["mask_explorer"]  # so that it was read in full
    assert find_atlas("mask_explorer") is not None
    edited(folder / "experiments" / "masks.py", "return", "return 1 and")
    assert sources_of("course_utils.live.masks") != before
    assert find_atlas("mask_explorer") is None
    assert find_atlas("penalty_bowl") is not None
    assert find_atlas("playground") is None  # there is no file


@pytest.mark.parametrize("data", [b"", b"no atlas", zlib.compress(b"abc"), zlib.compress(b"\x02\x00\x00\x00{}")])
def test_a_file_that_is_no_atlas_is_stale(folder, data):
    (folder / "live" / "atlases" / "mask_explorer.atlas").write_bytes(data)
    assert "mask_explorer" in stale_atlases(ROOT / "constraints.txt")


def test_other_pins_make_all_stale(tmp_path):
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    (tmp_path / "constraints.txt").write_text(pins.replace("\nnumpy==", "\nnumpy==9."), encoding="utf-8")
    assert stale_atlases(tmp_path / "constraints.txt") == list(ATLASES)


MOVED = [
    (keep_prob_trainer, {"keep_prob": 0.1}),
    (lambda_trainer, {"lambd": 5.0, "penalty": "both"}),
    (playground, {"keep_prob": 0.2, "lambd": 3.0, "hidden": 16, "flipped": 0.0}),
    (overfitting, {"points": 400, "flipped": 0.4, "hidden": 2}),
    (mask_explorer, {"keep_prob": 0.1}),
    (pass_stepper, {"step": 6, "keep_prob": 0.2}),
    (sine_trainer, {"network": "1-25-1", "seed": 3, "moment": 0}),
    (penalty_bowl, {"lambd": 6.0, "penalty": "L1"}),
    (bug_clinic, {"bug": "A5", "scale": 1, "steps": 1000}),
]


@pytest.mark.parametrize(("make", "settings"), MOVED)
def test_what_stands_behind_all_frames_is_the_same_for_every_start(make, settings):
    """So that an atlas fits a figure wherever it begins."""
    one, other = (live.frames for live in (make(), make(**settings)))
    assert drawn(one.store.chunks, one.plates) == drawn(other.store.chunks, other.plates)
