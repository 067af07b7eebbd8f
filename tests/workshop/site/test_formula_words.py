"""Formulas as lines of plain letters, and an index for search without a command of LaTeX."""

import re

import pytest

from course_utils.workshop.authoring.chapters import ChapterError, find_chapters
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.formulas import to_html
from course_utils.workshop.site.formula_words import formula_words
from course_utils.workshop.site.search import plain_text
from tests import NOTEBOOKS

LATEX = re.compile(r"\\[A-Za-z]+|[{}$]|\\,")
FENCED = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("a_1 + a_1", "a₁ + a₁"),
        (r"\frac{\lambda}{2m}\sum W^2", "λ/(2m) ∑W²"),
        (r"W^{[l]}_{i,j}", "W_(i, j)^[l]"),
        (r"\log p \le \max_i x_i", "log p ≤ maxᵢ xᵢ"),
        (r"\sqrt{\hat v} + \varepsilon", "√v̂ + ε"),
        (r"\operatorname{Var}\left[\frac{r\,x}{q}\right] = 0", "Var[(rx)/q] = 0"),
        (r"x^{-1} \odot \tilde a", "x^(−1) ⊙ ã"),
        (r"\text{cost if } a<b", "cost if a < b"),
    ],
)
def test_a_formula_is_a_line_of_letters(latex, words):
    assert formula_words(latex) == words


def test_what_is_no_formula_is_refused():
    with pytest.raises(ChapterError, match="no LaTeX"):
        formula_words(r"\unheardof{x}")


@pytest.mark.parametrize("chapter", find_chapters(NOTEBOOKS), ids=lambda chapter: chapter.stem)
def test_no_formula_of_a_chapter_leaves_latex_in_the_search(chapter):
    texts = [cell.source for cell in read_notebook(chapter.notebook).cells if cell.cell_type == "markdown"]
    formulas = re.findall(r"\$\$(.+?)\$\$|(?<![\\\w$])\$([^$`\n]+?)\$", FENCED.sub("", "\n\n".join(texts)), re.DOTALL)
    words = [formula_words(display or inline) for display, inline in formulas]
    assert [one for one in words if LATEX.search(one) or not one] == []


def test_the_words_of_a_page_have_those_of_its_formulas():
    assert plain_text(to_html(r"<b>With</b> $a < \frac{b}{2}$, *so*")) == "With a < b/2 , so"
