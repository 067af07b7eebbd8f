"""The pass stepper: its cells hold the numbers of its settings, and no step shows what comes after it."""

import numpy as np
import pytest

from course_utils.experiments.passes import dropout_pass
from course_utils.figures.passes import PassFigure

SHOWN = {1: 2, 2: 3, 3: 4, 4: 5, 5: 7, 6: 8}  # grids, by step


def grids_of(step, keep_prob=0.4, masks=3):
    """Return the pass and its grids by name, in a figure that has shown another one before."""
    scene, found = PassFigure(dropout_pass(0.9)), dropout_pass(keep_prob, step, masks)
    scene.update(found)
    return found, {grid.name: grid for grid in scene.grids}


@pytest.mark.parametrize("step", SHOWN)
def test_a_step_shows_its_own_numbers_and_none_that_come_later(step):
    found, grids = grids_of(step)
    shown = {name for name, grid in grids.items() if all(text.get_text() for text in grid.texts)}
    assert len(shown) == SHOWN[step]
    for name, grid in grids.items():
        if name not in shown:
            assert not any(text.get_text() for text in grid.texts)
            assert (len(grid.kept.get_paths()), len(grid.dropped.get_paths())) == (0, 12)
            continue
        numbers = [float(text.get_text().replace("−", "-")) for text in grid.texts]
        assert np.allclose(numbers, getattr(found, name).ravel(), rtol=0, atol=0.005)
        kept = found.mask.sum() if step > 1 else 0
        assert (len(grid.kept.get_paths()), len(grid.dropped.get_paths())) == (kept, 12 - kept)


@pytest.mark.parametrize(
    ("step", "name"), list(enumerate(["uniforms", "mask", "a_kept", "a_dropped", "da_kept", "da"], start=1))
)
def test_one_grid_is_framed_the_one_of_the_step(step, name):
    _, grids = grids_of(step)
    assert [one for one, grid in grids.items() if grid.frame.get_visible()] == [name]


def test_kept_numbers_stand_on_colour_and_dropped_ones_are_zero():
    found, grids = grids_of(6)
    for name in ("a_kept", "a_dropped", "da_kept", "da"):
        written = np.reshape([text.get_text() for text in grids[name].texts], found.mask.shape)
        assert np.array_equal(written == "0", ~found.mask)


def test_its_words_say_how_many_are_kept_once_that_is_known():
    assert PassFigure(dropout_pass(step=1)).words == "step 1 of 6"
    assert PassFigure(dropout_pass(step=2)).words == "step 2 of 6, 6 of 12 kept"
