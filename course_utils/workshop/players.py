"""Live figures in pages without a kernel: a script plays their atlases, found by what notebooks say of outputs."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.live import atlas as kept
from course_utils.live.atlas import Atlas
from course_utils.live.declaration import spoken
from course_utils.live.widget import text_of

__all__ = [
    "atlas_of", "atlas_script", "begun_at", "compact", "figures_script", "has_atlas", "place_for", "place_of",
    "player_script", "player_style", "write_players",
]  # fmt: skip

_SCRIPTS = ("player.js", "controls.js", "handle.js", "figure.js", "atlas.js")


def player_script() -> str:
    """Return the script that gives every place on a page its figure."""
    return "(() => {\n" + "".join(map(text_of, _SCRIPTS)) + "})();\n"


def player_style() -> str:
    """Return the style sheet of figures."""
    return text_of("figure.css")


def atlas_script(name: str) -> str:
    """Return an atlas as a script: a page that was opened as a file may load no other data."""
    data = base64.b64encode((kept.FOLDER / f"{name}.atlas").read_bytes()).decode()
    return f'(window.courseAtlases ??= {{}})["{name}"] = "{data}";\n'


def write_players(names: Iterable[str], folder: Path) -> None:
    """Write the script of figures into a folder, and beside it in ``atlases`` those of some atlases."""
    (folder / "live.js").write_text(player_script(), encoding="utf-8")
    (folder / "atlases").mkdir()
    for name in names:
        (folder / "atlases" / f"{name}.js").write_text(atlas_script(name), encoding="utf-8")


def has_atlas(name: str) -> bool:
    """Return whether there is an atlas of this name."""
    return (kept.FOLDER / f"{name}.atlas").exists()


def atlas_of(output: NotebookNode) -> str:
    """Return the name of the atlas that plays an output of a notebook, "" if there is none."""
    name = str(output.get("metadata", {}).get("course", {}).get("atlas", ""))
    return name if name and has_atlas(name) else ""


def begun_at(output: NotebookNode, changes: Mapping[str, str]) -> NotebookNode:
    """Return an output whose figure begins at other settings; one without an atlas stays as it is.

    Raises
    ------
    ValueError
        For a setting that the figure does not have, or settings that its atlas does not hold.
    """
    name = atlas_of(output)
    if not name:
        return output
    atlas = Atlas.unpacked((kept.FOLDER / f"{name}.atlas").read_bytes())
    kinds = {one["name"]: one["kind"] for one in atlas.head["figure"]["quantities"]}
    if unknown := set(changes) - set(kinds):
        raise ValueError(f"settings must be among {', '.join(kinds)}, got {', '.join(sorted(unknown))}")
    texts = {key: text if kinds[key] == "Choice" else float(text) for key, text in changes.items()}
    first = output.metadata["course"]["first"] | texts
    if tuple(first[key] for key in kinds) not in atlas.places:
        said = ", ".join(f"{key} {value}" for key, value in first.items())
        raise ValueError(f"the figure's atlas must hold the settings, and does not: {said}")
    begun = copy.deepcopy(output)
    begun.metadata["course"]["first"] = first
    return begun


def place_for(output: NotebookNode, picture: str) -> str:
    """Return the HTML of a place for the figure of an output; ``picture`` is for readers without scripts."""
    about, alt = output.metadata["course"], output.metadata["image/png"]["alt"]
    return place_of(about["atlas"], picture, first=about["first"], alt=alt)


def place_of(name: str, picture: str = "", **told: Any) -> str:
    """Return the HTML of a place for the figure of an atlas; ``told`` overrides what the figure says of itself."""
    text = compact(declared(name) | told).replace("</", "<\\/")
    return (
        f'<div class="course-live" data-atlas="{escape(name)}">'
        f'<script type="application/json">{text}</script>{picture}</div>'
    )


def figures_script(names: Iterable[str]) -> str:
    """Return what figures say of themselves as a script, for pages that make their places themselves."""
    return f"window.courseFigures = {compact({name: declared(name) for name in sorted(names)})};\n"


def declared(name: str) -> dict[str, Any]:
    """Return what the figure of an atlas says of itself."""
    return spoken(Atlas.unpacked((kept.FOLDER / f"{name}.atlas").read_bytes()).head["figure"])


def compact(value: Any) -> str:
    """Return JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
