"""Code in HTML: a listing in colours that can be read on any background."""

from __future__ import annotations

from html import escape

__all__ = ["LISTED", "listing"]

# Half of each colour is that of the page's text, so that it stands out as well from white as from black: no front end
# says which of the two it shows, and no colour of its own is far enough from both.
STYLES = {
    "Token.Keyword": "font-weight:bold; color:color-mix(in srgb, currentColor, #2050ff)",
    "Token.Operator.Word": "font-weight:bold; color:color-mix(in srgb, currentColor, #2050ff)",
    "Token.Literal.String": "color:color-mix(in srgb, currentColor, #b05000)",
    "Token.Literal.Number": "color:color-mix(in srgb, currentColor, #009060)",
    "Token.Comment": "font-style:italic; color:color-mix(in srgb, currentColor 60%, #808080)",
}


# Pages that style what they render may take the code font away from a <pre>.
LISTED = "background:none; white-space:pre-wrap; font-family:var(--jp-code-font-family, monospace)"


def listing(code: str) -> str:
    """Return Python code as HTML, its lines wrapped where the page is narrow: nothing has to be scrolled."""
    from pygments.lexers import PythonLexer  # IPython brings it, and nobody else asks for HTML

    tokens = "".join(coloured(str(kind), escape(text)) for kind, text in PythonLexer().get_tokens(code))
    return f"<pre style='margin:4px 0; {LISTED}'>{tokens.rstrip()}</pre>"


def coloured(kind: str, text: str) -> str:
    """Return a token, as HTML, in the colour of its kind."""
    style = next((style for name, style in STYLES.items() if kind.startswith(name)), "")
    return f"<span style='{style}'>{text}</span>" if style else text
