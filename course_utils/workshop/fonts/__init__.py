"""The fonts of the course's pages: brought along, so that a page looks and measures alike on every machine.

"Course Sans" and "Course Mono" stand beside this file; `README.md` there says what they are cut from and how.
"""

import base64
from pathlib import Path

_FOLDER = Path(__file__).parent
_FAMILIES = {"sans": "Course Sans", "mono": "Course Mono"}
# What a verdict in a notebook asks of JupyterLab for its code, which these pages are not.
_CODE_FONT = ':root { --jp-code-font-family: "Course Mono", "Course Sans", monospace }\n'
# Chinese letters weigh megabytes, so they are the reader's own: what each system has, then whatever the browser finds.
_HAN = """:root:lang(zh) :is(body, .reveal) { font-family: "Course Sans", "PingFang SC", "Hiragino Sans GB",
  "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei", sans-serif }
"""


def style_sheet(path: Path) -> str:
    """Return a style sheet with the fonts themselves in front of it, so that a page needs no other file."""
    fonts = sorted(_FOLDER.glob("*.woff2"))
    return "".join(_font_face(font) for font in fonts) + _CODE_FONT + _HAN + path.read_text(encoding="utf-8")


def _font_face(font: Path) -> str:
    """Return the rule that brings one font, by its name: family, weight and, if it has one, style."""
    family, weight, style = f"{font.stem}-normal".split("-")[:3]
    data = base64.b64encode(font.read_bytes()).decode()
    return (
        f'@font-face {{ font-family: "{_FAMILIES[family]}"; font-weight: {weight}; font-style: {style};'
        f' src: url("data:font/woff2;base64,{data}") format("woff2") }}\n'
    )
