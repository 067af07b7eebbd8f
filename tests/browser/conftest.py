"""Chromium for the browser tests, or a word why there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from front_ends import FRONT_ENDS, NotebookPage, chromium, launch, opened
from playwright.sync_api import Browser, sync_playwright

FIRST_NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "00_start_here.ipynb"


# Not for the session: while Playwright runs, its event loop stands in the way of tests that run one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; where there is none the tests are skipped, but never in continuous integration."""
    if chromium() is None:
        reason = "no Chromium on this machine: install it (on Debian: apt install chromium)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module", params=FRONT_ENDS)
def front_end(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def notebook(browser: Browser, front_end: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookPage]:
    """Open the first notebook in one front end, all cells run."""
    with opened(browser, front_end, FIRST_NOTEBOOK, tmp_path_factory.mktemp(front_end)) as page:
        yield page
