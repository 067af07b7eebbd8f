"""Live figures in nbclassic with ipywidgets 7, the generation of widgets that Colab shows, by a reader's hands.

    NBCLASSIC=.venv/colab/bin/python python -m pytest tests/platforms/classic.py

The server and the kernel run in the Python that NBCLASSIC names, Chromium in this one; `make test-colab` calls it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import browser  # noqa: F401 - a fixture
from tests.browser.front_ends import FigureOnPage, NotebookPage, served, write_notebook

SOURCES = ["from course_utils.live import keep_prob_trainer, penalty_bowl", "keep_prob_trainer()", "penalty_bowl()"]
IS_BLANK = """canvas => new Set(new Uint32Array(
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size < 5"""


class ClassicPage(NotebookPage):
    """A notebook open in nbclassic, all its cells run."""

    def run_all_cells(self) -> None:
        """Run all cells by the menu, once there is a kernel."""
        self.page.locator("#kernel_indicator_icon.kernel_idle_icon").wait_for()
        self.page.locator("#celllink").click()
        self.page.locator("#run_all_cells").click()


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClassicPage]:  # noqa: F811
    """Open a notebook with two figures; at the end nothing may have gone wrong."""
    home = tmp_path_factory.mktemp("nbclassic")
    notebook = write_notebook(home / "figures.ipynb", SOURCES)
    with served("nbclassic", notebook, home / "server", os.environ["NBCLASSIC"]) as address:
        found = ClassicPage(browser, "nbclassic", address)
        yield found
        if place := os.environ.get("SCREENSHOT"):
            found.page.screenshot(path=place)
        assert found.faults == []
        found.page.close()


@pytest.fixture
def trainer(page: ClassicPage) -> FigureOnPage:
    return set_back(FigureOnPage(page.page, 0), "1|0")


@pytest.fixture
def bowl(page: ClassicPage) -> FigureOnPage:
    return set_back(FigureOnPage(page.page, 1), "1|L2")


def set_back(figure: FigureOnPage, first: str) -> FigureOnPage:
    """Return a figure once it shows its first settings."""
    figure.press_button("reset")
    shows(figure, first)
    return figure


def shows(figure: FigureOnPage, settings: str) -> None:
    """Wait until a figure shows these settings and rests; no canvas may be blank, nor may words be missing."""
    expect(figure.body).to_have_attribute("data-shown", settings)
    expect(figure.body).not_to_have_attribute("aria-busy", "true")
    blank = [canvas.evaluate(IS_BLANK) for canvas in figure.body.locator(".course-panel canvas").all()]
    assert blank
    assert not any(blank)
    assert figure.words()


def test_arrow_keys_mouse_and_field_move_a_figure(trainer):
    first, words = trainer.picture(), trainer.words()
    slider = trainer.slider("keep_prob")
    for _ in range(4):
        slider.handle.press("ArrowLeft")
    shows(trainer, "0.8|0")
    slider.handle.press("ArrowRight")
    shows(trainer, "0.85|0")
    slider.drag((0.85 - 0.05) / 0.95, (0.3 - 0.05) / 0.95)
    shows(trainer, "0.3|0")
    assert trainer.picture() != first
    assert trainer.words() != words
    slider.type("0,33")  # between two places of the slider
    shows(trainer, "0.33|0")
    slider.type("2")
    expect(trainer.body.locator("[role=status]")).to_have_text("keep_prob must be a number from 0.05 to 1, got '2'")
    shows(trainer, "0.33|0")
    slider.type("1")
    shows(trainer, "1|0")
    expect(trainer.body.locator("[role=status]")).to_have_text("")  # the sharp picture is there
    assert trainer.picture() == first


def test_buttons_move_a_figure(trainer, bowl):
    trainer.slider("keep_prob").type("0.8")
    shows(trainer, "0.8|0")
    before = trainer.picture()
    for masks in (1, 2):
        trainer.press_button("new masks")
        shows(trainer, f"0.8|{masks}")
    assert trainer.picture() != before
    bowl.press_button("L1")
    shows(bowl, "1|L1")
    assert bowl.chosen() == ["L1"]
    bowl.body.locator(".course-preset").last.click()
    shows(bowl, "5|L1")
    shows(trainer, "0.8|2")  # figures do not meet


def test_a_picture_is_pinned_and_its_code_shown(bowl):
    words = bowl.words()
    bowl.press_button("pin")
    pinned = bowl.picture()
    panels = len(pinned) // 2
    bowl.slider("λ").type("3")
    shows(bowl, "3|L2")
    assert bowl.picture()[:panels] == pinned[:panels]  # the pinned one stands first
    assert bowl.words() != words
    expect(bowl.body.locator("figcaption")).to_have_text(f"A: λ 1, penalty L2. {words}")
    bowl.press_button("pin")
    assert len(bowl.picture()) == panels
    assert bowl.code() == ""
    bowl.press_button("show the code")
    assert "penalized_bowl(lambd=3.0, penalty='L2')" in bowl.code()
    bowl.press_button("show the code")


def test_a_picture_is_saved(bowl, tmp_path: Path):
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<?xml")):
        with bowl.page.expect_download() as saving:
            bowl.press_button(kind)
        saving.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(start)
