"""What importing the course loads, and what works without PyTorch or Linux."""

import os
import pkgutil
import subprocess
import sys

import pytest

import course_utils
from tests import ROOT

MODULES = [module.name for module in pkgutil.walk_packages(course_utils.__path__, "course_utils.")]


def run(code, *arguments):
    """Run code in a fresh Python, warnings being errors as in these tests; give what it printed."""
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_course_loads_nothing_heavy():
    code = (
        "import sys, course_utils; "
        "print(sorted({'torch', 'ipywidgets', 'IPython', 'matplotlib.pyplot', 'sklearn', 'tqdm'} & set(sys.modules)))"
    )
    assert run(code) == "[]\n"


def test_without_torch_everything_but_what_is_for_its_chapter_is_importable():
    code = """
import importlib, sys
sys.modules["torch"] = None  # makes `import torch` fail
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(name, error)
"""
    assert "course_utils.environment" in MODULES
    failed = {line.split()[0] for line in run(code, *MODULES).splitlines()}
    of_pytorch = {name for name in MODULES if name.startswith("course_utils.pytorch")}
    assert "course_utils.pytorch" in of_pytorch
    live = ("band", "mc_dropout", "pytorch_quadrants", "pytorch_trainer")  # two of them by their old names
    assert failed == of_pytorch | {f"course_utils.live.{name}" for name in live}


@pytest.mark.skipif(os.name == "nt", reason="Windows shows it by itself")
def test_everything_is_importable_where_linux_is_missing():
    # What only Linux and its kin have goes away when all is loaded: Python's own modules know where to ask for it.
    code = """
import importlib, os, signal, sys

def load():
    for name in sys.argv[1:]:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != "torch":  # it may be left out
                raise

load()
for name in set(sys.modules) & set(sys.argv):
    del sys.modules[name]
for name in ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
for name in ("SIGALRM", "SIGKILL", "SIGHUP", "SIGUSR1", "setitimer", "alarm"):
    delattr(signal, name)
for name in ("fork", "geteuid", "getuid", "killpg", "setsid", "uname", "O_NOFOLLOW"):
    delattr(os, name)
load()
"""
    run(code, *MODULES, "tests.platforms.run_notebooks")
