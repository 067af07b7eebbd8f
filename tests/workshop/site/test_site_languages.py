"""The site in two languages: the same places in both, the words of its pages, and no English in a Chinese page."""

import json
import re

import pytest

from course_utils.texts import speaking, texts
from course_utils.workshop.authoring.chapters import find_chapters
from course_utils.workshop.authoring.editions import student_path
from course_utils.workshop.authoring.translation import declared_languages
from course_utils.workshop.authoring.typography import english_left
from course_utils.workshop.phrases import pattern_of, spoken
from course_utils.workshop.site.pages import write_pages
from course_utils.workshop.site.search import headings, plain_text
from tests import NOTEBOOKS, ROOT
from tests.workshop.site.test_pages import dead_links

TOLD = declared_languages(NOTEBOOKS)
CHAPTERS = [one for one in find_chapters(NOTEBOOKS) if student_path(one, "zh").exists()]
# What a Chinese page may have of English: code, what it shows, formulas, figures and what figures declare, menus.
ASIDE = re.compile(
    r'<(script|style|pre|code|svg|em|i|noscript)\b.*?</\1>|<a class="language".*?</a>|<img[^>]*>', re.DOTALL
)
WAITING = re.compile(r'<table>.*?</table>|<div class="output verdict">.*?(?=<p>|<h\d)', re.DOTALL)
BREAKS = re.compile(r"</?(?:p|li|h\d|td|th|button|a|div|span|summary)\b[^>]*>")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    write_pages(CHAPTERS, folder, lite=True, told=list(TOLD.values()), published="https://ada.github.io/course/")
    return folder


def page(site, name):
    return (site / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index.html", f"{CHAPTERS[0].stem}.html"])
def test_every_page_leads_to_the_same_place_in_the_other_language(site, name):
    english, chinese = page(site, name), page(site, f"zh/{name}")
    assert '<html lang="en">' in english
    assert '<html lang="zh-Hans">' in chinese
    assert f'<a class="language" href="../{name}" hreflang="en" lang="en">English</a>' in chinese
    places = [[(one.level, one.anchor) for one in headings(text)] for text in (english, chinese)]
    assert places[0] == places[1]
    assert (len(places[0]) > 3) == (name != "index.html")


@pytest.mark.parametrize("name", ["index.html", f"{CHAPTERS[0].stem}.html", "figures/playground.html"])
def test_search_engines_find_each_language_by_the_address_that_it_calls_its_own(site, name):
    found = []
    for path in (name, f"zh/{name}"):
        text = page(site, path)
        own = re.search(r'<link rel="canonical" href="([^"]+)">', text)[1]
        found.append((own, re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', text)))
    expected = {"en": found[0][0], "zh-Hans": found[1][0]}
    assert [dict(versions) for _, versions in found] == [expected, expected]


def test_a_figures_page_leads_to_the_other_language_with_its_settings(site):
    for path, where in (("figures", "../zh/figures"), ("zh/figures", "../../figures")):
        text = page(site, f"{path}/playground.html")
        (link,) = re.findall(r'<a class="language" [^>]+>', text)
        assert f'href="{where}/playground.html"' in link
        assert 'onclick="this.hash = location.hash"' in link
        assert (site / path / where / "playground.html").is_file()


@pytest.mark.parametrize("name", ["index.html", f"{CHAPTERS[0].stem}.html"])
def test_a_chinese_page_says_of_itself_where_it_is_and_in_which_language(site, name):
    root = "https://ada.github.io/course/zh/"
    text = page(site, f"zh/{name}")
    assert f'<link rel="canonical" href="{root}{name.removeprefix("index.html")}">' in text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(data)["inLanguage"] == "zh-Hans"
    assert json.loads(data)["url"].startswith(root)
    picture = re.search(r'property="og:image" content="([^"]+)"', text)[1]
    assert (site / picture.removeprefix("https://ada.github.io/course/")).is_file()
    told = re.search(r'name="description" content="([^"]+)"', text)[1]
    assert len(told) <= 200
    for words in (told, re.search(r'property="og:image:alt" content="([^"]+)"', text)[1]):
        assert english_left(words) == []


def test_all_that_a_page_of_either_language_leads_to_is_there(site):
    assert dead_links(site) == []


def test_no_english_sentence_is_left_on_a_chinese_page(site):
    every = TOLD["zh"].complete  # else titles of demos, verdicts and lists of chapters may still be English
    for path in (site / "zh").glob("**/*.html" if every else "*.html"):
        text = path.read_text(encoding="utf-8")
        body = text[text.index("<body") :]
        body = body if every else WAITING.sub(" ", body)
        pieces = [plain_text(piece) for piece in BREAKS.split(ASIDE.sub(" ", body))]
        assert [run for piece in pieces for run in english_left(piece)] == [], path


def test_the_search_index_is_chinese_and_has_no_scripts(site):
    index = page(site, "zh/assets/search-index.js")
    assert "过拟合" in index
    assert '\\"quantities\\"' not in index


def test_every_phrase_stands_in_a_template_or_in_code_and_is_replaced():
    files = [*(ROOT / "course_utils" / "workshop").rglob("*")]
    code = [path.read_text(encoding="utf-8") for path in files if path.suffix in (".html", ".js", ".j2", ".py")]
    code = ["".join(re.split(r'"\n +f?"', text)) for text in code]
    for english in texts("en")["phrases"]:
        found = pattern_of(english)
        assert any(found.search(text) or f'"{english}"' in text or f"'{english}'" in text for text in code), english


def test_a_template_is_spoken_in_the_language_and_else_as_it_stands():
    template = '<a class="Menu" title="Search results">Menu</a> {{ "%s minutes" }}'
    assert spoken(template) == template
    with speaking("zh"):
        assert spoken(template) == '<a class="目录" title="搜索结果">目录</a> {{ "%s 分钟" }}'
