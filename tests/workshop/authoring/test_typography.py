"""How Chinese is set, which words it uses, and that no English is left in it: the rules, and all texts."""

import re

import pytest

from course_utils.workshop.authoring.originals import originals
from course_utils.workshop.authoring.translation import declared_languages, texts_of, unlike
from course_utils.workshop.authoring.typography import english_left, glossary, slips_of, unwrapped
from tests import NOTEBOOKS

LANGUAGES = declared_languages(NOTEBOOKS)
FILES = originals(NOTEBOOKS)
TEXTS = {original: texts_of(original, "zh") for original in FILES}
TOLD = [text for texts in TEXTS.values() for text in texts if text.translation]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("取`x`的值", "no space between Chinese and Latin"),
        ("共15 个", "no space between Chinese and Latin"),
        ("85%的点", "no space between Chinese and Latin"),
        ("见[01](a.ipynb)章", "no space between Chinese and Latin"),
        ("先看, 再动", "half-width punctuation"),
        ("`a`, `b` 两个", "half-width punctuation"),
        ("梯度(gradient)", "half-width punctuation"),
        ("完了.", "half-width punctuation"),
        ('他说 "好"', "straight quotes"),
        ("好 。", "space beside full-width"),
        ("两 个", "space within Chinese"),
        ("**预测：**边界", "stars"),
        ("这 is a whole sentence 了", "English is left"),
        ("用随机失活", "this course says 暂退法"),
    ],
)
def test_a_slip_is_named(text, slip):
    assert any(slip in one for one in slips_of(text)), slips_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "`keep_prob` 取 0.5 时，15 个点在 (0, 1] 内。",
        "**预测**：$x^2$ 比 85% 大吗？",
        "选 *Kernel → Restart Kernel and Run All Cells…*。",
        "第 [01](01_dropout_theory.ipynb) 章，\n下一行",
        "| 小节 | 分钟 |\n|---|---|\n| 先看一眼 | 6 |",
        "```python\nx = 1  # any words of English here\n```",
        "{right} 对，{all} 题",
    ],
)
def test_good_settings_have_none(text):
    assert slips_of(text) == []


def test_lines_of_a_paragraph_are_joined_without_a_space_in_chinese():
    text = "一行\n两行 a\nb，\nc\n\n- 项\n  续\n\n```\n一\n二\n```"
    assert unwrapped(text) == "一行两行 a b，c\n\n- 项续\n\n```\n一\n二\n```"


def test_the_glossary_has_one_word_for_each_term_and_none_is_rejected_elsewhere():
    terms = glossary()
    assert len(terms) >= 120
    assert {term.source for term in terms.values()} <= {"d2l", "zhou", "terms", "common", "course"}
    for term in terms.values():
        for other in terms.values():
            assert not [word for word in term.never if word in other.zh or word in other.also], (term, other)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.room.name}/{file.name}")
def test_every_translation_keeps_to_the_rules_and_says_all_that_english_says(file):
    told = [text for text in TEXTS[file] if text.translation]
    found = {text.key: slips_of(text.translation) + unlike(text.english, text.translation) for text in told}
    assert {key: problems for key, problems in found.items() if problems} == {}


def test_the_words_of_the_field_are_those_of_the_glossary():
    for term in glossary().values():
        word = re.compile(rf"(?<![\w-]){re.escape(term.english)}(?![\w-])", re.IGNORECASE)
        asked = [one for one in TOLD if isinstance(one.english, str) and word.search(one.english)]
        used = [one for one in asked if any(form in str(one.translation) for form in (term.zh, *term.also))]
        assert len(asked) < 8 or 4 * len(used) >= len(asked), (term.english, term.zh, len(used), len(asked))


def test_a_language_that_is_complete_has_every_text():
    states = [text.state for texts in TEXTS.values() for text in texts]
    assert not LANGUAGES["zh"].complete or set(states) == {"done"}


def test_english_is_found_in_what_is_read_and_not_in_code_or_names():
    assert english_left("看 the network is right 吧") == ["the network is right"]
    assert english_left("`the network is right` *Run All of the Cells* Adam 与 SGD") == []
