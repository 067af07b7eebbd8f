"""Numbers in a question that are another for each student: said in double braces, drawn from a seed and a name.

`{{keep_prob: 0.3..0.9 step 0.1}}` says what a number may be and stands for it, `{{units: 2 | 3 | 5}}` lists what it may
be, `{{keep_prob}}` is the same number again, and `{{= 1 / keep_prob :.3g}}` is computed from it.
"""

from __future__ import annotations

import ast
import hashlib
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["NumberError", "choices_of", "drawn", "filled", "has_numbers", "picked"]

PLACE = re.compile(r"\{\{([^{}]*)\}\}")
NAME = re.compile(r"[A-Za-z_]\w*")
DECLARATION = re.compile(r"([^:=]+?)\s*:\s*(.*(?:\.\.|\|).*)", re.DOTALL)
RANGE = re.compile(r"(\S+?)\s*\.\.\s*(\S+)\s+step\s+(\S+)")
FORMAT = re.compile(r"(.*?)\s*:\s*(\.?\d*[efgd%])\s*", re.DOTALL)
FORMS = "{{name: 0.3..0.9 step 0.1}}, {{name: 2 | 3 | 5}}, {{name}}, {{= 1 / name}} and {{= 1 / name :.3g}}"
MOST = 10_000  # values of one number
LARGEST = 999  # of an exponent: a tower of powers would never end
FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs, "exp": math.exp, "log": math.log, "max": max, "min": min, "round": round, "sqrt": math.sqrt,
}  # fmt: skip
OPERATIONS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Mod: operator.mod, ast.FloorDiv: operator.floordiv, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip


class NumberError(ValueError):
    """What stands between double braces is none of the forms that are allowed.

    Parameters
    ----------
    message
        What is wrong.
    place
        Where in the text it begins.
    """

    def __init__(self, message: str, place: int = 0) -> None:
        super().__init__(message)
        self.place = place


def has_numbers(text: str) -> bool:
    """Return whether a text says a number, or asks for one."""
    return any(is_ours(found[1].strip()) for found in PLACE.finditer(text))


def is_ours(inside: str) -> bool:
    """Return whether double braces are meant for us; others are of Python or of a formula."""
    return inside.startswith("=") or bool(NAME.fullmatch(inside) or DECLARATION.fullmatch(inside))


def choices_of(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return what each number of a question may be, as it will be written.

    Raises
    ------
    NumberError
        If one is said twice, or not in an allowed form.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        for place in PLACE.finditer(text):
            declared = DECLARATION.fullmatch(place[1].strip())
            if not declared or place[1].strip().startswith("="):
                continue
            name, values = declared[1], declared[2].strip()
            if not NAME.fullmatch(name) or name in FUNCTIONS:
                raise NumberError(f"`{name}` is no name for a number; letters, digits and _ are allowed", place.start())
            if name in found:
                raise NumberError(f"{{{{{name}: …}}}} stands here twice; write {{{{{name}}}}} again", place.start())
            found[name] = listed(name, values, place.start())
    return found


def listed(name: str, values: str, place: int) -> list[str]:
    """Return the values that a declaration allows."""
    if ".." not in values:
        options = [one.strip() for one in values.split("|")]
        if "" in options or len(set(options)) < len(options):
            raise NumberError(f"{{{{{name}: {values}}}}}: between two | there must be a value, each another", place)
        return options
    match = RANGE.fullmatch(values)
    try:
        first, last, step = map(Decimal, match.groups() if match else ())
        count = int((last - first) / step) + 1
        if not first <= last or step <= 0 or count > MOST:
            raise ValueError
        return [f"{first + number * step:f}" for number in range(count)]
    except (ValueError, InvalidOperation, ArithmeticError):
        raise NumberError(
            f"{{{{{name}: {values}}}}} is no range; write it as 0.3..0.9 step 0.1, with at most {MOST} values", place
        ) from None


def drawn(choices: Mapping[str, list[str]], seed: str, student: str, question: str) -> dict[str, str]:
    """Return the numbers of one student's question, the same whenever and wherever they are asked for.

    Parameters
    ----------
    choices
        What each may be.
    seed
        The course's own.
    student
        The student's id; "" where all have the same numbers.
    question
        The question's key, so that two questions draw apart.
    """
    return {name: values[picked(len(values), seed, student, question, name)] for name, values in choices.items()}


def picked(count: int, *names: str) -> int:
    """Return a number below ``count`` that depends on nothing but the names."""
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % count


def filled(text: str, numbers: Mapping[str, str]) -> str:
    """Return a text with its numbers in place.

    Raises
    ------
    NumberError
        If a name was not said, or something cannot be computed.
    """

    def put(place: re.Match[str]) -> str:
        inside = place[1].strip()
        if inside.startswith("="):
            return computed(inside[1:].strip(), numbers, place.start())
        name = declared[1] if (declared := DECLARATION.fullmatch(inside)) else inside
        if not NAME.fullmatch(name):
            return place[0]
        if name not in numbers:
            known = ", ".join(numbers) or "none"
            raise NumberError(
                f"{place[0]}: this question says no number of that name; it says: {known}. Allowed are {FORMS}. "
                "Double braces that mean something else need a space between them: { {",
                place.start(),
            )
        return numbers[name]

    return PLACE.sub(put, text)


def computed(formula: str, numbers: Mapping[str, str], place: int) -> str:
    """Return what a formula gives, as it will be written."""
    form = FORMAT.fullmatch(formula)
    text, how = (form[1], form[2]) if form else (formula, ".6g")
    try:
        value = evaluated(ast.parse(text, mode="eval").body, numbers)
        return format(int(value) if how.endswith("d") else value, how)
    except (SyntaxError, ValueError, ArithmeticError, TypeError, RecursionError) as error:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise NumberError(f"{{{{= {formula}}}}} cannot be computed: {said}", place) from None


def evaluated(node: ast.expr, numbers: Mapping[str, str]) -> Any:
    """Return the value of an expression of numbers, the four operations, powers and a few functions."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.Name):
        if node.id not in numbers:
            raise ValueError(f"{node.id} is not known; known are: {', '.join([*numbers, *FUNCTIONS])}")
        return float(numbers[node.id])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base, power = evaluated(node.left, numbers), evaluated(node.right, numbers)
        if abs(power) > LARGEST:
            raise ValueError(f"an exponent above {LARGEST}")
        return float(base) ** power
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](evaluated(node.left, numbers), evaluated(node.right, numbers))
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](evaluated(node.operand, numbers))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        return FUNCTIONS[node.func.id](*(evaluated(one, numbers) for one in node.args))
    raise ValueError(f"allowed are numbers, names, + - * / // % **, brackets and {', '.join(FUNCTIONS)}")
