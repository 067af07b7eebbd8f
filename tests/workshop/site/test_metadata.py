"""What pages say of themselves: descriptions, cards, JSON-LD that parses, and one address if it is known."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from course_utils.__main__ import main
from course_utils.workshop.authoring.chapters import ChapterError, find_chapters
from course_utils.workshop.site.card import SIZE, social_card
from course_utils.workshop.site.metadata import About, favicon, head, published_at, short_text
from course_utils.workshop.site.pages import write_pages
from tests.workshop.authoring.course import Course
from tests.workshop.site.test_pages import fill

HOME = "https://ada.github.io/course/"
COURSE = About("index.html", "The course", "Read this.", 120)
PAGE = About("01.html", 'A "b" & </script>', "You will be able to begin.", 12, "begin")


class Head(HTMLParser):
    """The metadata of a page, its links by their relation, and its JSON-LD."""

    def __init__(self, page):
        super().__init__()
        self.meta, self.links, self.data, self._inside = {}, {}, [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "meta" and "content" in found:
            self.meta[found.get("name") or found.get("property")] = found["content"]
        if tag == "link":
            self.links.setdefault(found["rel"], found["href"])
        self._inside = tag == "script" and found.get("type") == "application/ld+json"

    def handle_data(self, data):
        if self._inside:
            self.data.append(json.loads(data))
            self._inside = False


@pytest.fixture(scope="module", params=["", HOME])
def site(request, tmp_path_factory):
    """The address, the folder and the heads of a site of two chapters and two documents, published or not."""
    course = Course(tmp_path_factory.mktemp("host") / "notebooks")
    course.source_dir.mkdir(parents=True)
    root, folder = course.notebooks_dir.parent, course.notebooks_dir.with_name("site")
    (root / ".github").mkdir()
    (root / ".github" / "ACCESSIBILITY.md").write_text("# For all\n\nBy keys: $a_1$.\n", encoding="utf-8")
    fill(course)
    folder.mkdir()
    write_pages(find_chapters(course.notebooks_dir), folder, lite=False, published=request.param)
    return request.param, folder, {path.name: Head(path.read_text(encoding="utf-8")) for path in folder.glob("*.html")}


def test_every_page_has_a_description_a_card_and_an_icon(site):
    address, folder, heads = site
    assert set(heads) == {"index.html", "01_first.html", "02_second.html", "accessibility.html"}
    for name, found in heads.items():
        assert 5 < len(found.meta["description"]) <= 200
        assert found.meta["og:description"] == found.meta["description"]
        assert found.meta["og:image"] == f"{address}assets/card.png"
        assert found.meta["twitter:card"] == "summary_large_image"
        assert (folder / found.links["icon"]).is_file()
        own = "" if name == "index.html" else name
        assert found.links.get("canonical") == (f"{address}{own}" if address else None)
        assert found.meta.get("og:url") == found.links.get("canonical")
    with Image.open(folder / "assets" / "card.png") as card:
        assert card.size == SIZE == (int(found.meta["og:image:width"]), int(found.meta["og:image:height"]))
    assert (folder / "assets" / "card.png").stat().st_size < 100_000


def test_learning_resources(site):
    address, _, heads = site
    (index,), (first,) = heads["index.html"].data, heads["01_first.html"].data
    for one in (index, first):
        assert (one["@context"], one["@type"]) == ("https://schema.org", "LearningResource")
        assert {"name", "description", "license", "inLanguage", "isAccessibleForFree"} <= set(one)
    assert (first["name"], first["teaches"], first["timeRequired"]) == ("01 Start", "begin well", "PT12M")
    assert first["url"] == f"{address}01_first.html"
    assert first["isPartOf"]["name"] == index["name"] == "The course"
    parts = [(one["position"], one["name"], one["url"]) for one in index["hasPart"]]
    assert parts == [(1, "01 Start", f"{address}01_first.html"), (2, "02 Second", f"{address}02_second.html")]
    assert "timeRequired" not in index["hasPart"][1]  # nobody said how long it takes
    assert heads["accessibility.html"].data == []


def test_a_document_is_a_page_that_every_page_leads_to_and_search_finds(site):
    _, folder, _ = site
    page = (folder / "accessibility.html").read_text(encoding="utf-8")
    assert "<title>For all · The course</title>" in page
    assert 'aria-label="a_1"' in page
    for name in ("index", "01_first"):
        assert '<a href="accessibility.html">For all</a>' in (folder / f"{name}.html").read_text(encoding="utf-8")
    assert '"page": "accessibility.html"' in (folder / "assets" / "search-index.js").read_text(encoding="utf-8")


def test_nothing_in_a_text_ends_the_head():
    lines = head(PAGE, COURSE)
    found = Head(lines)
    assert found.meta["og:title"] == 'A "b" & </script> · The course'
    assert found.data[0]["name"] == PAGE.title
    assert len(re.findall("</script", lines)) == 1


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("One. Two.", "One. Two."),
        ("<p>One &amp; <em>two</em>.</p> " + "x" * 200, "One & two."),
        ("word " * 60, "word " * 39 + "…"),
    ],
)
def test_descriptions_are_short(text, short):
    assert short_text(text) == short
    assert len(short_text(text)) <= 200


@pytest.mark.parametrize(("text", "address"), [("", ""), (HOME, HOME), (HOME[:-1], HOME), (f"{HOME}index.html", HOME)])
def test_an_address_ends_with_a_slash(text, address):
    assert published_at(text) == address


@pytest.mark.parametrize(
    "text", ["course", "http://ada.org/", "https://x", "https://ada.org/?a=1", "https://me:pw@a.org"]
)
def test_a_wrong_address_is_named_and_nothing_is_made(text, built, tmp_path, capsys):
    with pytest.raises(ChapterError, match="--address must be"):
        published_at(text)
    out = tmp_path / "site"
    assert main(["site", "--notebooks-dir", str(built.notebooks_dir), "--out", str(out), "--address", text]) == 1
    assert text in capsys.readouterr().err
    assert not out.exists()


def test_the_icon_is_an_svg_and_the_card_has_the_courses_title():
    assert ElementTree.fromstring(favicon()).tag.endswith("svg")
    cards = [social_card("One: two"), social_card("Another: one")]
    with Image.open(BytesIO(cards[0])) as one, Image.open(BytesIO(cards[1])) as other:
        assert one.convert("RGB").tobytes() != other.convert("RGB").tobytes()


def test_a_figures_own_page_asks_for_no_file():
    lines = head(About("figures/bowl.html", "Bowl", "A line."), COURSE)
    assert re.findall(r'(?:href|src)="(?!data:)', unescape(lines)) == []
    assert Head(lines).meta["og:image"] == "../assets/card.png"
