"""A guess is kept, shown beside what came out, and counted."""

import pytest

from course_utils import texts as module
from course_utils.guesses import calibration, guess, outcome
from course_utils.guesses.calibration import Calibration
from course_utils.guesses.form import Form, asked, keep
from course_utils.guesses.outcome import Outcome
from course_utils.guesses.question import question, questions
from course_utils.guesses.store import STORE, Store

TRUTHS = {"size": 5.5, "ratio": 4.0, "stripes": "b", "path": [0.7, 0.3, 0.9]}


def said(key):
    return str(Outcome(question(key), TRUTHS[key]))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("size", None, "It is 5.5 points."),
        ("size", 5.46, "Your guess was right: 5.5 points."),
        ("size", 5.1, "You guessed 5.1 points, which is near enough. It is 5.5 points."),
        ("size", 3, "You guessed 3.0 points. It is 5.5 points."),
        ("ratio", 3, "You guessed 3, which is near enough. It is 4."),
        ("stripes", "a", "You guessed “own masks”. It is “one mask of shape (n, 1)”."),
        ("stripes", "b", "Your guess was right: “one mask of shape (n, 1)”."),
        ("path", None, "This is the curve."),
        ("path", [0.7, 0.9, 0.9], "Your curve is near enough at 2 of 3 places."),
        ("path", [0.7, 0.4, 0.9], "Your curve is right: it is near enough everywhere."),
    ],
)
def test_what_came_out_stands_beside_the_guess(key, value, expected, capsys):
    if value is not None:
        guess(key, value)
        capsys.readouterr()
    outcome(key, None if key == "stripes" else TRUTHS[key])
    assert capsys.readouterr().out == f"{expected}\n"


def test_a_form_tells_what_is_asked_and_not_what_comes_out():
    for one in questions("09"):
        told = asked(one)
        assert told["asks"] == one.words["asks"]
        assert {"answer", "within", "truth"}.isdisjoint(told)
    assert str(Form(question("stripes"))) == (
        "Your guess: The picture with stripes\n    a) own masks\n    b) one mask of shape (n, 1)"
    )


def test_guesses_outlast_the_kernel_beside_those_of_others():
    other = Store(STORE.path)
    guess("size", 5, sure="sure")
    other.keep("of another chapter", guess=1.0)
    guess("stripes", "a")
    again = Store(STORE.path)
    assert again.kept_of(question("size")) == {"guess": 5.0, "sure": "sure"}
    assert again.guess_of(question("stripes")) == "a"
    assert again.kept["of another chapter"] == {"guess": 1.0}
    assert [path.name for path in STORE.path.parent.iterdir() if path.is_file()] == ["guesses.json"]


def test_nothing_is_written_without_a_guess(capsys):
    outcome("size", 5.5)
    calibration("09")
    assert not STORE.path.exists()
    assert "You made no guesses" in capsys.readouterr().out


def test_a_guess_that_is_taken_back_is_gone():
    guess("size", 5, sure="sure")
    keep(question("size"), {})
    assert Store(STORE.path).kept_of(question("size")) == {}
    assert said("size") == "It is 5.5 points."


@pytest.mark.parametrize(
    "text", ["", "[1, 2]", '{"size": 3}', '{"size": {"guess": "much"}}', "{" * 9999, '{"size": {"guess": [1]}}']
)
def test_a_file_that_is_none_of_ours_holds_no_guesses(text):
    STORE.path.write_text(text, encoding="utf-8")
    assert Store(STORE.path).guess_of(question("size")) is None


def test_where_no_file_can_be_written_guesses_last_as_long_as_the_kernel(monkeypatch):
    monkeypatch.setattr(STORE, "path", STORE.path / "no" / "folder")
    guess("size", 5.5)
    assert said("size") == "Your guess was right: 5.5 points."


@pytest.mark.parametrize(("variable", "name"), [(None, "guesses.json"), ("mine.json", "mine.json"), ("", None)])
def test_the_file_stands_where_python_runs_unless_named(variable, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COURSE_GUESSES", raising=False)
    if variable is not None:
        monkeypatch.setenv("COURSE_GUESSES", variable)
    store = Store()
    store.keep("size", guess=1.0)
    assert [path.name for path in tmp_path.glob("*.json")] == ([name] if name else [])


def test_the_recap_counts_the_guesses_by_how_sure_they_were():
    guess("size", 5.3, sure="sure")
    guess("ratio", 9, sure="hunch")
    guess("stripes", "b", sure="hunch")
    for key in ("size", "ratio"):
        outcome(key, TRUTHS[key])
    found = Calibration(questions("09"))
    assert str(found) == "Right: 1 of your 2 guesses. A hunch: 0 of 1; sure: 1 of 1"
    assert "its cell has not been run yet" in found.html()
    outcome("stripes")
    assert str(found).startswith("Right: 2 of your 3 guesses")
    assert "<code>(n, 1)</code>" in found.html()
    assert [found.html().count(mark) for mark in "✓✗"] == [2, 1]


def test_a_guess_that_is_made_after_the_result_was_shown_is_counted_too():
    outcome("size", 5.5)
    guess("size", 5.3)
    assert str(Calibration(questions("09"))) == "Right: 1 of your 1 guesses."
    assert Store(STORE.path).kept_of(question("size")) == {"guess": 5.3, "truth": 5.5}


def test_the_widget_tells_the_kernel_what_is_kept():
    widget = pytest.importorskip("course_utils.guesses.widget", reason="anywidget is not installed").GuessWidget
    told = []
    made = widget(asked(question("size")), {"guess": 5.0}, told.append)
    made.kept = {"guess": 6.0, "sure": "fairly"}
    assert made.asked["unit"] == "points"
    assert told == [{"guess": 6.0, "sure": "fairly"}]


def test_a_curves_picture_has_english_letters_in_every_language(monkeypatch):
    guess("path", [0.7, 0.4, 0.9])
    shown = Outcome(question("path"), TRUTHS["path"])
    english, told = shown._repr_mimebundle_()
    folder = module.FOLDER / "zh" / "guesses"
    folder.mkdir(parents=True)
    (folder / "09.toml").write_text('[path]\nx = "步"\ny = "代价"\n', encoding="utf-8")
    (folder.parent / "guessing.toml").write_text(
        '[guessing]\ncurve_truth = "真相"\ncurve_yours = "你的"\ncurve_alt = "两条曲线"\n', encoding="utf-8"
    )
    monkeypatch.setenv("COURSE_LANGUAGE", "zh")
    chinese, spoken = Outcome(question("path"), TRUTHS["path"])._repr_mimebundle_()
    assert chinese["image/png"] == english["image/png"]
    assert spoken["image/png"]["alt"] == "两条曲线" != told["image/png"]["alt"]
