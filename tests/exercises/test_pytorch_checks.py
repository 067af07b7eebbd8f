"""The checks of chapter 04 leave PyTorch as it was, and load it only when they run."""

import subprocess
import sys

import pytest

from course_utils.exercises.check import CHAPTERS, examined

from . import planted


@pytest.mark.parametrize("exercise", CHAPTERS["04"], ids=lambda exercise: exercise.name)
def test_checks_leave_pytorch_as_it_was(exercise):
    """Whatever an answer does: set the seed, switch gradients off, draw, or raise."""
    torch = pytest.importorskip("torch", reason="chapter 04 needs torch")
    wrong = [answer for _, answer in planted.WRONG[exercise.name]]
    torch.manual_seed(7)
    before = torch.get_rng_state()
    for answer in [*planted.RIGHT[exercise.name].values(), *wrong[::4]]:
        examined(exercise, answer)
        assert torch.equal(torch.get_rng_state(), before)
        assert torch.is_grad_enabled()


def test_the_checks_do_not_load_torch():
    code = "import sys, course_utils.exercises; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
