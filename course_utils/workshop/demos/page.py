"""What Voilà is given: a notebook for each demo, its template, a kernel, and tiles if there are several."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.workshop.demos.catalogue import Demo
from course_utils.workshop.demos.voila_process import ROOT
from course_utils.workshop.fonts import style_sheet
from course_utils.workshop.phrases import spoken
from course_utils.workshop.players import atlas_script, has_atlas, place_of, player_script, player_style, room_style

__all__ = ["notebook", "write_pages"]

TEMPLATE = Path(__file__).with_name("template")
KERNEL = "course-demo"  # a name of its own: "python3" may be another Python in the lecturer's settings


def notebook(demo: Demo, among_others: bool) -> NotebookNode:
    """Return the notebook of one demo; the template reads title and plan from its metadata."""
    source = f"from course_utils.workshop.demos.stage import stage_figure\n\nstage_figure({demo.name!r})"
    before = place_of(demo.factory) if has_atlas(demo.factory) else ""  # plays until the kernel is there
    course: dict[str, object] = {"title": demo.title, "plan": demo.plan, "among_others": among_others}
    course |= {"before": before, "atlas": f"atlases/{demo.factory}.js" if before else ""}
    kernel = {"name": KERNEL, "display_name": "Demo", "language": "python"}
    metadata = {"course": course, "kernelspec": kernel, "title": demo.title}
    return new_notebook(cells=[new_code_cell(source, id="figure")], metadata=metadata)


def write_pages(demos: Sequence[Demo], folder: Path) -> Path:
    """Write all that Voilà needs into an empty folder.

    Parameters
    ----------
    demos : sequence of Demo
    folder : Path
        Its subfolder ``data`` becomes Jupyter's data folder.

    Returns
    -------
    Path
        What Voilà is to serve: the only notebook, or the folder of all.
    """
    data, pages = folder / "data", folder / "pages"
    template = data / "voila" / "templates" / "course"
    shutil.copytree(TEMPLATE, template)
    for path in (template / "index.html.j2", template / "tree.html"):
        text = spoken(path.read_text(encoding="utf-8"))
        path.write_text(text.replace('lang="en"', f'lang="{language()}"'), encoding="utf-8")
    style = style_sheet(TEMPLATE / "course.css") + player_style() + room_style()
    (template / "course.css").write_text(style, encoding="utf-8")
    (template / "live.js").write_text(unread(player_script()), encoding="utf-8")
    (template / "atlases").mkdir()
    for demo in demos:
        if has_atlas(demo.factory):
            (template / "atlases" / f"{demo.factory}.js").write_text(atlas_script(demo.factory), encoding="utf-8")
    tiles = [{"name": demo.name, "title": demo.title, "line": demo.line} for demo in demos]
    (template / "tiles.j2").write_text(f"{{% set tiles = {json.dumps(tiles)} %}}", encoding="utf-8")
    write_kernel(data / "kernels" / KERNEL)
    pages.mkdir()
    among_others = len(demos) > 1
    for demo in demos:
        nbformat.write(notebook(demo, among_others), pages / f"{demo.name}.ipynb")
    return pages if among_others else pages / f"{demos[0].name}.ipynb"


def language() -> str:
    """Return the language that the course speaks."""
    return os.environ.get("COURSE_LANGUAGE", "") or "en"


def unread(script: str) -> str:
    """Return a script as a part of a template that Jinja leaves as it is."""
    return f"{{% raw %}}{script}{{% endraw %}}"


def write_kernel(folder: Path) -> None:
    """Name this very Python as a kernel, with this very course, on one thread, so that pictures come at once."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    start = "from ipykernel.kernelapp import launch_new_instance as start; start()"
    start = f"import sys; sys.path.append({str(ROOT)!r}); {start}"
    kernel = {
        "argv": [sys.executable, "-c", start, "-f", "{connection_file}"],
        "display_name": "Demo",
        "language": "python",
        "env": one_thread | {"COURSE_LANGUAGE": language()},
    }
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
