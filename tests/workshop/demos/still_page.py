"""The page of a demo without Voilà: its template as it stands, in a frame of nothing, for what needs no kernel."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

from course_utils.workshop.demos.catalogue import Demo
from course_utils.workshop.demos.page import notebook, write_pages

# What the template takes from Voilà: its page's frame, and helpers that show a spinner and start a kernel.
VOILA = {
    "voila/templates/lab/index.html.j2": """<!DOCTYPE html><html lang="en">
<head><meta charset="utf-8"><title>Demo</title>
{%- block notebook_css %}{% endblock %}</head>
{%- block body_header %}{% endblock %}</div></div></body></html>""",
    "spinner.macro.html.j2": "{% macro css() %}{% endmacro %}{% macro html() %}{% endmacro %}",
    "voila_setup.macro.html.j2": "{% macro voila_setup_helper_functions() %}{% endmacro %}",
}


def still_pages(demos: tuple[Demo, ...], folder: Path) -> dict[str, Path]:
    """Write the pages of demos into an empty folder, and return them by name."""
    write_pages(demos, folder)
    written = folder / "data" / "voila" / "templates" / "course"
    text = (written / "index.html.j2").read_text(encoding="utf-8").replace("{{ super.super() }}", "")
    loader = ChoiceLoader([DictLoader(VOILA), FileSystemLoader(written)])
    template = Environment(loader=loader).from_string(text)
    resources = SimpleNamespace(base_url="", include_js=lambda path: "")
    pages = {}
    for demo in demos:
        pages[demo.name] = folder / f"{demo.name}.html"
        html = template.render(nb=notebook(demo, among_others=True), resources=resources)
        pages[demo.name].write_text(html, encoding="utf-8")
    return pages
