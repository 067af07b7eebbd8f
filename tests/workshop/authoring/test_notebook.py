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

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def source(chapter_text):
    return parse_source(chapter_text, Path("x.py"))


def cleaned(*outputs):
    """Clean a notebook of one cell with these outputs and give what is left of them."""
    notebook = clean_notebook(new_notebook(cells=[new_code_cell("x", outputs=list(outputs))]))
    return notebook.cells[0].outputs


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(**data):
    return new_output("display_data", data={"text/plain": "Image()", **data})


def test_ids_are_keys_and_metadata_has_tags_alone(source):
    notebook = unexecuted_notebook(source)
    assert [cell.id for cell in notebook.cells] == ["title", "setup", "mask-per-example", "try-it", "quoted", "last"]
    assert [dict(cell.metadata) for cell in notebook.cells] == [
        {}, {"tags": ["hide-input"]}, {}, {"tags": ["raises-exception"]}, {}, {}
    ]  # fmt: skip


def test_prose_reaches_the_notebook_as_written(source):
    cells = unexecuted_notebook(source).cells
    assert cells[0].source == "# Dropout\n\nA mask per *example*, $a^{[1]}$."
    assert cells[4].source == "In triple quotes: λ."


def test_variants(source):
    student, instructor = (
        unexecuted_notebook(source, variant).cells[2].source for variant in ("student", "instructor")
    )
    assert student.endswith('"""Draw a mask."""\n    raise NotImplementedError("your turn")')
    assert instructor.endswith('"""Draw a mask."""\n    mask = rng.random(shape) < keep_prob\n\n    return mask')
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
    notebook = new_notebook(
        metadata={"widgets": {"state": 1}, "language_info": {"name": "python", "version": "3.11.7"}}
    )
    assert set(clean_notebook(notebook).metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("picture", ["image/png", "image/jpeg"])
def test_a_widget_with_a_picture_leaves_the_picture(picture):
    (output,) = cleaned(shown(**{VIEW: {"model_id": "1"}, picture: "AA=="}))
    assert set(output.data) == {"text/plain", picture}


def test_a_widget_without_a_picture_leaves_its_text():
    (output,) = cleaned(shown(**{VIEW: {"model_id": "1"}}))
    assert output.data == {"text/plain": "Image()"}


def test_an_output_of_nothing_but_a_widget_goes():
    assert cleaned(new_output("display_data", data={VIEW: {"model_id": "1"}})) == []


def test_neighbouring_pieces_of_a_stream_become_one():
    outputs = cleaned(stream("a\n"), stream("b\n"), shown(), stream("c\n"), stream("d\n", "stderr"))
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
