"""Checks run code that is stopped amid anything, so nothing that other tests left behind shall be collected then."""

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def _nothing_left_behind():
    gc.collect()
