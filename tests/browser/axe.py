"""axe-core, which finds what keeps readers from a page, taken from a package on PyPI."""

from __future__ import annotations

import zipfile

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.slides.packages import fetch

# Carries axe-core 4.12.1.
AXE = "axe-playwright-python==0.1.8 --hash=sha256:fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8"


def axe_script() -> str:
    """Return the script; without a network the test is skipped."""
    try:
        with zipfile.ZipFile(fetch(AXE)) as wheel:
            return wheel.read("axe_playwright_python/axe.min.js").decode()
    except ChapterError as error:
        pytest.skip(f"axe-core cannot be had: {error}")
