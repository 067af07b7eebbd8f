"""Chromium for the pages of demos."""

from tests.browser.conftest import browser

__all__ = ["browser"]
