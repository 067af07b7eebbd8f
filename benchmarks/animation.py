"""Make the animation that opens the README: the playground in a real browser, its sliders moved one after another.

Usage: ``python benchmarks/animation.py``, with Chromium installed.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import sys
import tempfile
from io import BytesIO
from pathlib import Path

import nbformat
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # the tests' servers and pages serve here too

MOVES = [("keep_prob", text) for text in ("0.9", "0.8", "0.7", "0.6", "0.5", "1")]
MOVES += [("λ", text) for text in ("0.5", "1", "2", "0")]
PAGE = {"width": 1000, "height": 900}  # two columns of controls, and all panels beside each other
WIDTH = 900
TARGET = ROOT / "notebooks" / "images" / "playground.gif"


def frames() -> list[Image.Image]:
    """Return a picture of the figure and its controls after each move, the first settings first."""
    from playwright.sync_api import sync_playwright

    from tests.browser.front_ends import FigureOnPage, NotebookPage, launch, served

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        source = "from course_utils.live import playground\nplayground()"
        notebook.cells = [nbformat.v4.new_code_cell(source)]
        path = Path(folder) / "playground.ipynb"
        nbformat.write(notebook, path)
        browser = launch(playwright)
        with served("voila", path, Path(folder) / "home") as address:
            page = NotebookPage(browser, "voila", address).page
            page.set_viewport_size(PAGE)
            figure = FigureOnPage(page)
            page.wait_for_selector("[data-shown]")
            taken = []
            for label, text in [("keep_prob", "1"), *MOVES]:
                before = figure.picture()
                figure.slider(label).type(text)
                page.wait_for_timeout(1500)  # the full picture comes at rest
                assert figure.status() == ""
                assert not taken or figure.picture() != before
                taken.append(Image.open(BytesIO(figure.body.screenshot())).convert("RGB"))
        browser.close()
    return taken


def main() -> None:
    """Write the animation beside the old one, then put it in its place."""
    pictures = frames()
    height = round(WIDTH * pictures[0].height / pictures[0].width)
    small = [picture.resize((WIDTH, height), Image.Resampling.LANCZOS) for picture in pictures]
    first, *rest = (picture.quantize(160, dither=Image.Dither.NONE) for picture in small)
    beside = TARGET.with_suffix(".part")
    first.save(beside, "GIF", save_all=True, append_images=rest, duration=1000, loop=0, optimize=True)
    beside.replace(TARGET)
    print(f"{TARGET.relative_to(ROOT)}: {len(small)} pictures, {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
