"""Formulas in words: what the search of a site finds of them and shows, a line of plain letters without LaTeX."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from course_utils.workshop.formulas import mathml

_SMALL = {
    "^": dict(zip("0123456789+-=()nit", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵗ", strict=True)) | {"′": "′"},
    "_": dict(zip("0123456789+-=()aeijklmnopt", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₗₘₙₒₚₜ", strict=True)),
}
_ACCENTS = {"^": "\u0302", "\u0302": "\u0302", "~": "\u0303", "\u0303": "\u0303", "¯": "\u0304", "―": "\u0304"}
_SPACED = frozenset("=≈≤≥<>≠+−±∼←→⇒∈⊙∝≡≪≫,;")  # signs that stand apart from what they join

_LOOSE = re.compile(r" (?=[,.;:)\]/!?])|(?<=[(\[]) |(?<=[^\W\d]) (?=[(\[])")
_SIMPLE = re.compile(r"\d+(?:\.\d+)?|\w[\u0302-\u0304]?[⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ₐₑᵢⱼₖₗₘₙₒₚₜ]*|\(.*\)")


@lru_cache(maxsize=1024)
def formula_words(latex: str) -> str:
    r"""Return a formula as a line of text, such as ``λ/(2m) Σ W²`` for ``\frac{\lambda}{2m}\sum W^2``.

    Raises
    ------
    ChapterError
        If the formula cannot be read.
    """
    return _LOOSE.sub("", " ".join(_words(mathml(latex)).split()))


def _words(node: Any) -> str:
    kind, parts = node.tag.rpartition("}")[2], [_words(one) for one in node]
    match kind:
        case "mfrac":
            return f"{_whole(parts[0])}/{_whole(parts[1])} "
        case "msqrt" | "mroot":
            return f"√{_whole(parts[0])}"
        case "msub" | "munder":
            return _with_small(parts[0], _small("_", parts[1]))
        case "msup":
            return _with_small(parts[0], _small("^", parts[1]))
        case "mover":
            return _accented(parts[0], parts[1])
        case "msubsup" | "munderover":
            return _with_small(parts[0], _small("_", parts[1]) + _small("^", parts[2])) + " " * (kind == "munderover")
        case "mtr" | "mtable":
            return ("; " if kind == "mtable" else ", ").join(part.strip() for part in parts)
    text = unicodedata.normalize("NFKC", node.text or "") if kind != "mtext" else node.text or ""  # 𝔼 becomes E
    if kind == "mo" and text and text in _SPACED:
        return f" {text} "
    if kind in ("mo", "mi") and len(text) > 1:
        return f" {text} "  # log, max: a word
    return text + "".join(parts)


def _whole(text: str) -> str:
    """Put brackets around what is more than one thing."""
    text = text.strip()
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _with_small(text: str, small: str) -> str:
    """Put an index or a power behind what it belongs to; a word such as max stays a word."""
    return text.rstrip() + small + " " * text.endswith(" ")


def _small(place: str, text: str) -> str:
    text = text.replace(" ", "") if "," not in text else text.strip()
    if text and all(letter in _SMALL[place] for letter in text):
        return "".join(_SMALL[place][letter] for letter in text)
    return place + (text if len(text) == 1 or text[:1] in "[(" else f"({text})")


def _accented(text: str, accent: str) -> str:
    mark = _ACCENTS.get(accent.strip())
    if mark is None or len(text.strip()) != 1:
        return text + _small("^", accent)
    return unicodedata.normalize("NFC", text.strip() + mark)
