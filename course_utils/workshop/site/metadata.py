"""What a page says of itself to those who do not read it: search engines, cards of links, catalogues of courses."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.phrases import phrase
from course_utils.workshop.site.card import ALT, SIZE
from course_utils.workshop.site.search import plain_text

__all__ = [
    "CARD", "FAVICON", "About", "favicon_link", "head", "learning_resource", "page_at", "published_at", "short_text",
]  # fmt: skip

CARD = "assets/card.png"
FAVICON = "assets/favicon.svg"
LONGEST = 200  # letters of a description; search engines show fewer, and cards cut where they like

_SETTINGS = Path(__file__).with_name("settings")
_FIXED = json.loads((_SETTINGS / "learning_resource.json").read_text(encoding="utf-8"))
_ESCAPED = "<\\/"  # the same to JSON; `</script` would end the script that holds it, whatever stands around it


@dataclass(frozen=True)
class About:
    """What is said of a page.

    Parameters
    ----------
    file : str
        The page, as a path in the site.
    title, text : str
        What it is called, and a sentence or two of what it holds, both without HTML.
    minutes : int
        How long a learner takes for it; 0 where that is not known.
    teaches : str
        What a learner will be able to do; "" where the page teaches nothing by itself.
    """

    file: str
    title: str
    text: str = ""
    minutes: int = 0
    teaches: str = ""


def head(page: About, course: About, address: str = "", parts: Sequence[About] = (), language: str = "en") -> str:
    """Return the lines of a page's head that speak of it.

    Parameters
    ----------
    page, course
        The page, and the first page of the site, which stands for the course. They may be one.
    address
        Where the site is published, without which nobody knows which of its copies counts; "" if it is not known.
    parts
        Of the first page, what the course consists of.
    language
        In which it is written, as HTML names it.
    """
    text = short_text(page.text or course.text)
    root = address or "../" * page.file.count("/")
    lines = [favicon_link(inline="/" in page.file), _tag("name", "description", text)]
    if address:
        lines.append(f'<link rel="canonical" href="{page_at(address, page.file)}">')
        lines.append(_tag("property", "og:url", page_at(address, page.file)))
    title = page.title if page is course else f"{page.title} · {course.title}"
    picture: dict[str, object] = {"": page_at(root, CARD), ":width": SIZE[0], ":height": SIZE[1], ":alt": phrase(ALT)}
    facts: dict[str, object] = {"og:type": "website", "og:site_name": course.title}
    facts |= {"og:title": title, "og:description": text}
    facts |= {f"og:image{key}": value for key, value in picture.items()}
    lines += [_tag("property", key, value) for key, value in facts.items()]
    lines.append(_tag("name", "twitter:card", "summary_large_image"))
    if page is course or page.teaches:
        data = json.dumps(learning_resource(page, course, address, parts, language), ensure_ascii=False, indent=1)
        lines.append(f'<script type="application/ld+json">{data.replace("</", _ESCAPED)}</script>')
    return "\n".join(lines)


def learning_resource(
    page: About, course: About, address: str = "", parts: Sequence[About] = (), language: str = "en"
) -> dict[str, Any]:
    """Return what a page teaches, as schema.org's ``LearningResource``; the first page lists the others."""
    facts: dict[str, Any] = {
        "@type": "LearningResource",
        "name": page.title,
        "description": page.text,
        "url": page_at(address, page.file),
        "image": page_at(address, CARD),
        "teaches": page.teaches,
        "timeRequired": f"PT{page.minutes}M" if page.minutes else "",
    }
    if page is course:
        facts["hasPart"] = [_part(place, one, address) for place, one in enumerate(parts, 1)]
    else:
        facts["isPartOf"] = {"@type": "LearningResource", "name": course.title, "url": page_at(address, course.file)}
    told = {key: value for key, value in facts.items() if value}
    return {"@context": "https://schema.org"} | told | {"inLanguage": language} | _FIXED


def favicon_link(inline: bool = False) -> str:
    """Return the link to the icon of the site; ``inline`` for a page that is one file."""
    if not inline:
        return f'<link rel="icon" href="{FAVICON}" type="image/svg+xml">'
    return f'<link rel="icon" href="data:image/svg+xml;base64,{base64.b64encode(favicon()).decode()}">'


def favicon() -> bytes:
    """Return the icon, an svg."""
    return (_SETTINGS / "favicon.svg").read_bytes()


def short_text(text: str, longest: int = LONGEST) -> str:
    """Return the sentences of a text that fit, at least the beginning of the first."""
    plain = plain_text(text)
    if len(plain) <= longest:
        return plain
    whole = max(plain.rfind(end, 0, longest) for end in (". ", "! ", "? ", "。", "！", "？"))
    if whole > 0:
        return plain[: whole + 1]
    return plain[: max(plain.rfind(end, 0, longest - 2) for end in " ，；")].rstrip(",;:") + " …"


def page_at(address: str, file: str) -> str:
    """Return an address that leads to a file of the site: whole where the site's is known, else from beside it."""
    return address + ("" if address and file == "index.html" else file)


def published_at(text: str) -> str:
    """Read the address at which a site will be published; it ends with a slash, and "" stays "".

    Raises
    ------
    ChapterError
        If it is no https address of a folder.
    """
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme != "https" or "." not in parts.netloc or parts.query or parts.fragment or parts.username:
        raise ChapterError(f"--address must be that of a folder, such as https://ada.github.io/course/, got {text}")
    return text.removesuffix("index.html").rstrip("/") + "/"


def _part(place: int, page: About, address: str) -> Mapping[str, Any]:
    facts = {"name": page.title, "url": page_at(address, page.file), "position": place}
    return {"@type": "LearningResource"} | facts | ({"timeRequired": f"PT{page.minutes}M"} if page.minutes else {})


def _tag(kind: str, key: str, value: object) -> str:
    return f'<meta {kind}="{key}" content="{html.escape(str(value))}">'
