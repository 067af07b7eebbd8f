"""Whether the checks notice every small change of the chapters' solutions: ``python -m tests.exercises.mutation``.

A mutant is a solution with one change: an operator, a comparison or a number is another one, a condition is negated, a
loop runs zero times (these by cosmic-ray); a name is that of another argument, a term, a factor, a call, a keyword or a
statement is left out (these by this module). A check that takes a mutant for done is too weak, unless the mutant
computes the same after all: then it stands in ``SURVIVORS``, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cosmic_ray.plugins
from cosmic_ray.mutating import mutate_code

from course_utils.exercises.check import CHAPTERS, EXERCISES, examined
from course_utils.exercises.verdict import DONE
from course_utils.workshop.authoring.solution_file import chapter_solutions
from course_utils.workshop.authoring.source import read_source
from tests import SOURCES

RANDOM = ("VariableReplacer", "VariableInserter")  # put a random number in, so that no two runs agree

EQUAL = "a random number equals keep_prob once in 2^53 draws"
EQUAL_P = "a random number equals p once in 2^24 draws"
ONE_OUTPUT = "the networks of this exercise have one output"
ONE_ROW = "W has one row, the first and the last"
ONE_BY_ONE = "the wait grows by one a look, and small whole numbers are one object"
SAME_ROWS = "queries, keys, values and results have as many rows"
MATRIX = "rows are those of a matrix; a convolution has none"
PAIR = "dW2, db2" if sys.version_info >= (3, 11) else "(dW2, db2)"  # as `ast.unparse` writes the left side of a `=`
STEP = f"{PAIR} = (dz2 @ a1.T, dz2.sum(axis=1, keepdims=True))"
LISTED = "np.array([network(mask) for mask in masks.T])"
# Mutants that a check rightly takes for done: exercise, line, what is replaced by what, why no check can tell it.
SURVIVORS = {
    (name, line, line.replace(old, new)): reason
    for name, line, old, new, reason in (
        ("dropout", "mask = rng.random(x.shape) < keep_prob", "<", "<=", EQUAL),
        ("batch_mask", "return rng.random(a.shape) < keep_prob", "<", "<=", EQUAL),
        ("dropout_penalty", "return (1 - keep_prob) / keep_prob * np.sum(W[0] ** 2 * mean_square)", "0", "-1", ONE_ROW),
        ("subnetwork_moments", f"outputs = {LISTED}", LISTED, LISTED[9:-1], "NumPy makes an array of the list"),
        ("dropout_module", "mask = torch.rand_like(x) >= self.p", ">=", ">", EQUAL_P),
        ("mended_a3", "mask = rng.random(a.shape) < keep_prob", "<", "<=", EQUAL),
        ("mended_network", "mask = rng.random(whole.shape) < keep_prob", "<", "<=", EQUAL),
        ("mended_network", "m = x.shape[1]", "x", "y", "there are as many labels as examples"),
        ("mended_b4", "return 2 * (z - y) / z.size", "z.size", "y.size", "z and y have one shape"),
        ("mended_b5", "return np.where(z >= 0, 1, e) / (1 + e)", ">=", ">", "at z = 0 both branches are 1/2"),
        ("mended_backward", STEP, "axis=1, ", "", ONE_OUTPUT),
        ("mended_network", STEP, "axis=1, ", "", ONE_OUTPUT),
        ("clip_rows", "if W.ndim >= 2:", ">=", "==", MATRIX),
        ("best_look", "elif look - best >= patience:", ">=", "==", ONE_BY_ONE),
        ("best_look", "elif look - best >= patience:", ">=", "is", ONE_BY_ONE),
        ("gaussian_dropout", "return a * (1 + noise)", "+", "-", "normal noise has no preferred sign"),
        ("spatial_dropout", "mask = rng.random((channels, 1, m)) < keep_prob", "<", "<=", EQUAL),
        *(("attention_backward", "root = np.sqrt(len(q))", "(q", f"({one}", SAME_ROWS) for one in ("dout", "k", "v")),
    )
}
# Exercises whose check accepts any answer that does well: a changed solution may do as well.
ANY_GOOD_ANSWER = {"choose_lambda", "my_test", "training_loop"}


@dataclass(frozen=True)
class Result:
    """What became of the mutants of one exercise.

    Parameters
    ----------
    name : str
        The exercise.
    killed : tuple of str
        The misconceptions that the check named for mutants that it noticed.
    survived : tuple of pairs
        Lines before and after the change, of mutants that the check took for done.
    seconds : float
    """

    name: str
    killed: tuple[str, ...]
    survived: tuple[tuple[str, str], ...]
    seconds: float

    def unexplained(self) -> list[tuple[str, str]]:
        """Return the survivors that nobody gave a reason for."""
        survived = () if self.name in ANY_GOOD_ANSWER else self.survived
        return [change for change in survived if (self.name, *change) not in SURVIVORS]

    def gone(self) -> list[tuple[str, str]]:
        """Return the reasons that explain nothing any more."""
        return [(old, new) for name, old, new in SURVIVORS if name == self.name and (old, new) not in self.survived]


@cache
def solutions() -> dict[str, tuple[Path, str]]:
    """Return the source of the chapter and the text of the solution of each exercise."""
    return {
        name: (path, text)
        for path in sorted(SOURCES.glob("*/chapter.py"))
        for name, text in chapter_solutions(read_source(path)).items()
    }


@cache
def imports_of(path: Path) -> dict[str, str]:
    """Return the import statement of a chapter that binds each name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        (alias.asname or alias.name).partition(".")[0]: ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def answer_of(source: str, path: Path) -> Any:
    """Return the function or class that is defined last in a text, with the imports of its chapter at hand."""
    tree = ast.parse(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    space: dict[str, Any] = {"__name__": "solution"}
    for name, statement in imports_of(path).items():
        if name in used:
            exec(statement, space)
    exec(compile(source, "solution", "exec"), space)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return space[names[-1]]


def mutants(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Give each mutant of a text once: the lines before and after the change, and the whole source."""
    original = ast.unparse(ast.parse(text))
    seen = {original}
    for mutated in (*by_cosmic_ray(text), *by_names(text), *by_parts(text)):
        try:
            source = ast.unparse(ast.parse(mutated))
        except SyntaxError:
            continue
        if source not in seen:
            seen.add(source)
            yield change(original, source), source


def change(before: str, after: str) -> tuple[str, str]:
    """Return the lines in which two texts differ."""
    old, new = ([line.strip() for line in text.splitlines()] for text in (before, after))
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return " | ".join(old), " | ".join(new)


def by_cosmic_ray(text: str) -> Iterator[str]:
    """Give every mutant that cosmic-ray makes without chance."""
    for name in cosmic_ray.plugins.operator_names():
        if not name.endswith(RANDOM):
            operator, occurrence = cosmic_ray.plugins.get_operator(name)(), 0
            while (mutated := mutate_code(text, operator, occurrence)) is not None:
                yield mutated
                occurrence += 1


def by_names(text: str) -> Iterator[str]:
    """Give mutants in which one use of an argument is that of another argument of the same function."""
    tree = ast.parse(text)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = [argument.arg for argument in function.args.args if argument.arg != "self"]
        words = {node for raised in ast.walk(function) if isinstance(raised, ast.Raise) for node in ast.walk(raised)}
        for node in [node for node in ast.walk(function) if node not in words]:  # a message may name what it likes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and (own := node.id) in names:
                for other in names:
                    node.id = other
                    yield ast.unparse(tree)
                node.id = own


def by_parts(text: str) -> Iterator[str]:
    """Give mutants in which a part stands for the whole, or a keyword argument or a statement is left out."""
    tree = ast.parse(text)
    for parent in ast.walk(tree):
        for field, value in [] if parent is tree else ast.iter_fields(parent):
            nodes = value if isinstance(value, list) else [value]
            for index, node in enumerate(nodes):
                for instead in instead_of(node):
                    changed = [*nodes[:index], *instead, *nodes[index + 1 :]]
                    setattr(parent, field, changed if isinstance(value, list) else changed[0])
                    yield ast.unparse(tree)
            setattr(parent, field, value)


def instead_of(node: Any) -> list[list[Any]]:
    """Return what may stand in a node's place: an operand, a first argument, whose method is called, or nothing."""
    match node:
        case ast.BinOp():
            return [[node.left], [node.right]]
        case ast.IfExp():
            return [[node.body], [node.orelse]]
        case ast.UnaryOp():
            return [[node.operand]]
        case ast.Call():
            owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            return [[part] for part in (*node.args[:1], *owner)]
        case ast.keyword():
            return [[]]
        case ast.With() | ast.If() | ast.For():
            return [[ast.Pass()], node.body]
        case ast.stmt() if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):  # a docstring
            return [[ast.Pass()]]
    return []


def examine_mutants(name: str) -> Result:
    """Give every mutant of the solution of an exercise to its check."""
    start = time.perf_counter()
    path, text = solutions()[name]
    verdict = examined(EXERCISES[name], answer_of(text, path))
    if verdict.outcome != DONE:
        raise AssertionError(f"the solution itself is refused: {verdict}")
    killed, survived = [], []
    for difference, source in mutants(text):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of `0 is x`
            answer = answer_of(source, path)
        verdict = examined(EXERCISES[name], answer)
        if verdict.outcome == DONE:
            survived.append(difference)
        else:
            killed.append(verdict.misconception)
    return Result(name, tuple(killed), tuple(survived), time.perf_counter() - start)


def names_of(chapters: list[str]) -> list[str]:
    """Return the exercises of some chapters, of all if none is named; without PyTorch those that do without it."""
    chosen = {
        number: exercises
        for number, exercises in CHAPTERS.items()
        if (not chapters or number in chapters) and (number != "04" or find_spec("torch"))
    }
    return [exercise.name for exercises in chosen.values() for exercise in exercises]


def report(results: list[Result]) -> str:
    """Return a table of results, and below it every survivor with its reason."""
    lines = [f"{'exercise':<24}{'mutants':>8}{'killed':>8}{'by name':>8}{'survived':>9}{'seconds':>9}"]
    for result in results:
        killed, survived = len(result.killed), len(result.survived)
        named = sum(kind not in ("", "wrong-value", "wrong-shape", "raises-an-error") for kind in result.killed)
        lines += [f"{result.name:<24}{killed + survived:>8}{killed:>8}{named:>8}{survived:>9}{result.seconds:>9.1f}"]
        for before, after in result.survived:
            reason = SURVIVORS.get((result.name, before, after), "NOT EXPLAINED")
            lines += [f"    {before}  ->  {after}    # {reason}"]
        for before, after in result.gone():
            lines += [f"    {before}  ->  {after}    # EXPLAINED, BUT NO SURVIVOR"]
    killed, survived = (sum(len(getattr(result, kind)) for result in results) for kind in ("killed", "survived"))
    unexplained = sum(len(result.unexplained()) for result in results)
    gone = sum(len(result.gone()) for result in results)
    lines += [
        f"{len(results)} exercises: {killed + survived} mutants, {killed} killed, {survived} survived, "
        f"{unexplained} of them unexplained; {gone} explained that do not survive; "
        f"{sum(result.seconds for result in results):.0f} s"
    ]
    return "\n".join(lines)


def main(words: list[str] | None = None) -> int:
    """Print the report and return 1 if a survivor is not explained, or an explanation is not needed."""
    parser = argparse.ArgumentParser(prog="python -m tests.exercises.mutation", description=__doc__)
    parser.add_argument("chapters", nargs="*", help="such as 02; all by default")
    parser.add_argument("--only", help="one exercise")
    arguments = parser.parse_args(words)
    names = [arguments.only] if arguments.only else names_of(arguments.chapters)
    results = [examine_mutants(name) for name in names]
    print(report(results))
    return int(any(result.unexplained() or result.gone() for result in results))


if __name__ == "__main__":
    sys.exit(main())
