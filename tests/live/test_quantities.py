"""What a quantity takes, and what it becomes."""

import pytest

from course_utils.live.quantities import Choice, Range, Redraw, arguments_of

KEEP_PROB = Range("keep_prob", 0.05, 1.0, 0.05, 0.5)
UNITS = Range("units", 2, 128, 2, 64, digits=0, becomes="n")


@pytest.mark.parametrize(
    ("quantity", "text", "value"),
    [(KEEP_PROB, "0.7000000000000001", 0.7), (KEEP_PROB, " 0,3 ", 0.3), (KEEP_PROB, "1", 1.0), (UNITS, "64.0", 64),
     (UNITS, "٣", 3), (Choice("a", ("b", "c"), "b"), "c", "c"), (Redraw("masks"), "12", 12)],
)  # fmt: skip
def test_text_is_read(quantity, text, value):
    found = quantity.parse(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["abc", "", "1.01", "-1", "nan", "inf", "0", "0x1", "5" * 60])
def test_what_is_no_number_in_range_is_refused(text):
    with pytest.raises(ValueError, match=r"keep_prob must be a number from 0\.05 to 1, got '"):
        KEEP_PROB.parse(text)


def test_settings_become_arguments():
    both = Choice("kind", ("x", "y"), "x", lambda units, kind, **_: {"n": 2 * units, "shape": (units, kind)})
    settings = {"units": 3, "kind": "y", "keep_prob": 0.5}
    assert arguments_of([UNITS, KEEP_PROB], settings) == {"n": 3, "keep_prob": 0.5}
    assert arguments_of([UNITS, both, KEEP_PROB], settings) == {"n": 6, "shape": (3, "y"), "keep_prob": 0.5}
