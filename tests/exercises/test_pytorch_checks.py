"""What the checks of chapter 04 leave behind, the chapter's own cells, and what they do not load."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from course_utils.exercises.check import examined
from course_utils.exercises.pytorch_dropout import EXERCISES
from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED
from course_utils.workshop.authoring.source import read_source
from tests import SOURCES

SOURCE = SOURCES / "04_pytorch_dropout" / "chapter.py"
NAMES = [exercise.name for exercise in EXERCISES]
needs_torch = pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="chapter 04 needs torch")


def answers_of_the_chapter(variant):
    """Return the functions and classes of the chapter's exercise cells, by the name of their check, in its order."""
    import torch
    from torch import nn

    space = {"np": np, "torch": torch, "nn": nn, "functional": nn.functional}
    given = {}

    def keep(name, answer):
        given[name] = answer

    for cell in read_source(SOURCE).cells:
        if cell.kind == "code" and cell.key.startswith(("exercise-", "check-")):
            exec(cell.variant_text(variant), space | {"check": keep} if cell.key.startswith("check-") else space)
    return given


@needs_torch
def test_the_chapters_own_solutions_are_done():
    answers = answers_of_the_chapter("instructor")
    assert list(answers) == NAMES
    for exercise in EXERCISES:
        verdict = examined(exercise, answers[exercise.name])
        assert verdict.outcome == DONE, str(verdict)


@needs_torch
def test_the_chapters_stubs_are_not_attempted():
    answers = answers_of_the_chapter("student")
    for exercise in EXERCISES:
        assert examined(exercise, answers[exercise.name]).outcome == NOT_ATTEMPTED


@needs_torch
@pytest.mark.parametrize("exercise", EXERCISES, ids=NAMES)
def test_checks_leave_pytorch_as_it_was(exercise):
    """Whatever an answer does: set the seed, switch gradients off, draw, or raise."""
    import torch

    from .planted import pytorch_dropout as planted

    wrong = [answer for _, answer in planted.WRONG[exercise.name]]
    answers = [*planted.RIGHT[exercise.name].values(), *wrong[::4]]
    torch.manual_seed(7)
    before = torch.get_rng_state()
    for answer in answers:
        examined(exercise, answer)
        assert torch.equal(torch.get_rng_state(), before)
        assert torch.is_grad_enabled()


def test_the_checks_do_not_load_torch():
    code = "import sys, course_utils.exercises; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
