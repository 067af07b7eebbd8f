"""The demos as data, and the command that lists and finds them."""

import importlib
import importlib.util
import json
import re

import pytest

from course_utils.__main__ import main
from course_utils.environment import how_to_install
from course_utils.live.declaration import spoken
from course_utils.texts import languages, speaking, texts
from course_utils.workshop.authoring.presses import presets_in
from course_utils.workshop.demos import catalogue, page, server, stage
from course_utils.workshop.lab import first_free_port
from course_utils.workshop.room.show import told
from tests import NOTEBOOKS

NAMES = [demo.name for demo in catalogue.available()]


def test_names_are_told_apart():
    assert len(set(NAMES)) == len(NAMES) >= 7


@pytest.mark.parametrize("demo", catalogue.available(), ids=lambda demo: demo.name)
class TestEveryDemo:
    def test_its_text_fits_the_screen(self, demo):
        assert 3 <= len(demo.plan) <= 6
        assert all(20 < len(step) <= 90 for step in demo.plan)
        assert 20 < len(demo.line) <= 100
        assert len(demo.title) <= 40

    def test_its_figure_has_every_key_of_the_plan(self, demo):
        figure = getattr(importlib.import_module(demo.module), demo.factory)()
        presets = [preset["label"] for preset in spoken(figure.declaration())["presets"]]
        assert presets == [texts()["presets"].get(name, name) for name in figure.presets]
        pressed = {int(key) for step in demo.plan if "Press" in step for key in re.findall(r"\b[1-9]\b", step)}
        assert pressed <= set(range(1, len(presets) + 1))

    def test_its_room_predicts_before_what_the_plan_presses(self, demo):
        asked = [question for step in demo.steps for question in step.asks.values()]
        assert sorted(asked) == sorted(demo.predict.values())
        assert asked
        assert all(20 < len(question) <= 80 and question.endswith("?") for question in asked)
        assert len(demo.plan) <= demo.minutes <= 2 * len(demo.plan)

    def test_its_figure_has_a_page_on_the_website(self, demo):
        shown = f'"atlas": "{demo.factory}"'
        assert any(shown in path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("*.ipynb"))


def test_the_list(capsys):
    assert main(["demo"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert all(line.endswith(demo.line) for line, demo in zip(lines, catalogue.available(), strict=True))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["playgruond"], "no demo is called 'playgruond'; did you mean playground?"),
        (["keep_prob"], "no demo is called 'keep_prob'; did you mean keep-prob?"),
        (["Lambda"], "no demo is called 'Lambda'; did you mean lambda?"),
        (["zzzz"], f"no demo is called 'zzzz'; there are {', '.join(NAMES)}"),
        (["playground", "--all"], "name one demo or give --all, not both"),
        (["playground", "--no-browser", "--port", "0"], "port must be in 1..65535, got 0"),
        (["playground", "--no-browser", "--port", "70000"], "port must be in 1..65535, got 70000"),
    ],
)
def test_what_cannot_be_shown_is_answered_with_a_line(words, answer, capsys):
    assert main(["demo", *words]) == 1
    assert capsys.readouterr().err == f"{answer}\n"


def test_without_torch_its_demos_are_left_out(monkeypatch, capsys):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else found(name))
    assert main(["demo"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [demo.name for demo in catalogue.DEMOS if not demo.needs_torch]
    assert main(["demo", "mc-dropout"]) == 1
    assert capsys.readouterr().err == f"the demo mc-dropout needs PyTorch: {how_to_install('torch')}\n"


def test_without_voila(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert server.serve([catalogue.DEMOS[0]]) == 1
    assert capsys.readouterr().err == f"Voilà is not installed here: {how_to_install('teach')}\n"


def test_a_server_that_does_not_start_gives_its_last_words(monkeypatch, capsys):
    monkeypatch.setattr(server, "voila_arguments", lambda page, port: ["--no-such-option-at-all=1", "nothing.ipynb"])
    assert main(["demo", "playground", "--no-browser", "--port", str(first_free_port(8966))]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Voilà did not start: ")
    assert error.count("\n") == 1


def test_a_demo_that_fails_says_so_in_one_line(monkeypatch):
    broken = catalogue.Demo("broken", "Broken", "Nothing.", [], "<b>no_such_figure", 5, {})
    monkeypatch.setattr(stage, "find_demo", lambda name: broken)
    said = stage.stage_figure("broken")._repr_html_()
    assert "This demo cannot start: " in said
    assert "&lt;b&gt;no_such_figure" in said
    assert "Traceback" not in said


def test_one_demo_is_served_as_a_notebook_and_several_as_a_folder(tmp_path):
    one = page.write_pages(catalogue.DEMOS[:1], tmp_path / "one")
    several = page.write_pages(catalogue.DEMOS[:3], tmp_path / "several")
    assert one.name == "playground.ipynb"
    names = {"keep-prob.ipynb", "overfitting.ipynb", "playground.ipynb"}
    assert {path.name for path in several.iterdir()} == names
    course = json.loads(one.read_text(encoding="utf-8"))["metadata"]["course"]
    assert course["plan"] == catalogue.DEMOS[0].plan
    assert course["among_others"] is False


@pytest.mark.parametrize("language", languages())
def test_in_another_language_a_plan_presses_what_the_english_presses(language):
    for demo, english in zip(catalogue.catalogue(language), catalogue.DEMOS, strict=True):
        assert [step.presses for step in demo.steps] == [step.presses for step in english.steps], demo.name
        assert demo.predict.keys() == english.predict.keys()


def test_a_translated_step_presses_its_presets_and_what_is_missing_stays_english():
    assert [presets_in(step) for step in ("按 1。看。", "按 1，再按 2。", "按 2，再按几次。", "问：1？")] == [
        [1], [1, 2], [2], [],
    ]  # fmt: skip
    english = {"title": "Bowl", "predict": {"2": "Which way?", "3": "How far?"}}
    told = {"title": "", "predict": {"2": "", "3": "多远？"}}
    assert catalogue.laid_over(english, told) == {"title": "Bowl", "predict": {"2": "Which way?", "3": "多远？"}}


@pytest.mark.parametrize(
    ("language", "complete", "folder"),
    [("en", "true", ""), ("zh", "true", "zh/"), ("zh", "false", ""), ("fr", "true", "")],
)
def test_phones_are_led_to_the_language_of_the_show_if_the_site_has_it(tmp_path, language, complete, folder):
    (tmp_path / "pyproject.toml").write_text('[project.urls]\nRepository = "https://github.com/ada/course"\n')
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    declared = f'[zh]\nname = "Z"\ntag = "zh-Hans"\ncomplete = {complete}\n'
    (tmp_path / "notebooks" / "source" / "languages.toml").write_text(declared)
    with speaking(language):
        script = told(tmp_path, ["l"])
    said = json.loads(script.partition(" = ")[2].rstrip(";\n"))
    assert said["site"] == f"https://ada.github.io/course/{folder}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_demo_says_in_which_language_it_is(tmp_path, language):
    with speaking(language):
        arguments = server.voila_arguments(tmp_path, 1)
    assert f"--HTMLExporter.language_code={language}" in arguments
