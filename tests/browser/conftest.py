"""Chromium for the browser tests, or a word why there is none; and the site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from course_utils.workshop.site.pages import write_pages
from tests.browser.front_ends import chromium, launch
from tests.browser.lite_page import SUB_PATH, hosted
from tests.browser.pages import CHAPTERS


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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, within another one."""
    out = tmp_path_factory.mktemp("host") / SUB_PATH
    out.mkdir(parents=True)
    write_pages(CHAPTERS, out, lite=True)
    return out


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served: below the root, as on a static host."""
    with hosted(site.parents[1]) as found:
        yield found
