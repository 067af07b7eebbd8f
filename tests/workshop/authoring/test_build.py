"""Builds with a real kernel. Each costs one to two seconds, so one chapter shows many things at once."""

import base64

import pytest
from jupyter_client.kernelspec import NoSuchKernel

from course_utils.workshop.authoring import execution
from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.execution import check_syntax
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.recovery import recover_chapter
from course_utils.workshop.authoring.source import read_source

from .course import cells_of, new_course

CHAPTER = """\
# %% [markdown] key="title"
# # A chapter

# %% key="setup"
import os

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

# %% key="where"
print(os.path.basename(os.getcwd()))
print(os.environ["OMP_NUM_THREADS"], flush=True)
# !echo from a shell

# %% key="nothing-yet"

# %% key="figure"
plt.plot(np.sin(np.arange(9)))
plt.show()

# %% key="live"
import base64


class LiveFigure(ipywidgets.Image):
    def _repr_mimebundle_(self, **kwargs):
        return {**super()._repr_mimebundle_(**kwargs), "image/png": base64.b64encode(self.value).decode()}


LiveFigure(value=b"picture")

# %% key="slider"
ipywidgets.IntSlider(2)

# %% key="interact"
ipywidgets.interact(lambda keep_prob: print("keep_prob is", keep_prob), keep_prob=(0, 3));

# %% key="a-set"
{"keep", "drop", "mask", "scale"} and list({"keep", "drop", "mask", "scale"})

# %% key="library-error" tags=["raises-exception"]
import json

json.loads("{")
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The chapter above, built once, and what the build returned."""
    chapter = new_course(tmp_path_factory.mktemp("course")).write("01_all", CHAPTER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "agg")  # the author's own setting must not cost the notebook its figures
        return chapter, *build_chapter(chapter)


@pytest.fixture(scope="module")
def cells(finished):
    """The cells of the built chapter by key."""
    return cells_of(finished[0].notebook)


def stdout(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_every_cell_that_has_code_ran_in_order(cells):
    counts = [cell.execution_count for cell in cells.values() if cell.cell_type == "code" and cell.source]
    assert counts == list(range(1, 9))
    assert cells["nothing-yet"].execution_count is None


def test_the_kernel_runs_beside_the_notebook_with_one_thread(cells):
    assert stdout(cells["where"]) == "notebooks\n1\nfrom a shell\r\n"  # a shell ends lines its own way
    assert len(cells["where"].outputs) == 1


def test_figures_are_pictures_and_a_slider_leaves_its_text(finished, cells):
    figure, live, slider = (cells[key].outputs[0].data for key in ("figure", "live", "slider"))
    assert base64.b64decode(figure["image/png"]).startswith(b"\x89PNG")
    assert base64.b64decode(live["image/png"]) == b"picture"
    assert slider["text/plain"].startswith("IntSlider(value=2")
    assert "widget-view" not in finished[0].notebook.read_text()


def test_what_is_printed_inside_a_widget_is_seen_without_it(cells):
    assert stdout(cells["interact"]) == "keep_prob is 1\n"


def test_no_folder_of_this_machine_is_named(cells):
    traceback = "\n".join(cells["library-error"].outputs[0].traceback)
    assert "In[8]" in traceback
    assert "JSONDecodeError" in traceback
    assert "File" not in traceback


def test_a_second_build_is_byte_identical_and_writes_nothing(finished):
    chapter, first = finished
    before, modified = chapter.notebook.read_bytes(), chapter.notebook.stat().st_mtime_ns
    (second,) = build_chapter(chapter)
    assert first.changed
    assert not second.changed
    assert second.seconds > 0
    assert chapter.notebook.read_bytes() == before
    assert chapter.notebook.stat().st_mtime_ns == modified


def test_a_built_notebook_is_fresh_and_recovers_to_the_identical_source(finished):
    chapter = finished[0]
    assert stale_chapters([chapter]) == []
    assert not recover_chapter(chapter).rewritten
    assert chapter.source.read_text(encoding="utf-8") == CHAPTER


def failure(course, text, timeout=600):
    """Build a chapter that cannot be built over an old notebook, and give the reason."""
    chapter = course.write("02_bad", text)
    chapter.notebook.write_bytes(b"old")
    with pytest.raises(ChapterError) as caught:
        build_chapter(chapter, timeout)
    assert chapter.notebook.read_bytes() == b"old"
    assert [path.name for path in course.notebooks_dir.iterdir() if path.is_file()] == ["02_bad.ipynb"]
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix(f"{chapter.source}:")


LARGE = "the notebook would have 1.1 MB, 1 MB are allowed; this cell is the largest, 1.1 MB"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise ValueError('one\\ntwo')", "ValueError: one"),
        ("import sys\nprint('careful', file=sys.stderr)", "writes to stderr: careful"),
        ("import warnings\nwarnings.warn('old')", "writes to stderr: "),
        ("object()", "shows a memory address, another one in each run: at 0x"),
        ("import os\nos._exit(1)", "Kernel died"),
        ("print('x' * 1_100_000)", LARGE),
    ],
)
def test_what_a_run_cannot_give_is_refused_and_the_old_notebook_stays(course, code, reason, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")  # the author's own setting must not hide a warning
    message = failure(course, f'# %% key="fine"\n1\n\n# %% key="bad"\n{code}\n')
    assert message.startswith(f"4: cell bad: {reason}")


def test_a_cell_that_takes_too_long_is_stopped(course):
    message = failure(course, '# %% key="slow"\nimport time\ntime.sleep(30)\n', timeout=1)
    assert message == "1: cell slow: ran longer than 1 s"


STUB = "syntax error where a student gets no solution: "


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [
        ("x = = 1", 5, "invalid syntax"),
        ("x = 1\n  y = 2", 6, "unexpected indent"),
        ("%matplotlib inline\nx = (", 6, "'(' was never closed"),
        ("return 1", 5, "'return' outside function"),
        (r"'\d'", 5, "invalid escape sequence"),  # a warning, which would come out on stderr
        ("x = (\n### BEGIN SOLUTION\n1\n### END SOLUTION\n)", 4, STUB),
        ('1\n\n# %% key="bad"', 7, "this key stands in line 4 already"),
    ],
)
def test_a_fault_of_the_text_is_found_before_anything_runs(course, code, line, reason, monkeypatch):
    monkeypatch.setattr("course_utils.workshop.authoring.build.execute_notebook", None)
    message = failure(course, f'# %% key="fine"\n1\n\n# %% key="bad"\n{code}\n')
    assert message.startswith((f"{line}: cell bad: syntax error", f"{line}: cell bad: this key"))
    assert reason in message


def test_magics_and_await_are_no_syntax_errors(course):
    code = "%time x = 1\n!ls {x}\nx?\nfiles = !ls\nawait f()"
    chapter = course.write(
        "02_fine", f'# %% key="a"\n{code}\n\n# %% key="b"\n%%timeit -n 1\nx\n\n# %% key="c"\n%%bash\nls | wc\n'
    )
    check_syntax(read_source(chapter.source))


def test_a_missing_kernel_is_named(course, monkeypatch):
    def missing(*_, **__):
        raise NoSuchKernel("python3")

    monkeypatch.setattr(execution._InterruptibleClient, "async_start_new_kernel", missing)
    assert failure(course, '# %% key="a"\n1\n') == "no kernel named python3: pip install ipykernel"


def test_a_kernel_that_does_not_start_is_told(course, monkeypatch):
    monkeypatch.setattr("course_utils.workshop.authoring.execution._THREADS", {"PYTHONHOME": "/nowhere"})
    message = failure(course, '# %% key="a"\n1\n')
    assert message == " Kernel died before replying to kernel_info"
