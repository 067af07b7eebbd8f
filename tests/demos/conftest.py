"""Chromium for the pages of demos; without Playwright these tests are left out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "browser"))
sys.path.append(str(Path(__file__).resolve().parent))


# Not for the session: while Playwright runs, its event loop stands in the way of tests that run one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Start Chromium; where there is none the tests are skipped, but never in continuous integration."""
    from front_ends import chromium, launch
    from playwright.sync_api import sync_playwright

    if chromium() is None:
        reason = "no Chromium on this machine: install it (on Debian: apt install chromium)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()
