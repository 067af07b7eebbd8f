"""What is handed out without solutions holds none, and says so where somebody asks for one."""

import base64
import importlib
import importlib.util
import io
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache

import nbformat
import pytest

from course_utils.__main__ import main
from course_utils.exercises import solution
from course_utils.exercises import solutions as solutions_module
from course_utils.workshop.authoring.chapters import ChapterError, chapter_of, find_chapters
from course_utils.workshop.authoring.solutions import BEGIN, END
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.authoring.standalone import CARRIER, packed_course, write_standalone
from course_utils.workshop.homework.student_copy import write_student_copy
from course_utils.workshop.site.lite import course_wheel
from tests import NOTEBOOKS, SOURCES

# Solutions of one line that the course itself says where it teaches, or tells of a wrong answer: what anybody may read.
TAUGHT = {
    ("01", "exercise-matching"): {"course_utils/theory.py"},
    ("03", "exercise-l1"): {"course_utils/exercises/l2_backprop.py"},  # what the check compares with
    ("05", "exercise-a3"): {"course_utils/texts/beliefs/specimens.toml"},
    ("05", "exercise-cause-a6"): {"course_utils/texts/beliefs/specimens.toml"},
    ("05", "exercise-b3"): {"course_utils/texts/beliefs/specimens.toml"},
    ("05", "exercise-mend-b1"): {"02_numpy_dropout.ipynb"},
    ("05", "exercise-mend-a7"): {"02_numpy_dropout.ipynb"},
    ("05", "exercise-mend-b4"): {"course_utils/costs.py"},
}


@cache
def bodies():
    """Return the lines between the markers of each solution, by chapter and cell."""
    found = {}
    for path in sorted(SOURCES.glob("*/chapter.py")):
        for cell in read_source(path).cells:
            if cell.is_exercise:
                inside = re.findall(rf"{BEGIN}\n(.*?){END}", cell.text, re.DOTALL)
                found[path.parent.name[:2], cell.key] = squeezed("\n".join(inside))
    return found


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def texts_in(name, data):
    """Give all texts that a file holds, with its name: those of an archive, of a notebook's cells and outputs too."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for one in archive.namelist():
                yield from texts_in(one, archive.read(one))
        return
    text = data.decode("utf-8", "ignore")
    yield name, text
    if name.endswith((".ipynb", ".json")):
        for one in strings(json.loads(text)):
            yield name, one
            if carried := re.search(r'COURSE = """\n(.*?)\n"""', one, re.DOTALL):
                yield from texts_in("carried", lzma.decompress(base64.b64decode(carried[1])))


def strings(value):
    """Give each text in data of JSON; lines that belong together as one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        yield "".join(value)
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def found_in(files):
    """Return where the text of each solution stands, beyond where the course teaches it."""
    texts = [(name, squeezed(text)) for name, data in files.items() for name, text in texts_in(name, data)]
    found = {}
    for key, body in bodies().items():
        taught = tuple(TAUGHT.get(key, ["nowhere"]))
        places = {name for name, text in texts if body in text and not name.endswith(taught)}
        if places:
            found[key] = places
    return found


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the course as students get it."""
    return write_student_copy(find_chapters(NOTEBOOKS), NOTEBOOKS, tmp_path_factory.mktemp("out") / "students")


def test_the_search_finds_the_solutions_where_they_are():
    assert len(bodies()) > 60
    with_them = found_in({"all.zip": packed_course()})
    assert len(with_them) > 50
    assert {"course_utils/data/solutions.json"} <= set.union(*with_them.values())


def test_the_copy_holds_the_text_of_no_solution_nor_what_instructors_and_authors_use(copy):
    files = files_of(copy)
    assert found_in(files) == {}
    for word in ("instructor", "source/", "homework", "solutions.json", "notes.md", "expected.py", "/tests/"):
        assert not [name for name in files if word in name]
    assert "course_utils/data/README.md" in files  # it says whose the data are
    assert {f"notebooks/{path.name}" for path in NOTEBOOKS.glob("*.ipynb")} <= set(files)


@pytest.mark.parametrize("what", ["standalone", "wheel"])
def test_what_else_is_made_without_solutions_holds_none(tmp_path, what):
    if what == "wheel":
        path = course_wheel(tmp_path, solutions=False)
    else:
        path = write_standalone(chapter_of(NOTEBOOKS / "02_numpy_dropout.ipynb"), tmp_path, solutions=False)
        assert CARRIER in {cell.id for cell in nbformat.read(path, 4).cells}
    files = {path.name: path.read_bytes()}
    names = {name for name, _ in texts_in(path.name, path.read_bytes())}
    assert "course_utils/exercises/check.py" in names  # it was looked into
    assert found_in(files) == {}


ASK = """
import course_utils
print(course_utils.__file__)
from course_utils.exercises import check, hint, solution
hint("dropout")
check("dropout", lambda x, keep_prob, rng: x * (rng.random(x.shape) < keep_prob))
hint("dropout")
solution("dropout")
"""


def test_in_the_copy_checks_and_hints_work_and_a_solution_is_said_to_be_withheld(copy):
    variables = {**os.environ, "PYTHONPATH": str(copy), "COURSE_LANGUAGE": "en"}
    command = [sys.executable, "-P", "-c", ASK] if sys.version_info >= (3, 11) else [sys.executable, "-c", ASK]
    ran = subprocess.run(command, cwd=copy, env=variables, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == str(copy / "course_utils" / "__init__.py")
    assert "Kept values are not divided by the probability to keep" in ran.stdout
    assert "Divide by `keep_prob` in training" in ran.stdout  # the second hint
    assert lines[-1] == 'dropout: this course was handed out without solutions. `hint("dropout")` still helps.'


def test_with_solutions_nothing_of_it_is_said(capsys, monkeypatch):
    assert not solutions_module.withheld()
    monkeypatch.setattr(importlib.import_module("course_utils.exercises.check"), "TRIED", {"dropout"})
    solution("dropout")
    assert "def my_dropout" in capsys.readouterr().out


@pytest.mark.parametrize("where", ["full", "file"])
def test_a_folder_of_something_else_is_left_alone(tmp_path, where, capsys):
    out = tmp_path / "out"
    if where == "full":
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    else:
        out.write_text("mine")
    assert main(["copy", "--notebooks-dir", str(NOTEBOOKS), "--out", str(out)]) == 1
    assert "is no copy made by this command" in capsys.readouterr().err
    assert "mine" in ((out / "mine.txt") if where == "full" else out).read_text()


def test_links_to_where_the_course_lives_are_left_out(tmp_path):
    from course_utils.workshop.authoring.address import Address
    from course_utils.workshop.authoring.badges import opening_cells
    from course_utils.workshop.homework.student_copy import copy_file

    notebook = nbformat.read(NOTEBOOKS / "02_numpy_dropout.ipynb", 4)
    before = [cell.id for cell in notebook.cells if cell.id not in ("open-elsewhere", "install-course")]
    notebook.cells[1:1] = opening_cells(Address("ada", "dropout"), "notebooks/02_numpy_dropout.ipynb")
    nbformat.write(notebook, tmp_path / "02.ipynb")
    copy_file(tmp_path / "02.ipynb", tmp_path / "out" / "02.ipynb")
    assert [cell.id for cell in nbformat.read(tmp_path / "out" / "02.ipynb", 4).cells] == before


def test_no_chapters_make_no_copy(tmp_path):
    with pytest.raises(ChapterError, match="there are no chapters"):
        write_student_copy([], tmp_path, tmp_path / "out")


@pytest.mark.editions
def test_a_wheel_of_the_copy_holds_no_solution_either(copy, tmp_path):
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("setuptools is not installed, which builds the wheel without a network")
    folder = tmp_path / "copy"
    shutil.copytree(copy, folder)
    words = ["-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path / "out"), "."]
    ran = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    (wheel,) = (tmp_path / "out").glob("*.whl")
    assert found_in({wheel.name: wheel.read_bytes()}) == {}
