"""Questions of a chapter that is nobody's, and an empty store."""

import pytest

from course_utils import texts as module
from course_utils.guesses.outcome import SHOWN
from course_utils.guesses.store import STORE

QUESTIONS = """
[size]
asks = "the size of `z`"
unit = "points"
within = "0.5"

[ratio]
asks = "how many times as large"
within = "x1.5"

[stripes]
asks = "The picture with `stripes`"
a = "own masks"
b = "one mask of shape `(n, 1)`"
answer = "b"

[path]
asks = "the cost over the steps"
curve = "0 10 30"
x = "step"
y = "cost"
low = "0"
high = "2"
within = "0.25"
"""


@pytest.fixture(autouse=True)
def chapter(tmp_path, monkeypatch):
    """Let the course ask these questions alone, in chapter 09, and keep guesses in a file of the test's own."""
    folder = tmp_path / "texts"
    (folder / "guesses").mkdir(parents=True)
    (folder / "guesses" / "09.toml").write_text(QUESTIONS, encoding="utf-8")
    around = (module.FOLDER / "guessing.toml").read_text(encoding="utf-8")
    (folder / "guessing.toml").write_text(around, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", folder)
    monkeypatch.setattr(STORE, "path", tmp_path / "guesses.json")
    monkeypatch.setattr(STORE, "kept", {})
    SHOWN.clear()
    yield "09"
    SHOWN.clear()
