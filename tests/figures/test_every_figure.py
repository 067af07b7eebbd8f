"""Every figure draws the same each time, holds all that it has inside its edges, and carries its alt text."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from course_utils.experiments.bowl import penalized_bowl
from course_utils.experiments.bugs import examination
from course_utils.experiments.corner import penalty_corner
from course_utils.experiments.masks import mask_statistics
from course_utils.experiments.passes import dropout_pass
from course_utils.experiments.sine import sine_run
from course_utils.figures.band import BandFigure
from course_utils.figures.bowl import BowlFigure
from course_utils.figures.bugs import ClinicFigure
from course_utils.figures.corner import CornerFigure
from course_utils.figures.frames import Frames
from course_utils.figures.masks import MaskNetworkFigure
from course_utils.figures.passes import PassFigure
from course_utils.figures.quadrants import TrainerFigure
from course_utils.figures.sine import SineFigure
from course_utils.figures.style import large_type, new_figure
from tests.figures import test_band, test_bugs, test_figures, test_penalty_figures, test_theory_figures
from tests.figures.recorded import drawn

MODULES = test_figures, test_theory_figures, test_penalty_figures, test_band, test_bugs
FIGURES = {name: make for module in MODULES for name, make in module.FIGURES.items()}


def nothing_is_cut_off(png):
    """Return whether no ink lies at an edge: what is cut off ends there."""
    picture = np.asarray(Image.open(BytesIO(png)).convert("L"))
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]).min() > 250


def test_no_figure_hides_another_of_its_name():
    assert len(FIGURES) == sum(len(module.FIGURES) for module in MODULES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_a_whole_picture_with_alt_text_the_same_each_time(name):
    png, metadata = FIGURES[name]()._repr_png_()
    assert metadata["alt"] == "A"
    assert Image.open(BytesIO(png)).width > metadata["width"]  # sharp on screens with small pixels
    assert nothing_is_cut_off(png)
    assert (png, metadata) == FIGURES[name]()._repr_png_()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_was_told_nothing_names_its_panels(name):
    figure = FIGURES[name]()
    figure.told = ""
    assert figure._repr_png_()[1]["alt"].startswith("Figure: ")
    assert figure.alt.count(";") >= sum(axes.axison for axes in figure.axes) - 1


SCENES = {
    "networks": (TrainerFigure, test_figures.RUN, test_figures.OTHER),
    "masks": (MaskNetworkFigure, mask_statistics(), mask_statistics(0.9, 2)),
    "passes": (PassFigure, dropout_pass(0.5, 6), dropout_pass(0.8, 2, 1)),
    "sine": (SineFigure, sine_run("1-25-1", 0, 24), sine_run("1-25-1", 1, 3)),
    "bowl": (BowlFigure, penalized_bowl(), penalized_bowl(3.0, "L1")),
    "corner": (CornerFigure, penalty_corner(), penalty_corner(1.75, -0.5, 0.7)),
    "band": (BandFigure, test_band.made_up(), test_band.made_up(1, gap=(0.1, 0.4), samples=3)),
    "clinic": (ClinicFigure, examination("A4", 0.3, 100, 0.5), examination("healthy", 1.0, 10, 0.9)),
}


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_that_changes_is_painted_like_a_new_one_and_comes_back(name):
    make, first, other = SCENES[name]
    scene, fresh = make(first, "A"), make(other, "A")
    frames, others = Frames(scene), Frames(fresh)
    before = frames.record()
    scene.update(other)
    assert frames.record() != before
    found, wanted = (drawn(each.store.chunks, [*each.plates, *each.record()]) for each in (frames, others))
    assert found == wanted
    scene.update(first)
    assert frames.record() == before


@pytest.fixture
def room():
    """Large type for one test."""
    large_type()
    yield
    large_type(1)


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("name", ["masks", "boundary", "cost", "digits", "fit", "intervals"])
def test_large_type_changes_no_size_and_cuts_nothing_off(name):
    large = FIGURES[name]()
    large_type(1)
    usual = FIGURES[name]()
    assert large.shown_width(80) == pytest.approx(usual.shown_width(80), abs=1)
    assert large.get_figwidth() == pytest.approx(min(usual.get_figwidth() / 1.4, 8))
    assert nothing_is_cut_off(large._repr_png_()[0])


@pytest.mark.usefixtures("room")
def test_large_type_leaves_a_figure_alone_that_has_a_scale():
    assert new_figure(3, 3, "A", scale=1.2)[0].scale == 1.2


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf"), "big", None])
def test_type_of_no_size_is_refused(scale):
    with pytest.raises((ValueError, TypeError), match="scale must be a number > 0, got"):
        large_type(scale)
    assert new_figure(3, 3, "A")[0].scale == 1
