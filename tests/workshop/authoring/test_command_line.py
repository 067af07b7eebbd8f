import signal
import subprocess
import sys
import time

from course_utils.__main__ import main
from course_utils.environment import how_to_install


def test_build_goes_on_after_a_failure_and_reports_both(course, capsys):
    bad = course.write("01_bad", '# %% key="bad"\n1 / 0\n')
    good = course.write("02_good", '# %% key="good"\nprint(1)\n')
    assert course.command("build") == 1
    out, err = capsys.readouterr()
    assert err == f"{bad.source}:1: cell bad: ZeroDivisionError: division by zero\n"
    assert out.startswith(f"{good.notebook}: built in ")
    assert not bad.notebook.exists()
    assert good.notebook.exists()

    assert course.command("build", "2") == 0
    assert capsys.readouterr().out.startswith(f"{good.notebook}: unchanged in ")


def test_build_without_such_a_chapter_or_any_says_so(course, capsys):
    assert course.command("build") == 1
    assert capsys.readouterr().err == f"{course.source_dir}: no chapters here\n"
    assert course.command("build", "05") == 1
    assert capsys.readouterr().err == "05: no such chapter; there are: none\n"
    course.source_dir.rmdir()
    assert course.command("build") == 1
    assert f"{course.source_dir}: no such folder" in capsys.readouterr().err


def test_check_prints_a_line_for_each_stale_notebook(built, capsys):
    built.write("03_new", '# %% key="a"\n')
    built.edit("02_dropout", lambda nb: nb.cells.pop())
    assert built.command("build", "--check") == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "02_dropout.ipynb: differs from its source (only in the source: last)" in first
    assert second.endswith("03_new.ipynb: is missing; run `python -m course_utils build 03`")
    assert built.command("build", "--check", "3") == 1
    assert capsys.readouterr().err.splitlines() == [second]


def test_recover_tells_what_changed(built, capsys):
    chapter = built.chapter("02_dropout")

    def recovered():
        assert main(["recover", str(chapter.notebook)]) == 0
        return capsys.readouterr().out

    built.edit("02_dropout", lambda nb: nb.cells[5].update(source="2"))
    assert recovered() == f"{chapter.source}: changed: last; now run `python -m course_utils build 02`\n"
    assert recovered() == f"{chapter.source}: unchanged\n"
    built.edit("02_dropout", lambda nb: nb.cells.insert(0, nb.cells.pop()))
    assert recovered().startswith(f"{chapter.source}: cells moved; now run")
    built.edit("02_dropout", lambda nb: nb.cells[3].update(source="2"))
    assert main(["recover", str(chapter.notebook)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "exercise mask-per-example was edited" in err


def test_a_missing_library_is_named(built, capsys, monkeypatch):
    for name in ("freshness", "notebook", "source"):  # loaded by other tests; must be imported anew
        monkeypatch.delitem(sys.modules, f"course_utils.workshop.authoring.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "jupytext", None)
    assert built.command("build", "--check") == 1
    assert capsys.readouterr().err == f"jupytext is not installed: {how_to_install('dev', 'teach', 'site')}\n"


def test_the_command_line_starts_without_the_heavy_libraries():
    heavy = {"torch", "matplotlib.pyplot", "nbclient", "nbformat", "jupytext", "IPython", "ipywidgets"}
    code = f"import sys, course_utils.__main__; print(*{heavy} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "\n"


def test_ctrl_c_stops_the_build_at_once(course):
    sign = course.notebooks_dir / "started"
    course.write(
        "01_slow", f'# %% key="slow"\nimport pathlib, time\npathlib.Path({str(sign)!r}).touch()\ntime.sleep(60)\n'
    )
    course.write("02_next", '# %% key="next"\n1\n')
    command = [sys.executable, "-m", "course_utils", "build", "--notebooks-dir", str(course.notebooks_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for _ in range(300):
            if sign.exists():
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (1, "", "interrupted")
    assert not list(course.notebooks_dir.glob("*.ipynb"))
