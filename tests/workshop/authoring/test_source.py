from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.source import Content, format_cell, parse_source, read_source

from .course import CHAPTER

PATH = Path("notebooks/source/02_x/chapter.py")


def parse(text):
    return parse_source(text, PATH)


def test_cells_have_key_kind_text_tags_and_line():
    source = parse(CHAPTER)
    assert [(cell.key, cell.kind, cell.line) for cell in source.cells] == [
        ("title", "markdown", 8),
        ("setup", "code", 14),
        ("mask-per-example", "code", 20),
        ("try-it", "code", 29),
        ("quoted", "markdown", 32),
        ("last", "code", 37),
    ]
    assert source.cells[0].text == "# Dropout\n\nA mask per *example*, $a^{[1]}$."
    assert source.cells[1].text == "%matplotlib inline\nimport numpy as np"
    assert source.cells[1].metadata == {"tags": ["hide-input"]}
    assert source.cells[4].text == "In triple quotes: λ."
    assert source.cells[4].metadata == {}
    assert source.preamble + "".join(cell.raw + cell.gap for cell in source.cells) == CHAPTER


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n# %%\nx = 1\n", r'02_x/chapter\.py:2: `# %%` has no key; write `# %% key="\.\.\."`'),
        ("# %% [markdown]\n# hi\n", r"02_x/chapter\.py:1: `# %% \[markdown\]` has no key"),
        ('# %% key="Two Words"\nx\n', r"02_x/chapter\.py:1: key 'Two Words': 1 to 64 lower-case letters, digits"),
        (f'# %% key="{"a" * 65}"\nx\n', r"1 to 64"),
        ('# %% key=""\nx\n', r"1 to 64"),
        ("# %% key=12\nx\n", r"02_x/chapter\.py:1: key 12: 1 to 64"),
        ("# %% key=mask\nx\n", r"02_x/chapter\.py:1: `# %% key=mask` is not a header like"),
        ('# %% key="a"\n\n# %% key="b"\n\n# %% key="a"\n', r"chapter\.py:5: cell a: this key stands in line 1 already"),
        ('# A title.\n\nimport os\n# %% key="a"\n', r"02_x/chapter\.py:3: `import os` stands above the first"),
        ('# %% key="a"\nx\n# In[3]:\ny\n', r"02_x/chapter\.py:1: .* reads like the header of another"),
        ('# %% key="a"\nx\n    # %% sub\n    y\n', r"02_x/chapter\.py:3: `# %% sub` has no key"),
        ('\n# %% key="a"\nx\n### BEGIN SOLUTION\ny\n', r"02_x/chapter\.py:4: cell a: ### BEGIN SOLUTION without"),
    ],
)
def test_faults_are_named_with_file_and_line(text, message):
    with pytest.raises(ChapterError, match=message) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


def test_markers_in_prose_are_prose():
    (cell,) = parse('# %% [markdown] key="a"\n# ### BEGIN SOLUTION\n').cells
    assert cell.variant_text("student") == "### BEGIN SOLUTION"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ChapterError, match=r"x\.py: cannot be read"):
        read_source(tmp_path / "x.py")
    (tmp_path / "x.py").write_bytes(b"\xff\xfe")
    with pytest.raises(ChapterError, match=r"x\.py: cannot be read"):
        read_source(tmp_path / "x.py")


def test_format_cell_keeps_the_header_that_still_fits():
    (old,) = parse('# %%  key="a"   tags=["b"]\nx\n').cells
    assert format_cell("a", Content("code", "y", {"tags": ["b"]}), old) == '# %%  key="a"   tags=["b"]\ny'
    assert format_cell("a", Content("code", "y", {"tags": ["c"]}), old) == '# %% key="a" tags=["c"]\ny'
    assert format_cell("a", Content("markdown", "y", {"tags": ["b"]}), old) == '# %% [markdown] key="a" tags=["b"]\n# y'


# Lines as chapters have them; all of these must survive. Blank lines at the ends are no part of a cell.
CODE_LINES = [
    "", "x = 1  # a comment", "# a comment", "# # twice", "%time f(x)", "!ls", "f?", "if x:", "    return x",
    '"""Text."""', "s = 'λ % d' % 3", "# %matplotlib inline", "a @ b", "    ### BEGIN SOLUTIO", "#", "'''", "# + x",
]  # fmt: skip
PROSE_LINES = [
    "", "# Title", "plain *words*", "- item", "    indented", "$$\\lambda$$", "```python", "x = 1", "```", "%magic",
    '"""', "| a | b |", "---", "λ 正则", "<details>", "> quote", "!ls", "+++", "[link](x.md)",
]  # fmt: skip
KEYS = st.lists(st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True), min_size=1, max_size=5, unique=True)
TAGS = st.sampled_from(
    [{}, {"tags": ["raises-exception"]}, {"tags": ["a", "b-c"]}, {"slideshow": {"slide_type": "slide"}}]
)


def texts(lines):
    return st.lists(st.sampled_from(lines), max_size=8).map("\n".join).map(lambda text: text.rstrip("\n"))


def contents():
    code = st.builds(Content, st.just("code"), texts(CODE_LINES), TAGS)
    markdown = st.builds(Content, st.just("markdown"), texts(PROSE_LINES), TAGS)
    # jupytext takes a raw cell of dashes for the header of a file.
    raw = st.builds(Content, st.just("raw"), texts([line for line in PROSE_LINES if line != "---"]), TAGS)
    return code | markdown | raw


@settings(deadline=None)  # other work on the machine is no fault
@given(keys=KEYS, data=st.data())
def test_cells_survive_the_way_to_text_and_back(keys, data):
    cells = {key: data.draw(contents()) for key in keys}
    text = "\n\n".join(format_cell(key, content) for key, content in cells.items()) + "\n"
    source = parse(text)
    assert {cell.key: (cell.kind, cell.text, cell.metadata) for cell in source.cells} == {
        key: (content.kind, content.text, content.metadata) for key, content in cells.items()
    }
    assert "".join(cell.raw + cell.gap for cell in source.cells) == text


@settings(deadline=None)
@given(kind=st.sampled_from(["code", "markdown", "raw"]), text=st.text())
def test_any_text_at_all_survives_or_is_refused(kind, text):
    content = Content(kind, text.rstrip("\n"), {})
    try:
        raw = format_cell("a", content)
    except ValueError:
        return
    (cell,) = parse(raw + "\n").cells
    assert cell.content() == content
