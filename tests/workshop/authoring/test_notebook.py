import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notebook import (
    cell_id,
    clean_notebook,
    encode_notebook,
    read_notebook,
    unexecuted_notebook,
)
from course_utils.workshop.authoring.source import parse_source

from .course import CHAPTER

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def source():
    return parse_source(CHAPTER, Path("x.py"))


def cleaned(*outputs):
    """Clean a notebook of one cell with these outputs and give what is left of them."""
    notebook = clean_notebook(new_notebook(cells=[new_code_cell("x", outputs=list(outputs))]))
    return notebook.cells[0].outputs


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def test_ids_are_keys_and_metadata_has_tags_alone(source):
    notebook = unexecuted_notebook(source)
    assert [cell.id for cell in notebook.cells] == ["title", "setup", "mask-per-example", "try-it", "quoted", "last"]
    assert [dict(cell.metadata) for cell in notebook.cells] == [
        {}, {"tags": ["hide-input"]}, {}, {"tags": ["raises-exception"]}, {}, {}
    ]  # fmt: skip
    assert [cell.source for cell in notebook.cells[:2]] == [cell.text for cell in source.cells[:2]]


def test_another_variant_is_refused(source):
    with pytest.raises(ValueError, match="variant: 'teacher' was given, 'student' or 'instructor' is allowed"):
        unexecuted_notebook(source, "teacher")


def test_bytes_are_a_valid_notebook_of_format_4_5(source):
    data = encode_notebook(unexecuted_notebook(source))
    assert data.endswith(b"}\n")
    assert "λ".encode() in data  # readable in a diff, not escaped
    notebook = json.loads(data)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)


def test_what_breaks_the_format_is_not_encoded(source):
    notebook = unexecuted_notebook(source)
    notebook.cells[0].id = "not an id"
    with pytest.raises(nbformat.ValidationError):
        encode_notebook(notebook)


def test_notebook_metadata_of_the_run_goes():
    notebook = clean_notebook(new_notebook(metadata={"widgets": {"state": 1}}))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("beside", [{"image/png": "AA==", "text/plain": "Image()"}, {"text/plain": "Image()"}, {}])
def test_of_a_widget_what_stands_beside_it_stays(beside):
    outputs = cleaned(new_output("display_data", data={VIEW: {"model_id": "1"}, **beside}))
    assert [output.data for output in outputs] == [beside] * bool(beside)


def test_neighbouring_pieces_of_a_stream_become_one():
    shown = new_output("display_data", data={"text/plain": "Image()"})
    outputs = cleaned(stream("a\n"), stream("b\n"), shown, stream("c\n"), stream("d\n", "stderr"))
    assert [(output.output_type, output.get("text")) for output in outputs] == [
        ("stream", "a\nb\n"), ("display_data", None), ("stream", "c\n"), ("stream", "d\n")
    ]  # fmt: skip


def test_tracebacks_keep_the_frames_of_cells_alone():
    frames = [
        "\x1b[31mValueError\x1b[39m",
        "\x1b[36mCell\x1b[39m In[2]",
        "\x1b[36mFile \x1b[39m\x1b[32m~/lib.py:3",
        "ValueError: x",
    ]
    (output,) = cleaned(new_output("error", ename="ValueError", evalue="x", traceback=frames))
    assert output.traceback == [frames[0], frames[1], frames[3]]


def test_colab_keeps_the_id_in_the_metadata():
    cell = new_code_cell("x", metadata={"id": "mask"})
    assert cell_id(cell) != "mask"
    del cell["id"]
    assert cell_id(cell) == "mask"


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", "not json", '{"nbformat": 4, "nbformat_minor": 5, "cells": 3, "metadata": {}}']
)
def test_files_that_are_no_notebooks_are_named(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(ChapterError, match=r"x\.ipynb: is not a notebook") as caught:
        read_notebook(path)
    assert "\n" not in str(caught.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(ChapterError, match=r"x\.ipynb: cannot be read: No such file"):
        read_notebook(tmp_path / "x.ipynb")
