"""What an error in a learner's code means to the learner, with the line where it happened."""

from __future__ import annotations

import re
import sysconfig
import traceback
from collections.abc import Mapping
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.exercises.limits import Stopped
from course_utils.exercises.mistake import Mistake
from course_utils.exercises.verdict import Case
from course_utils.texts import sentence

__all__ = ["is_stub", "mistake_of"]

# Where code lies that the learner did not write, and whose lines say nothing to them.
OTHERS = (str(Path(__file__).parents[1]), *(sysconfig.get_paths()[kind] for kind in ("stdlib", "purelib", "platlib")))
NAMED = {
    Stopped: "endless-loop",
    MemoryError: "too-much-memory",
    RecursionError: "endless-recursion",
    SystemExit: "calls-exit",
}
KINDS = r"for (?P<operator>.+?)=?: '(?P<left>[\w.]+)' and '(?P<right>[\w.]+)'"
# What Python, NumPy and PyTorch say, and what it means; the groups of a pattern fill the gaps of the texts.
READINGS: tuple[tuple[Any, str, str], ...] = (
    (ZeroDivisionError, "", "divides-by-zero"),
    (FloatingPointError, "divide by zero|invalid value", "divides-by-zero"),
    (ValueError, r"truth value of an array", "if-on-an-array"),
    (RuntimeError, r"Boolean value of Tensor with more than one value", "if-on-an-array"),
    (TypeError, r"only .*(?:size-1|0-dimensional|length-1) arrays can be converted", "number-from-an-array"),
    (Exception, r"one element tensors can|Tensor with \d+ elements cannot be converted", "number-from-an-array"),
    (UnboundLocalError, r"variable '(?P<name>\w+)'", "name-before-its-value"),
    (NameError, r"name '(?P<name>\w+)' is not defined", "unknown-name"),
    (ModuleNotFoundError, r"No module named '(?P<name>[\w.]+)'", "unknown-module"),
    (ImportError, r"cannot import name '(?P<name>\w+)'", "unknown-name"),
    (AttributeError, r"'NoneType'", "none-computed-with"),
    (AttributeError, r"module '(?P<kind>[\w.]+)' has no attribute '(?P<name>\w+)'", "unknown-attribute"),
    (AttributeError, r"'(?P<kind>[\w.]+)' object has no attribute '(?P<name>\w+)'", "unknown-attribute"),
    (TypeError, r"'(?P<kind>[\w.]+)' object is not callable", "brackets-for-index"),
    (
        TypeError,
        r"'(?:function|method|builtin_function_or_method|Shown|Network)' object is not subscriptable",
        "index-for-brackets",
    ),
    ((TypeError, AttributeError), r"context manager protocol|__enter__", "function-not-called"),
    (TypeError, r"'(?:function|method|builtin_\w+)' object is not iterable", "function-not-called"),
    (ValueError, r"values to unpack", "items-missing"),
    (TypeError, r"'NoneType'", "none-computed-with"),
    (
        TypeError,
        r"unsupported operand type\(s\) for .*'(?:function|method|partial|Shown|Network)'",
        "function-not-called",
    ),
    (TypeError, r"can only concatenate str", "text-plus-number"),
    (TypeError, r"object cannot be interpreted as an integer", "whole-number-needed"),
    (TypeError, r"must be Tensor, not (?P<kind>\w+)", "other-kind-for-tensor"),
    (RuntimeError, r"leaf Variable that requires grad", "leaf-in-place"),
    (TypeError, r"of type '(?:int|float|numpy\.float64)' has no len", "number-for-array"),
    (TypeError, r"'(?:int|float)' object is not (?:subscriptable|iterable)", "number-for-array"),
    (TypeError, r"unsupported operand type.*\^", "caret-for-power"),
    (TypeError, r"unsupported operand type.*'(?:list|tuple)'", "list-for-array"),
    (TypeError, r"can't multiply sequence|can only concatenate list", "list-for-array"),
    (TypeError, KINDS, "kinds-do-not-go-together"),
    (TypeError, r"ufunc 'bitwise_xor' not supported", "caret-for-power"),
    (TypeError, r"'[<>]=?' not supported between instances of .*'list'", "list-for-array"),
    (TypeError, r"list indices must be integers.*not (?:float|numpy)", "index-not-whole"),
    (TypeError, r"list indices must be integers", "list-for-array"),
    (TypeError, r"(?P<name>[\w<>.]+)\(\) takes .* (?:was|were) given", "other-arguments"),
    (TypeError, r"(?P<name>[\w<>.]+)\(\) missing \d+ required", "other-arguments"),
    (TypeError, r"(?P<name>[\w<>.]+)\(\) got an unexpected keyword argument", "other-arguments"),
    (ValueError, r"axis \d+ is out of bounds", "axis-not-there"),
    (IndexError, r"tuple index out of range", "axis-not-there"),
    (IndexError, r"too many indices", "axis-not-there"),
    (IndexError, r"boolean index did not match", "shapes-do-not-fit"),
    (IndexError, r"Dimension out of range", "axis-not-there"),
    (IndexError, r"out of (?:bounds|range)", "index-out-of-range"),
    (ValueError, r"axes don't match", "axis-not-there"),
    (np.linalg.LinAlgError, "", "matrix-function-for-entries"),
    (AssertionError, "", "own-assertion"),
    (OverflowError, "", "number-too-large"),
)
SHAPE = r"[(\[]\d*(?:,\s?\d*)*[)\]]"


def mistake_of(error: BaseException, given: Case = ()) -> Mistake:
    """Return the mistake that an error shows; ``given`` are the arguments with which the code was called."""
    if isinstance(error, Mistake):
        return error
    for kind, misconception in NAMED.items():
        if isinstance(error, kind):
            return Mistake(misconception, given)
    own = [frame for frame in reversed(traceback.extract_tb(error.__traceback__)) if is_the_learners(frame)]
    lines = tuple((sentence("line", line=frame.lineno), frame.line) for frame in islice(own, 1))
    misconception, found = reading(error, own[0].line or "" if own else "", dict(given))
    return Mistake(misconception, (("error", words(error)), *lines, *given), **found)


def reading(error: BaseException, line: str, given: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return what an error in a line means, and what fills the gaps of that misconception's texts."""
    if isinstance(error, ValueError) and line.startswith("raise"):
        return "refuses-what-is-allowed", {}
    if isinstance(error, KeyError):
        return missing_key(error, given)
    text = words(error)
    if re.search(
        r"could not be broadcast|mismatch in its core dimension|not aligned|must match the size|cannot be mult"
        r"iplied|mismatched|different number of dimensions|all the input array dimensions",
        text,
    ):
        return unfit_shapes(text, line, given)
    for kind, pattern, misconception in READINGS:
        match = re.search(pattern, text)
        if isinstance(error, kind) and match:
            found = {name: value.rpartition(".")[2] or value for name, value in match.groupdict().items()}
            return misconception, {"line": line} | found
    return "raises-an-error", {}


def missing_key(error: KeyError, given: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return what it means that a dict lacks a key."""
    key = error.args[0] if error.args else ""
    found = {"key": repr(key)}
    names = next((list(value) for value in given.values() if isinstance(value, Mapping) and key not in value), [])
    where = next((name for name, value in given.items() if isinstance(value, Mapping) and key in value), "")
    if where:
        return "key-of-another-dict", found | {"argument": where}
    if any(isinstance(value, str) and value == key for value in given.values()):
        return "value-not-foreseen", found
    if not names or not isinstance(key, str):
        return "unknown-key", found | {"keys": ", ".join(map(str, names))}
    layers = {name for name in names if str(name).startswith("W")}
    found |= {"keys": ", ".join(names), "layers": str(len(layers))}
    if re.fullmatch(r"[Wb]\d+", key):
        return "layer-not-there", found
    return "unknown-key", found | {"close": "".join(get_close_matches(key, names, 1, 0.5))}


def unfit_shapes(text: str, line: str, given: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return what it means that two arrays do not fit: the other product would fit, a sum ran along the wrong axis."""
    arrays = [value for value in given.values() if isinstance(value, np.ndarray)]
    shapes_given = {value.shape: name for name, value in given.items() if isinstance(value, np.ndarray)}
    sizes = re.search(r"size (\d+) is different from (\d+)", text)
    shapes = [tuple(map(int, re.findall(r"\d+", one))) for one in re.findall(SHAPE, text) if re.search(r"\d", one)]
    if sizes:  # of a matrix product: rows on the right, columns on the left
        rows, columns = map(int, sizes.groups())
        shapes = [(rows, columns)] * 2
        if not are_alike(shapes[0], line, arrays):
            return "product-does-not-fit", {"rows": str(rows), "columns": str(columns)}
    if len(shapes) < 2:
        return "shapes-do-not-fit", {"shapes": text.partition(": ")[2]}
    one, other = shapes[:2]
    found = {"shapes": f"{one} and {other}", "one": str(one), "other": str(other)}
    if "broadcast" not in text and one == other and are_alike(one, line, arrays):
        return "product-for-entries", found
    if "broadcast" not in text and len(one) == len(other) == 2:
        return "product-does-not-fit", {"rows": str(other[0]), "columns": str(one[1])}
    if len(one) == len(other) == 2 and one[1] == other[0] and {one, other} <= set(shapes_given):
        return "entries-for-product", found
    summed = (
        len(one) == len(other) == 1 and re.search(r"axis|sum|mean", line) and not re.search(r"shape\s*[-+*/]", line)
    )
    both = {(one[0], other[0]), (other[0], one[0])} if summed else set()
    crossed = next((name for shape, name in shapes_given.items() if shape in both), "")
    return ("summed-along-wrong-axis", found | {"argument": crossed}) if crossed else ("shapes-do-not-fit", found)


def are_alike(shape: tuple[int, ...], line: str, arrays: list[Any]) -> bool:
    """Return whether a product is one of two arguments of one shape, or of something with itself."""
    with_itself = re.search(r"(\w+)(?:\.T)?\s*@\s*\1\b|(?:dot|matmul)\(\s*(\w+)\s*,\s*\2\s*\)", line)
    sizes = [array.shape for array in arrays if array.ndim == 2]
    fits = any(one[1] == other[0] for n, one in enumerate(sizes) for k, other in enumerate(sizes) if n != k)
    return bool(with_itself and not fits) or sum(array.shape == shape for array in arrays) > 1


def is_stub(error: BaseException) -> bool:
    """Return whether an error marks an exercise that nobody has begun: raised in the learner's own line."""
    frames = traceback.extract_tb(error.__traceback__)
    return isinstance(error, NotImplementedError) and not frames[-1].filename.startswith(OTHERS)


def is_the_learners(frame: traceback.FrameSummary) -> bool:
    """Return whether the learner wrote a line; those of compiled code have no text."""
    return bool(frame.line) and not frame.filename.startswith(OTHERS)


def words(error: BaseException) -> str:
    """Return the kind of an error and what it says, if it can say it."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
