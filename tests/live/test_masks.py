"""The mask explorer: its picture holds the masks and moments of its settings, however they were reached."""

import numpy as np
import pytest

from course_utils.experiments.masks import mask_statistics
from course_utils.figures.masks import MaskNetworkFigure
from course_utils.live.masks import mask_explorer


def test_it_shows_what_mask_statistics_draws():
    live = mask_explorer(0.3, seed=4)
    live.set(masks=3)
    assert np.array_equal(live.result().sampled, mask_statistics(0.3, 3, seed=4).sampled)


@pytest.mark.parametrize("keep_prob", [0.05, 0.5, 1.0])
def test_artists_hold_the_numbers(keep_prob):
    scene = MaskNetworkFigure(mask_statistics(0.7))
    found = mask_statistics(keep_prob, masks=3)
    scene.update(found)
    for panel, expected, sampled in zip((scene.mean, scene.variance), found.expected, found.sampled, strict=True):
        assert np.array_equal(panel.formula.get_ydata(), expected)
        assert np.array_equal(panel.sample.get_ydata(), sampled)
        low, high = panel.sample.axes.get_ylim()
        assert np.all((low <= sampled) & (sampled <= high))
    present = np.concatenate(found.kept)
    positions = np.concatenate(scene.network.positions)
    assert np.array_equal(scene.network.units.get_xydata(), positions[present])
    assert np.array_equal(scene.network.crosses.get_xydata(), positions[~present])
    assert np.array_equal(scene.network.dropped.get_xydata(), positions[~present])
    assert [number.get_visible() for number in scene.network.numbers] == found.kept[1].tolist()
    kept = present.sum() - 4  # input and output are always there
    assert scene.network.count.get_text() == f"{kept} of 11 units kept"


def test_lines_join_units_that_are_kept():
    found = mask_statistics(0.5, masks=1)
    panel = MaskNetworkFigure(found).network
    places = {
        tuple(place): bool(kept)
        for column, layer in zip(panel.positions, found.kept, strict=True)
        for place, kept in zip(column, layer, strict=True)
    }
    lines, faint = ({tuple(map(tuple, ends)) for ends in each.get_segments()} for each in (panel.lines, panel.faint))
    assert len(lines | faint) == len(lines) + len(faint) == 3 * 6 + 6 * 5 + 5
    assert all(places[start] and places[end] and end[0] == start[0] + 1 for start, end in lines)
    assert not any(places[start] and places[end] for start, end in faint)


def test_its_alt_text_says_what_is_dropped():
    assert mask_explorer().scene.figure.alt == "Figure: network; mean; variance"
