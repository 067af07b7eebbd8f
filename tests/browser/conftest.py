"""Chromium for the browser tests, or a word why there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.front_ends import chromium, launch


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
