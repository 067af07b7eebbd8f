"""The command `site`."""

import argparse
from pathlib import Path

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.commands import NOTEBOOKS, all_chapters, out
from course_utils.workshop.command import argument, command


@command(
    NOTEBOOKS,
    out("dist/site"),
    argument(
        "--pyodide", type=Path, metavar="DIR",
        help="a Pyodide distribution to put in; else browsers fetch the public one",
    ),
    argument(
        "--language", action="append", default=[], metavar="LANGUAGE",
        help="one that is not complete, besides those that are",
    ),
)  # fmt: skip
def site(arguments: argparse.Namespace) -> int:
    """Make the course's website: the chapters to read, and JupyterLite to run them in the browser."""
    from course_utils.workshop.authoring.translation import declared_languages
    from course_utils.workshop.site.website import build_website

    declared = declared_languages(arguments.notebooks_dir)
    if unknown := [code for code in arguments.language if code not in declared]:
        raise ChapterError(f"--language {unknown[0]}: there are {', '.join(declared) or 'none'}")
    told = [one for code, one in declared.items() if one.complete or code in arguments.language]
    print(build_website(all_chapters(arguments), arguments.out, arguments.pyodide, told))
    return 0
