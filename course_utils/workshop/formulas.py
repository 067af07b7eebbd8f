"""Markdown to HTML in which each formula is a drawing, so that a page needs no script, no font and no network."""

from __future__ import annotations

import html
import re
import warnings
from functools import lru_cache
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_utils.workshop.authoring.chapters import ChapterError

# The em while drawing; all lengths are divided by it afterwards. It is the em of ziamath's font: at any other size
# ziamath 0.13 takes the height of sums in brackets for that many times too much.
_SIZE = 1000
_TALL = 8  # em: what is taller has gone wrong, like a fence stretched to a height that nobody asked for
# What ziamath draws in another way than MathJax, and what it draws alike.
_DIALECT = {
    r"\lvert": r"\left|", r"\rvert": r"\right|", r"\lVert": r"\left\|", r"\rVert": r"\right\|", r"\Big": "",
}  # fmt: skip
_COMMAND = re.compile(r"\\[A-Za-z]+")
_TEXT = re.compile(r"\\text\{[^{}]*\}")
# A formula with the punctuation that it must not lose to another line; browsers may break a line beside any svg.
_PUNCTUATED = re.compile(r'([(\[“„]?)<svg class="formula".*?</svg>([.,;:!?)\]”]*)', re.DOTALL)
_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)


def to_html(markdown: str) -> str:
    r"""Turn Markdown into HTML, formulas included.

    Parameters
    ----------
    markdown
        The text. Formulas stand between ``$`` or ``$$``, as in a notebook. A dollar is written ``\$``; in code it
        needs no backslash.

    Returns
    -------
    str
        HTML. A formula is an svg in the colour and size of the text around it, its LaTeX the label that a screen
        reader speaks. Listings with a language carry the classes of Pygments.

    Raises
    ------
    ChapterError
        If a formula cannot be read; the message names it.
    """
    text = MarkdownWithMath(_Renderer(escape=False, exclude_anchor_links=True)).render(markdown)
    return _PUNCTUATED.sub(_on_one_line, text)


def line_to_html(markdown: str) -> str:
    """Turn one line of Markdown into HTML without a paragraph around it; otherwise as `to_html`."""
    return to_html(markdown).strip().removeprefix("<p>").removesuffix("</p>")


@lru_cache(maxsize=1024)
def formula_svg(latex: str, display: bool = False) -> str:
    r"""Draw a formula.

    Parameters
    ----------
    latex
        What stands between the dollars.
    display
        Whether it stands on a line of its own: sums are then larger, and their limits above and below.

    Returns
    -------
    str
        An svg element. Its lengths are in em, and it stands on the baseline of the text around it.

    Raises
    ------
    ChapterError
        If the formula cannot be read.
    """
    text = " ".join(latex.split())
    try:
        drawing = _draw(text, display)
    except Exception as error:  # of many kinds: the libraries meet a fault with whatever it leads to
        reason = str(error).splitlines()[0] if isinstance(error, _FormulaError) else "it is no LaTeX that can be drawn"
        raise ChapterError(f"${text}$: {reason}") from error
    view = drawing.attrib["viewBox"]
    width, height = float(drawing.attrib["width"]) / _SIZE, float(drawing.attrib["height"]) / _SIZE
    if height > _TALL:
        raise ChapterError(f"${text}$: it would be {height:.0f} em tall; write its brackets in another way")
    below = float(view.split()[1]) / _SIZE + height  # the baseline is at 0, and y grows downwards
    lengths = f"width:{width:.3f}em;height:{height:.3f}em;vertical-align:{-below:.3f}em"
    shapes = "".join(_as_text(shape) for shape in drawing)
    return (
        f'<svg class="formula" role="img" aria-label="{html.escape(text)}" viewBox="{view}"'
        f' style="{lengths};max-width:100%">{shapes}</svg>'
    )


def mathml(latex: str) -> Any:
    """Return a formula as an element tree of MathML, in which each sign is a letter and not a command.

    Raises
    ------
    ChapterError
        If the formula cannot be read.
    """
    from xml.etree import ElementTree

    from ziamath.tex import tex2mml

    try:
        tree = ElementTree.fromstring(tex2mml(_in_dialect(" ".join(latex.split()))))
        _check_commands(tree)
        return tree
    except Exception as error:
        raise ChapterError(f"${latex}$: it is no LaTeX that can be read") from error


def _on_one_line(formula: re.Match[str]) -> str:
    """Keep a formula and the punctuation around it together, if there is any."""
    return f'<span style="white-space:nowrap">{formula[0]}</span>' if formula[1] or formula[2] else formula[0]


class _FormulaError(ValueError):
    """A fault that the libraries pass over."""


class _Renderer(IPythonRenderer):
    """HTML as nbconvert writes it, with formulas drawn."""

    def inline_math(self, body: str) -> str:
        """Draw a formula in a line."""
        return formula_svg(body)

    def block_math(self, body: str) -> str:
        """Draw a formula on a line of its own; a span, because it stands inside a paragraph."""
        svg = formula_svg(body, display=True)
        return f'<span class="display-formula" style="display:block;text-align:center">{svg}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        """Draw a formula that is an environment without dollars."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def _draw(latex: str, display: bool) -> Any:
    """Return the svg of a formula as an element tree, or raise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # how it finds its own font
        import ziamath
    # Plain shapes: the shorter form refers from one svg to shapes in another, which may stand on a hidden slide.
    ziamath.config.svg2 = False
    formula = ziamath.Latex(_in_dialect(latex), size=_SIZE, inline=not display)
    _check_commands(formula.mathml)
    return formula.svgxml()


def _in_dialect(latex: str) -> str:
    """Return a formula in the LaTeX that the libraries read, or raise."""
    _check_braces(latex)
    dialect = _COMMAND.sub(lambda match: _DIALECT.get(match[0], match[0]), latex)
    return _TEXT.sub(lambda match: match[0].replace(r"\_", "_"), dialect)


def _check_commands(tree: Any) -> None:
    for element in tree.iter():
        if (element.text or "").startswith("\\") and len(element.text or "") > 1:
            raise _FormulaError(f"{element.text} is not known")


def _check_braces(latex: str) -> None:
    depth = 0
    for match in _BRACE.finditer(latex):
        depth += {"{": 1, "}": -1}.get(match[1], 0)
        if depth < 0:
            break
    if depth:
        raise _FormulaError("its braces do not pair up")


def _as_text(shape: Any) -> str:
    """Write one shape, black replaced by the colour of the text."""
    from xml.etree.ElementTree import tostring

    for element in shape.iter():
        for name in ("fill", "stroke"):
            if element.get(name) == "black":
                element.set(name, "currentColor")
    return tostring(shape, encoding="unicode")
