"""What importing the course loads, and what works without PyTorch."""

import pkgutil
import subprocess
import sys

import course_utils

MODULES = [module.name for module in pkgutil.walk_packages(course_utils.__path__, "course_utils.")]


def run(code, *arguments):
    """Run code in a fresh Python, warnings being errors as in these tests; give what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments], capture_output=True, text=True, timeout=120
    )
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
    assert failed == of_pytorch | {"course_utils.live.band", "course_utils.live.pytorch_quadrants"} & set(MODULES)
