"""Behind each cell of a notebook nbval runs what the cell must show: the chapter's `expected.py`."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from course_utils.workshop.authoring.expectation import call_of

os.environ["COURSE_GUESSES"] = ""  # the outputs were made without anybody's guesses
LIMIT = 600  # seconds for one expectation


@cache
def expected(notebook: Path) -> dict[str, str]:
    """Return the expectations of a notebook by cell; editions lie in folders beside the chapters' sources."""
    from course_utils.workshop.authoring.beside import expectations
    from course_utils.workshop.authoring.source import read_source

    places = [folder / "source" / notebook.stem / "chapter.py" for folder in notebook.parents[:3]]
    return next((expectations(read_source(place)) for place in places if place.exists()), {})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Run a cell, then what it must show."""
    yield
    key = getattr(getattr(item, "cell", None), "id", "")
    if item.path.suffix != ".ipynb" or key not in expected(item.path):
        return
    kernel = item.parent.kernel
    sent = kernel.kc.execute(call_of(expected(item.path)[key], key), silent=True, allow_stdin=False)
    while (reply := kernel.get_message("shell", timeout=LIMIT))["parent_header"].get("msg_id") != sent:
        pass
    if reply["content"]["status"] != "ok":
        pytest.fail(reply["content"]["evalue"], pytrace=False)
