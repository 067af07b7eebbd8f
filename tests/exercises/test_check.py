"""A check answers whatever a learner's code does, and stops nothing."""

import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from course_utils.exercises import check, hint, solution
from course_utils.exercises.check import CHAPTERS, EXERCISES, PRINTED
from course_utils.exercises.limits import SECONDS, run_limited
from course_utils.exercises.mistake import Found
from course_utils.exercises.verdict import NOT_YET

from . import MODULE, endless, endless_with_bare_except, recursion, unfinished


@pytest.fixture
def shell():
    """An IPython that keeps no history."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    yield shell
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


def said(capsys, answer, name="dropout"):
    check(name, answer)
    out, error = capsys.readouterr()
    assert error == ""
    return out


def talkative(x, keep_prob, rng):
    print("here I am" + 60 * "!")
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob must be in (0, 1]")
    return x * (rng.random(x.shape) < keep_prob) / keep_prob


def error_of_numpy(x, keep_prob, rng):
    first = x[:2]
    return first + x  # shapes that do not fit


def error_of_the_generator(x, keep_prob, rng):
    n = len(x)
    return rng.choice([0, 1], size=n, p=[0.5, 0.6])  # compiled code raises


def error_two_calls_down(x, keep_prob, rng):
    return error_of_numpy(x, keep_prob, rng)


class Unshown(BaseException):
    def __repr__(self):
        raise RuntimeError("no words")

    __str__ = __repr__


class UnshownException(Unshown, Exception):
    pass


def raising(error):
    def answer(*arguments):
        raise error

    return answer


class NoArray:
    def __array__(self, *arguments, **settings):
        raise OSError("no array")


def returning(value):
    return lambda *arguments: value


VALUES = ["text", {}, [], [[1.0], [1.0, 2.0]], 1j, np.nan, iter(range(3)), float, NoArray()]
VALUES += [Unshown(), [Unshown(), Unshown()], 10**5000]  # a number with too many digits to print
ANYTHING = {
    "endless-loop": [endless, endless_with_bare_except],
    "endless-recursion": [recursion],
    "calls-exit": [lambda *a: exit(), lambda *a: quit(), lambda *a: sys.exit(1)],
    "raises-an-error": [
        lambda *a: input(),
        *map(raising, (UnshownException(), Unshown(), GeneratorExit())),
    ],
    "divides-by-zero": [lambda *a: 1 / 0],
    "other-arguments": [lambda a, b, c, d, e, f, g, h, i: 0.0],
    "returns-none": [returning(None), print],
    "not-a-function": [3, "my_dropout", None, np.ones(3)],
    None: [lambda: 0.0, *map(returning, VALUES)],  # one of several mistakes, by the exercise
}
if sys.platform == "linux":  # elsewhere memory has no limit
    ANYTHING["too-much-memory"] = [lambda *a: np.ones((10**5, 10**5)), lambda *a: np.zeros((10**5, 10**5))]


@pytest.mark.parametrize("name", EXERCISES)
def test_whatever_happens_is_answered_with_two_hints(capsys, monkeypatch, name):
    if name in {exercise.name for exercise in CHAPTERS["04"]}:
        pytest.importorskip("torch", reason="the exercises of chapter 04 need torch")
    for misconception, answers in ANYTHING.items():
        if misconception == "endless-loop":
            if name not in {exercises[0].name for exercises in CHAPTERS.values()}:  # they take their time
                continue
            monkeypatch.setattr(MODULE, "run_limited", lambda function, **_: run_limited(function, seconds=0.2))
        for number, answer in enumerate(answers):
            what = f"{misconception} {number}"
            assert said(capsys, answer, name).startswith(f"{name}: not yet. "), what
            verdict = MODULE.LAST[name]
            assert verdict.outcome == NOT_YET, what
            if misconception and (name, misconception) != ("clip_rows", "returns-none"):  # which works in place
                assert verdict.misconception == misconception, what
            assert all((verdict.message, verdict.hint, verdict.second_hint)), what
            ElementTree.fromstring(verdict._repr_html_())
        monkeypatch.setattr(MODULE, "run_limited", run_limited)


def test_an_endless_loop_is_stopped_after_the_seconds_that_the_message_says(capsys):
    assert f"stopped after {SECONDS:g} seconds" in said(capsys, endless)


def test_an_error_shows_the_learners_own_line_and_the_arguments(capsys):
    text = said(capsys, error_of_numpy)
    number = error_of_numpy.__code__.co_firstlineno + 2
    assert f"line {number}: return first + x  # shapes that do not fit" in text
    assert "error: ValueError: operands could not be broadcast" in text
    assert "    x: [1. 1. 1." in text
    assert "    keep_prob: 0.5\n" in text
    assert f"line {number}: return first" in said(capsys, error_two_calls_down)  # the innermost of the learner's
    number = error_of_the_generator.__code__.co_firstlineno + 2
    assert f"line {number}: return rng.choice" in said(capsys, error_of_the_generator)


@pytest.mark.parametrize("answer", [lambda x: x, np.tanh])
def test_no_line_is_shown_when_none_is_the_learners(capsys, answer):
    text = said(capsys, answer)
    assert "error: TypeError: " in text
    assert "argument 3: " in text
    assert "line " not in text.split("hint:")[0]


def test_what_an_answer_prints_is_shown_but_not_for_ever(capsys):
    text = said(capsys, talkative)
    assert text.startswith("dropout: done. Verified: ")
    assert "your code printed: here I am!" in text
    assert text.count("here I am") == -(-PRINTED // 70)  # what fits, each 69 characters and the end of a line
    assert "here I am" in said(capsys, lambda *a: print("here I am"))


def test_progress_of_the_chapter(capsys):
    names = [exercise.name for exercise in CHAPTERS["02"]]
    n = len(names)

    def line(*done):
        dots = "".join("●" if name in done else "○" for name in names)
        return f"    chapter 02: {dots} {len(done)} of {n} done"

    assert line("dropout") in said(capsys, talkative)
    assert line() in said(capsys, None)  # done is what the last check says
    said(capsys, talkative)
    right = said(capsys, lambda x, q: x**2 * (1 - q) / q, "dropout_variance")
    assert line("dropout_variance", "dropout") in right
    assert line("dropout_variance", "dropout") in said(capsys, unfinished, "batch_mask")


@pytest.mark.parametrize("ask", [lambda name: check(name, print), hint, solution])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dropuot", "got 'dropuot'; is it 'dropout'[?]$"),
        ("no such thing at all", "got 'no such thing at all'$"),
        (3, "got 3$"),
        (None, "got None$"),
    ],
)
def test_an_exercise_that_does_not_exist_is_named(ask, name, words):
    with pytest.raises(ValueError, match=f"^name must be that of an exercise, {words}"):
        ask(name)


def folded(page):
    """Return the titles of the fold-outs, all of them closed."""
    assert [one.get("open") for one in page.iter("details")] == [None] * len(page.findall("details"))
    return [one.find("summary").text for one in page.iter("details")]


CELL = """\
import numpy as np
from course_utils.exercises import check

def mine(x, keep_prob):
    doubled = 2 * x
    return doubled / {divisor}

check("dropout_variance", mine)
"""


def displayed(shell, cell):
    with capture_output() as captured:
        result = shell.run_cell(cell)
    assert result.success
    assert captured.stdout == ""
    assert len(captured.outputs) == 1
    return captured.outputs[0].data


def test_a_notebook_shows_both_forms_with_the_learners_line_and_what_is_not_attempted(shell):
    data = displayed(shell, CELL.format(divisor="int(0)"))
    assert "line 6: return doubled / int(0)" in data["text/plain"]
    page = ElementTree.fromstring(data["text/html"])
    assert "return doubled / int(0)" in "".join(page.itertext())
    assert folded(page) == ["Hint", "A second hint", "A solution"]
    assert "return x**2 / keep_prob - x**2" in "".join(page.findall("details")[2].itertext())
    data = displayed(shell, CELL.format(divisor="1").replace("doubled = 2 * x", "raise NotImplementedError"))
    assert data["text/plain"].startswith("dropout_variance: not attempted yet. Replace the line with")
    assert folded(ElementTree.fromstring(data["text/html"])) == []


@pytest.mark.parametrize(
    ("line", "titles"), [("return None", ["Hint", "A second hint"]), ("return x**2 / keep_prob - x**2", [])]
)
def test_a_notebook_has_no_solution_before_a_try_nor_when_it_is_done(shell, line, titles):
    data = displayed(shell, CELL.format(divisor=2).replace("return doubled / 2", line))
    assert folded(ElementTree.fromstring(data["text/html"])) == titles


def test_gaps_are_filled_and_the_braces_of_code_stay():
    found = Found("layer-not-there", {"key": "'W3'", "layers": "2", "keys": "W1, W2"})
    assert "`'W3'`" in MODULE.filled("message", found)
    assert '`f"W{layer}"`' in MODULE.filled("second_hint", Found("text-plus-number", {"line": "x"}))
