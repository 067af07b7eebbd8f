"""How far a translation is: what is missing, stale or not to be accepted, and that nobody computes a hash by hand."""

import re

import nbformat
import pytest
import tomli

from course_utils.__main__ import main
from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.editions import student_path
from course_utils.workshop.authoring.originals import Original, adopted, pieces
from course_utils.workshop.authoring.translation import texts_of, unlike

from .course import CHAPTER

LANGUAGES = '[zh]\nname = "中文"\ntag = "zh-Hans"\n'
PLAN = "| from | minutes | section |\n|---|---|---|\n| 0:00 | {} | 00, A look |\n| 0:07 | {} | 02, section 2 Masks |"
PROSE = "## key: quoted\n三引号里的 λ。\n\n## key: title\n# 暂退法\n\n每个*样本*一个掩码，$a^{[1]}$。\n"


@pytest.fixture
def told(built):
    """A course whose chapter is translated, and accepted."""
    (built.source_dir / "languages.toml").write_text(LANGUAGES, encoding="utf-8")
    built.write("02_dropout", CHAPTER, {"zh/prose.md": PROSE, "notes.md": "Hello.\n\n## key: title\nSay it.\n"})
    assert built.command("translate", "zh", "--accept") == 0
    return built


def original(course, name="chapter.py"):
    folder = course.source_dir / "02_dropout"
    return Original(folder / name, folder)


def states(course, name="chapter.py"):
    return {text.key: text.state for text in texts_of(original(course, name), "zh")}


def check(course, capsys):
    capsys.readouterr()
    code = course.command("build", "--check")
    return code, [line for line in capsys.readouterr().err.splitlines() if ": zh: " in line]


def test_what_was_accepted_is_done_and_stands_in_the_order_of_the_english(told):
    assert states(told) == {"title": "done", "quoted": "done"}
    assert states(told, "notes.md") == {"introduction": "missing", "title": "missing"}
    text = original(told).overlay("zh").read_text(encoding="utf-8")
    assert re.findall(r"^## key: (.+)$", text, re.MULTILINE) == ["title", "quoted"]


def test_an_english_cell_that_changes_is_named_until_its_translation_follows(told, capsys):
    assert check(told, capsys)[1] == []
    source = told.source_dir / "02_dropout" / "chapter.py"
    source.write_text(CHAPTER.replace("A mask per", "One mask per"), encoding="utf-8")
    code, lines = check(told, capsys)
    assert code == 1
    assert len(lines) == 1
    assert "chapter.py: title: zh: its English has changed" in lines[0]
    assert told.command("translate", "zh", "--accept") == 1  # it has not followed
    assert "--still 02_dropout/chapter.py:title" in capsys.readouterr().err
    prose = original(told).overlay("zh")
    prose.write_text(prose.read_text(encoding="utf-8").replace("每个*样本*", "每个*样本*都"), encoding="utf-8")
    assert told.command("translate", "zh", "--accept") == 0
    assert states(told)["title"] == "done"


def test_other_line_ends_and_other_minutes_are_no_other_text():
    table = "| section | minutes |\n|---|---|\n| a | {} |\n"
    assert adopted(f"One two.\n\n{table.format(3)}") == adopted(f"One\ntwo.\n\n{table.format(44)}")
    assert adopted("| 甲 | 3 |", table) == adopted("| 甲 | 44 |", table)
    assert adopted("One two.") != adopted("One too.")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["Press 1. Now", "wait."], ["Press 1.", "Now wait."]),
        ("A:\n```python\nif a:\n    b\nc\n```", "A:\n```python\nif a:\n    b\n    c\n```"),
    ],
)
def test_the_same_words_at_another_place_of_a_list_or_a_listing_are_another_text(before, after):
    assert adopted(before) != adopted(after)


def test_another_number_that_is_no_minutes_is_another_text():
    table = "| question | section |\n|---|---|\n| a | {} |\n"
    assert adopted(table.format(3)) != adopted(table.format(44))
    assert adopted("| 甲 | 3 |", table) != adopted("| 甲 | 44 |", table)


def test_what_still_holds_is_accepted_by_the_name_of_its_file_and_its_key(told, capsys):
    folder = told.source_dir / "02_dropout"
    (folder / "zh" / "notes.md").write_text("## key: title\n说。\n", encoding="utf-8")
    assert told.command("translate", "zh", "--accept") == 0
    (folder / "chapter.py").write_text(CHAPTER.replace("A mask per", "One mask per"), encoding="utf-8")
    (folder / "notes.md").write_text("## key: title\nTell it.\n", encoding="utf-8")
    assert told.command("translate", "zh", "--accept", "--still", "title") == 1
    assert "--still title: no text here is called so; FILE:KEY is meant, such as 02_" in capsys.readouterr().err
    assert states(told)["title"] == states(told, "notes.md")["title"] == "stale"
    assert told.command("translate", "zh", "--accept", "--still", "02_dropout/chapter.py:title") == 1
    assert states(told)["title"] == "done"
    assert states(told, "notes.md")["title"] == "stale"


def test_an_edit_that_nobody_has_looked_at_is_named(told, capsys):
    prose = original(told).overlay("zh")
    prose.write_text(prose.read_text(encoding="utf-8").replace("λ", "λ 和 μ"), encoding="utf-8")
    (line,) = check(told, capsys)[1]
    assert "quoted: zh: is not accepted" in line


def test_what_is_missing_counts_where_a_language_says_that_it_is_complete(told, capsys):
    (told.source_dir / "languages.toml").write_text(LANGUAGES + "complete = true\n", encoding="utf-8")
    lines = check(told, capsys)[1]
    assert [re.search(r"(\S+): zh: is not translated", line)[1] for line in lines] == ["introduction", "title"]


def test_stubs_have_the_english_and_count_as_missing_until_they_are_filled(told, capsys):
    assert told.command("translate", "zh", "notes.md", "--stubs") == 0
    notes = original(told, "notes.md").overlay("zh")
    text = notes.read_text(encoding="utf-8")
    assert "## key: title\n<!-- english\nSay it.\n-->\n" in text
    assert set(states(told, "notes.md").values()) == {"missing"}
    notes.write_text(
        text.replace("<!-- english\nSay it.\n-->", "<!-- english\nSay it.\n-->\n说出来。"), encoding="utf-8"
    )
    assert told.command("translate", "zh", "notes.md", "--accept") == 0
    assert states(told, "notes.md") == {"introduction": "missing", "title": "done"}
    assert "## key: title\n说出来。\n" in notes.read_text(encoding="utf-8")
    capsys.readouterr()
    told.command("translate", "--todo", "zh", "notes.md")
    said = capsys.readouterr().out
    assert "Hello." in said
    assert "Say it." not in said


def test_words_that_fit_nothing_are_named(told, capsys):
    assert told.command("translate", "xx") == 1
    assert told.command("translate", "zh", "nothing.md") == 1
    said = capsys.readouterr().err
    assert "xx: " in said
    assert "nothing.md: no file of texts" in said


@pytest.mark.parametrize(
    ("english", "chinese", "problem"),
    [
        ("## A\n\nb", "A", "headings"),
        ("See [a](b.ipynb#C).", "见[甲](b.ipynb#丙)。", "links"),
        ("$x^2$ and $y$", "$x^2$", "formulas"),
        (r"$\text{cost} = x$ here", r"$\text{代价} = y$", "formulas"),
        ("use `keep_prob`", "用 `keep_probs`", "code"),
        ("{right} of {all}", "{right} 个", "gaps"),
        ("at 0.5 and 85%", "在 0.5 处", "numbers"),
        ("@output a\n\n@notes b", "@output a", "lines"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| 甲 | 乙 |\n|---|---|", "table rows"),
        ("```\nx\n```", "```\ny\n```", "listings"),
        (PLAN.format(7, 8), PLAN.format(8, 7), "table, row 3: `8` for `7`"),
        (PLAN.format(5, 5), PLAN.format(5, 5).replace("section 2", "section 1"), "table, row 4: `02, section 1"),
        ("Press 1, then 2.", "先按 1，再按 2。", "presets: it begins by pressing none, its English by pressing [1, 2]"),
        ("Press 1, then 2.", "按 1 和 2。", "presets: it begins by pressing [1], its"),
        ("Press 1, then 2.", "按 2，再按 1。", "presets: it begins by pressing [2, 1]"),
        ("Still in English now.", "Still in English now.", "is still English"),
        (["a b", "c d"], ["甲"], "must be a list of 2 texts"),
    ],
)
def test_what_must_stay_alike_is_named(english, chinese, problem):
    assert any(problem in one for one in unlike(english, chinese))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (r"$\text{cost} = x$: see `a` and [b](c), 3", r"见 `a`，它就是 `a`，$\text{代价} = x$，[乙](c)，3"),
        ("PNG", "PNG"),
        ("two examples", "2 个样本"),
        ("Press 1, then 2.", "按 1，再按 2。"),
        ("| a | minutes |\n|---|---|\n| 2 b | 3 |", "| 甲 | 分钟 |\n|---|---|\n| 乙 2 | 4 |"),
    ],
)
def test_words_may_be_others_and_in_another_order(english, chinese):
    assert unlike(english, chinese) == []


def test_slides_are_cut_at_their_headings_and_keyed_by_their_words():
    text = "# Title\n\nA\n\n---\n\n## The same\n\n```python\n# no heading\n```\n\n### The same\n@pause\n"
    assert pieces(text) == {
        "title": "# Title\n\nA", "the-same": "---\n## The same\n\n```python\n# no heading\n```",
        "the-same-2": "### The same\n@pause",
    }  # fmt: skip


def test_an_edit_in_a_translated_notebook_goes_into_the_translation(told):
    chapter = told.chapter("02_dropout")
    build_chapter(chapter)
    path = student_path(chapter, "zh")

    def edited(key, text):
        notebook = nbformat.read(path, as_version=4)
        next(cell for cell in notebook.cells if cell.id == key).source = text
        nbformat.write(notebook, path)
        return main(["recover", str(path)])

    assert edited("quoted", "三引号里的 λ 与 μ。") == 0
    assert original(told).translated("zh")["quoted"] == "三引号里的 λ 与 μ。"
    assert edited("last", 'print("Ende")') == 1


def test_a_table_within_a_table_is_translated_by_key_and_read_as_it_was_written(tmp_path):
    (tmp_path / "catalogue.toml").write_text('[bowl]\ntitle = "Bowl"\npredict = { 2 = "Which way?", 3 = "How far?" }\n')
    original = Original(tmp_path / "catalogue.toml", tmp_path)
    assert original.english() == {"bowl.title": "Bowl", "bowl.predict.2": "Which way?", "bowl.predict.3": "How far?"}
    original.write("zh", {"bowl.predict.3": "多远？"}, stubs=True)
    assert original.translated("zh") == {"bowl.predict.3": "多远？"}
    written = tomli.loads(original.overlay("zh").read_text(encoding="utf-8"))
    assert written == {"bowl": {"title": "", "predict": {"2": "", "3": "多远？"}}}
