"""Checks run code that is stopped amid anything, so nothing that other tests left behind shall be collected then."""

import gc

import pytest

from . import MODULE


@pytest.fixture(autouse=True, scope="module")
def _nothing_left_behind():
    gc.collect()


@pytest.fixture(autouse=True)
def _nothing_checked_yet(monkeypatch):
    monkeypatch.setattr(MODULE, "LAST", {})
    monkeypatch.setattr(MODULE, "TRIED", set())
