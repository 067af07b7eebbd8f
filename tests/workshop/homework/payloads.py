"""What students may write into a text: Markdown that would run in Jupyter's pages, and Markdown that has to read right.

Each attack that runs asks the server for `/ran?` and its name, or for `outside.example`.
"""

from __future__ import annotations

import base64

RUN = "fetch('/ran?NAME')"
BARE = "<img src=x onerror=fetch('/ran?NAME')>"
IMG = f'<img src=x onerror="{RUN}">'
DATA = base64.b64encode(f"<script>{RUN}</script>".encode()).decode()

ATTACKS = {
    "script": f"<script>{RUN}</script>",
    "script in a sentence": f"See <script>{RUN}</script> here.",
    "handler": IMG,
    "handler in a sentence": f"See {IMG} here.",
    "handler without quotes": "<img/src/onerror=fetch(`/ran?NAME`)>",
    "handler after a blank line": f"<div>\n\n{IMG}\n\n</div>",
    "handler in capitals": f'<IMG SRC=x OnErRoR="{RUN}">',
    "svg": f'<svg onload="{RUN}"></svg>',
    "svg script": f"<svg><script>{RUN}</script></svg>",
    "svg animation": "<svg><a><animate attributeName=href values=javascript:fetch('/ran?NAME') />x</a></svg>",
    "svg use": f'<svg><use href="data:image/svg+xml;base64,{DATA}#x"/></svg>',
    "details": f'<details open ontoggle="{RUN}"><summary>x</summary>y</details>',
    "focus": f'<input autofocus onfocus="{RUN}">',
    "video": f'<video><source onerror="{RUN}"></video>',
    "animation": f'<style>@keyframes x {{}}</style><b style="animation-name:x" onanimationstart="{RUN}">x</b>',
    "iframe srcdoc": "<iframe srcdoc=\"<script>parent.fetch('/ran?NAME')</script>\"></iframe>",
    "iframe javascript": '<iframe src="javascript:parent.fetch(\'/ran?NAME\')"></iframe>',
    "object": f'<object data="data:text/html;base64,{DATA}"></object>',
    "embed": f'<embed src="data:text/html;base64,{DATA}">',
    "meta refresh": '<meta http-equiv="refresh" content="0; url=/ran?NAME">',
    "form": '<form action="/ran?NAME"><button>Full credit</button></form>',
    "form by its id": '<form id="f" action="/ran?NAME"></form><button form="f">x</button>',
    "base": '<base href="http://outside.example/">',
    "link": '<link rel="stylesheet" href="/ran?NAME">',
    "style": '<style>body { background: url("/ran?NAME") }</style>',
    "style attribute": '<b style="background: url(/ran?NAME)">x</b>',
    "clobbered page": '<a id="submission_id" href="/ran?NAME" class="btn full-credit">x</a>',
    "link to javascript": f"[x](javascript:{RUN.replace(')', '%29').replace('(', '%28')})",
    "link to javascript in brackets": f"[x](<javascript:{RUN}>)",
    "link to javascript in HTML": f'<a href="javascript:{RUN}">x</a>',
    "link to javascript in entities": f'<a href="&#106;&#97;va&Tab;script&colon;{RUN}">x</a>',
    "link to javascript in entities of Markdown": "[x](&#106;avascript:fetch&lpar;'/ran?NAME'&rpar;)",
    "link by reference": f"[x][1]\n\n[1]: <javascript:{RUN}>",
    "autolink": f"<javascript:{RUN}>",
    "link that becomes javascript": f'<a href="files/javascript:{RUN}">x</a>',  # nbconvert takes `files/` off
    "link to data": f"[x](data:text/html;base64,{DATA})",
    "link to another file": "[x](..%2f..%2f..%2fsubmitted/eve/homework02/evil.html?NAME)",
    "link to the form grader": "[x](/formgrader/manage_students/%22;fetch('%2Fran%3FNAME')%2F%2F)",
    "picture's title": '![x](y "a\\" onerror=\\"fetch(\'/ran?NAME\')")',
    "picture's words": f'![{IMG}](y)![" onerror="fetch(\'/ran?NAME\')](y)',
    "picture from elsewhere": "![x](http://outside.example/NAME.png)",
    "picture in HTML from elsewhere": '<img srcset="http://outside.example/NAME.png 1x">',
    "picture of SVG": f"![x](data:image/svg+xml;base64,{DATA})",
    "formula": f"${IMG}$",
    "formula on a line": f"$$</script>{IMG}<script>$$",
    "formula in an environment": f"\\begin{{align}}{IMG}\\end{{align}}",
    "formula that links": "$\\href{javascript:fetch('/ran?NAME')}{x}$",
    "formula that links in pieces": "$\\hr<wbr>ef{javascript:fetch('/ran?NAME')}{x}$",
    "formula with attributes": "$\\mmlToken{mi}[href=\"javascript:fetch('/ran?NAME')\"]{x} \\require{html}$",
    "code's language": f"```{IMG}\nx\n```\n\n```\"><img/src/onerror=fetch(`/ran?NAME`)>\nx\n```",
    "diagram": f"```mermaid\n</pre>{IMG}\n```",
    "heading": f"# {IMG}\n\n## x<img/src/onerror=fetch(`/ran?NAME`)>",
    "table": f"|a|b|\n|-|-|\n|{IMG}|x|",
    "comment": f"<!-- --!>{IMG} -->",
    "mutation by math": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;{BARE[1:]}">',
    "mutation by svg": f'<svg></p><style><a id="</style>{BARE}">',
    "mutation by noscript": f'<noscript><p title="</noscript>{BARE}">',
    "mutation by a template": f"<template><s><template><s>{IMG}</s></template></s></template>",
    "mutation by text": f"<textarea>{IMG}</textarea></textarea>{IMG}<plaintext>",
    "text of entities": f"&lt;img src=x onerror={RUN}&gt; `&lt;img src=x onerror={RUN}&gt;`",
    "nothing": "<img src=x onerror\0=fetch('/ran?NAME')>\x0b\x0c",
    "too long": IMG + " x" * 20_000,
    "a renderer's end": "\\\\[" * 3000 + IMG,
}  # fmt: skip

# A PNG of 3 × 1 points.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAAAAAA+i0toAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"

# What is written, and what has to be read on the page.
READ = {
    "a<b and b>c, 3 < 4 > 2": "a<b and b>c, 3 < 4 > 2",
    "x<y and z>w": "x<y and z>w",
    "A \"quote\", an 'other', R&D, &lt;b&gt;": "A \"quote\", an 'other', R&D, <b>",
    "If $a<b$ and $c & d$.": "If $a<b$ and $c & d$.",
    "$$a < b\n\\\\ c > d$$": "$$a < b \\\\ c > d$$",
    r"So \\(a<b\\) and \\[a>b\\].": "So $a<b$ and $$a>b$$.",
    "\\begin{align}\na &< b \\\\\nc &= d\n\\end{align}": "\\begin{align} a &< b \\\\ c &= d \\end{align}",
    "See [the paper](https://example.org/a?b=c&d) or [me](mailto:a@b.org).":
        "See the paper (https://example.org/a?b=c&d) or me (a@b.org).",
    "See https://example.org/x.": "See https://example.org/x.",
    "> said\n\n**bold**, *thin*, `a<b`": "said\nbold, thin, a<b",
    "```python\ndef f(x):\n    if x<1:\n\n        return 'a'\n```": "def f(x):\n    if x<1:\n\n        return 'a'",
    "|a|b|\n|-|-|\n|1|2<3|": "a\tb\n1\t2<3",
    "1. one\n2. two\n   - three\n- [x] done": "one\ntwo\nthree\n[x] done",
    "line one\nline two\n\nnext\n\n    code <b>": "line one line two\nnext\ncode <b>",
    "![a dot](data:image/png;base64," + DOT + ")": "",
    "![a dot](attachment:dot.png)": "",
    "![far](https://example.org/a.png)": "[picture: far (https://example.org/a.png)]",
    "<script>x</script>": "<script>x</script>",
    "<details><summary>More</summary>Less</details>": "More",
}  # fmt: skip
