"""The text of a planted answer, so that it runs alone: its expression, and the definitions that this needs."""

from __future__ import annotations

import ast
import builtins
import linecache
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ANSWER = "answer"  # the name that a text gives to its answer
_TABLES = {"RIGHT", "WRONG"}


def right_text(path: Path, exercise: str, style: str) -> str:
    """Return the text of a right answer in a file of planted ones."""
    return _text(path, _expression(path, "RIGHT", exercise, style))


def wrong_text(path: Path, exercise: str, number: int) -> str:
    """Return the text of a wrong answer, which is a pair of its misconception and itself."""
    return _text(path, _expression(path, "WRONG", exercise, number))


def loaded(text: str, name: str) -> Any:
    """Run the text of an answer and return it; errors in it are shown with their lines, as in a notebook."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": ANSWER}
    exec(compile(text, name, "exec"), space)
    return space[ANSWER]


@cache
def _module(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _definitions(path: Path) -> dict[str, ast.stmt]:
    """Return the statement of a file that binds each of its names."""
    return {name: statement for statement in _module(path).body for name in _bound(statement)}


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Import() | ast.ImportFrom():
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
        case ast.Assign():
            names = (node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name))
            yield from (name for name in names if name not in _TABLES)


def _expression(path: Path, table: str, exercise: str, key: str | int) -> str:
    """Return the expression of one answer; where entries are made by a loop, that with the place in it."""
    (statement,) = (
        one for one in _module(path).body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and one.targets[0].id == table
    )  # fmt: skip
    node, rest = _entry(statement.value, exercise)
    if rest:
        return f"{ast.unparse(node)}{rest}[{key!r}]" + "[1]" * (table == "WRONG")
    if table == "RIGHT":
        node, rest = _entry(node, str(key))
        return ast.unparse(node) + rest
    if isinstance(node, ast.List) and not any(isinstance(one, ast.Starred) for one in node.elts):
        pair = node.elts[int(key)]
        return ast.unparse(pair.elts[1]) if isinstance(pair, ast.Tuple) else f"{ast.unparse(pair)}[1]"
    return f"({ast.unparse(node)})[{key}][1]"


def _entry(node: ast.expr, key: str) -> tuple[ast.expr, str]:
    """Return what a table of tables joined by ``|`` holds under a key, and what must stand behind it to get there."""
    if isinstance(node, ast.BinOp):
        for side in (node.right, node.left):
            if not isinstance(side, ast.Dict) or key in _keys(side):
                return _entry(side, key)
    if isinstance(node, ast.Dict) and key in _keys(node):
        return node.values[_keys(node).index(key)], ""
    return node, f"[{key!r}]"


def _keys(node: ast.Dict) -> list[Any]:
    return [getattr(key, "value", None) for key in node.keys]


def _text(path: Path, expression: str) -> str:
    tree = ast.parse(expression, mode="eval")
    needed = _needed(path, tree)
    parts = [ast.unparse(statement) for statement in _module(path).body if statement in needed]
    return "\n\n".join([*parts, f"{ANSWER} = {expression}\n"])


def _needed(path: Path, node: ast.AST) -> set[ast.stmt]:
    """Return the statements of a file that an expression needs, and those that these need."""
    found: set[ast.stmt] = set()
    waiting = [node]
    while waiting:
        for name in _used(waiting.pop()):
            statement = _definitions(path).get(name)
            if statement is not None and statement not in found:
                found.add(statement)
                waiting.append(statement)
    return found


def _used(node: ast.AST) -> set[str]:
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return names - set(vars(builtins))
