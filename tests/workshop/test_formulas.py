"""Markdown to HTML: formulas become drawings, and what only looks like a formula stays."""

import re
from xml.etree import ElementTree

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.formulas import formula_svg, to_html
from tests import SOURCES

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
TOWER = r"\dfrac{" * 9 + "x" + "}{y}" * 9


def read(markdown):
    """Return a text as HTML with `[LaTeX]` in the place of each drawing."""
    html = to_html(markdown).strip()
    return SVG.sub(lambda match: f"[{ElementTree.fromstring(match[0]).get('aria-label')}]", html)


def height(latex, display=False):
    return float(re.search(r";height:([0-9.]+)em", formula_svg(latex, display))[1])


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a $x_1$ and $y_2$ **b**", "<p>a [x_1] and [y_2] <strong>b</strong></p>"),
        ("in `$code$` and $x$", "<p>in <code>$code$</code> and [x]</p>"),
        ("`$$x$$` stays", "<p><code>$$x$$</code> stays</p>"),
        ("\\$5 and $x$", "<p>$5 and [x]</p>"),
        ("it costs 5$", "<p>it costs 5$</p>"),
        ("## Of $x$", "<h2>Of [x]</h2>"),
        ('$a<b"$', '<p>[a<b"]</p>'),
        ("$a\n< b$", "<p>[a < b]</p>"),
        ("```\n$x$\n```", "<pre><code>$x$\n</code></pre>"),
        ("    $$x$$", "<pre><code>$$x$$</code></pre>"),
        (r"$\{1, 2\}$ and $\left\{x\right.$", r"<p>[\{1, 2\}] and [\left\{x\right.]</p>"),
    ],
)
def test_formulas_are_found_and_code_is_left_alone(markdown, html):
    assert read(markdown) == html


@pytest.mark.parametrize(
    "markdown",
    ["$$\nx\n= y\n$$", "text\n$$x = y$$\nmore", "text $$x\n= y$$ more", "- a\n\n  $$x = y$$",
     "\\begin{aligned}x &= y\\end{aligned}"],
)  # fmt: skip
def test_a_formula_on_a_line_of_its_own_is_centred(markdown):
    html = to_html(markdown)
    assert len(SVG.findall(html)) == 1
    assert '<span class="display-formula" style="display:block;text-align:center"><svg' in html
    assert "<h1>" not in html  # a line that begins with = would underline a heading


@pytest.mark.parametrize("together", ["[x],", "([x])", "([x]", "[x]."])
def test_a_line_does_not_end_between_a_formula_and_its_punctuation(together):
    html = read(f"a {together.replace('[x]', '$x$')} b $y$ c")
    assert html == f'<p>a <span style="white-space:nowrap">{together}</span> b [y] c</p>'


def test_formulas_in_tables():
    html = read("| a | b |\n|---|---|\n| $x_1$ | $\\lVert W\\rVert$ |")
    assert re.findall("<td>(.*)</td>", html) == ["[x_1]", r"[\lVert W\rVert]"]


def test_listings_are_marked_for_colours():
    assert '<span class="k">def</span>' in to_html("```python\ndef f():\n    pass\n```")


def test_a_drawing_grows_with_the_text_and_has_its_colour():
    svg = ElementTree.fromstring(formula_svg(r"\frac{a}{b}"))
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == r"\frac{a}{b}"
    lengths = dict(part.split(":") for part in svg.get("style").split(";"))
    assert lengths["width"].endswith("em")
    assert 0.3 < float(lengths["width"][:-2]) < 1.5
    assert {shape.get("fill") for shape in svg} == {"currentColor"}
    assert "black" not in ElementTree.tostring(svg, encoding="unicode")
    assert "id=" not in ElementTree.tostring(svg, encoding="unicode")  # two drawings on one page cannot clash


@pytest.mark.parametrize(("latex", "below"), [("x", 0.01), ("y", 0.2), ("x_1", 0.2), (r"\frac{a}{b}", 0.3)])
def test_a_drawing_stands_on_the_baseline(latex, below):
    """What hangs below the line of text, in em: nothing for x, a tail for y, a denominator for a fraction."""
    style = ElementTree.fromstring(formula_svg(latex)).get("style")
    drop = -float(re.search(r"vertical-align:([-0-9.]+)em", style)[1])
    assert below - 0.02 < drop < below + 0.25


def test_a_displayed_sum_is_larger():
    latex = r"\sum_{i=1}^{n} x_i"
    assert height(latex) < height(latex, display=True)


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        (r"$\foo{x}$", r"$\foo{x}$: \foo is not known"),
        ("$$ a} $$", "$a}$: its braces do not pair up"),
        (r"$\frac{a$", r"$\frac{a$: its braces do not pair up"),
        ("$x^$", "$x^$: it is no LaTeX that can be drawn"),
        ("$$ $$", "$$: it is no LaTeX that can be drawn"),
        (f"$${TOWER}$$", "em tall; write its brackets in another way"),
    ],
)
def test_a_formula_that_cannot_be_read_is_named(markdown, message):
    with pytest.raises(ChapterError, match=re.escape(message)):
        to_html(markdown)


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*/chapter.py")), ids=lambda path: path.parent.name)
def test_every_formula_of_a_chapter_is_drawn(path):
    texts = [cell.text for cell in read_source(path).cells if cell.kind == "markdown"]
    html = "\n".join(to_html(text) for text in texts)
    without = re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", SVG.sub("", html), flags=re.DOTALL)
    assert "$" not in without
    assert len(SVG.findall(html)) >= "\n".join(texts).count("$$") // 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\lVert W \rVert^2", r"\left\| W \right\|^2"),
        (r"\lvert w \rvert", r"\left| w \right|"),
        (r"\Big(a\Big)^2", "(a)^2"),
        (r"\text{weight\_decay}", r"\text{weight_decay}"),
    ],
)
def test_what_mathjax_knows_better_is_drawn_as_meant(written, meant):
    drawn, right = (re.sub("aria-label=.*? viewBox", "", formula_svg(latex)) for latex in (written, meant))
    assert drawn == right


@pytest.mark.parametrize(("left", "right"), ["[]", "()", "||"])
def test_brackets_around_a_sum_are_as_tall_as_the_sum(left, right):
    bare, fenced = height(r"\sum_i a", True), height(rf"\left{left}\sum_i a\right{right}", True)
    assert 0.95 * bare < fenced < 1.3 * bare  # a bar need not cover all of it
