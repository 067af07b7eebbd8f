"""Docstrings of the numerical core: their examples run, and each says what comes back."""

import doctest
import importlib
import inspect
import re

import numpy as np
import pytest

from tests import ROOT

PACKAGE = ROOT / "course_utils"
FILES = [path for room in (".", "arguments", "experiments", "pytorch") for path in (PACKAGE / room).glob("[a-z]*.py")]
MODULES = sorted(  # those that define something
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in FILES
    if re.search(r"^(def|class) ", path.read_text(encoding="utf-8"), re.MULTILINE)
)
SAYS_WHAT_COMES_BACK = re.compile(r"\b(return|returns|draw|yield|run|train|initiali[sz]e|drop)\b", re.IGNORECASE)


def module_of(name):
    """Import a module of the course; the one for PyTorch is left out where PyTorch is."""
    if name.startswith("pytorch"):
        pytest.importorskip("torch")
    return importlib.import_module(f"course_utils.{name}")


def public_callables(module):
    """Yield name and object of everything a module exports that can be called, methods included."""
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if not callable(thing) or not hasattr(thing, "__module__") or thing.__module__ != module.__name__:
            continue
        yield name, thing
        if inspect.isclass(thing):
            for method, function in vars(thing).items():
                if inspect.isfunction(function) and not method.startswith("_"):
                    yield f"{name}.{method}", function


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    results = doctest.testmod(module_of(name), extraglobs={"np": np})
    assert results.failed == 0


def test_there_are_examples_to_run():
    names = [name for name in MODULES if not name.startswith("pytorch")]
    assert sum(doctest.testmod(module_of(name), extraglobs={"np": np}).attempted for name in names) >= 10


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith("arguments")])
def test_public_names_exist_and_are_sorted(name):
    module = module_of(name)
    assert list(module.__all__) == sorted(module.__all__, key=lambda text: (not text.isupper(), text))
    assert all(hasattr(module, exported) for exported in module.__all__)


@pytest.mark.parametrize("name", MODULES)
def test_public_functions_say_what_they_return(name):
    for called, thing in public_callables(module_of(name)):
        text = inspect.getdoc(thing)
        assert text, f"{name}.{called} has no docstring"
        first = text.splitlines()[0]
        assert first.endswith((".", ":")) or len(text.splitlines()) > 1, f"{name}.{called}: {first}"
        if inspect.isfunction(thing) and inspect.signature(thing).return_annotation not in (None, "None"):
            assert SAYS_WHAT_COMES_BACK.search(first) or "Returns\n-------" in text, f"{name}.{called}: {first}"


@pytest.mark.parametrize("name", MODULES)
def test_the_modules_say_their_role_in_one_sentence(name):
    first = inspect.getdoc(module_of(name)).splitlines()[0]
    assert first.endswith((".", ":"))
    assert len(first) <= 120


def test_public_functions_with_several_arguments_state_them():
    """Those that a reader calls: numpydoc sections for arguments and results."""
    for name, called in (
        ("network", "forward"),
        ("network", "backward"),
        ("network", "initialize_parameters"),
        ("dropout", "dropout"),
        ("dropout", "draw_mask"),
        ("dropout", "draw_masks"),
        ("penalties", "penalty"),
        ("training", "train"),
        ("datasets", "quadrants"),
        ("gradient_check", "numeric_gradients"),
    ):
        function = getattr(module_of(name), called)
        text = inspect.getdoc(function)
        documented = text.split("Parameters\n----------")[1]
        for parameter in inspect.signature(function).parameters:
            assert re.search(rf"^(.*, )?{parameter}(, .*)?( :|$)", documented, re.MULTILINE), f"{called}: {parameter}"
