"""The command `handout`."""

import argparse

from course_utils.workshop.authoring.chapters import select_chapters
from course_utils.workshop.authoring.commands import NOTEBOOKS, all_chapters, each, out
from course_utils.workshop.command import LANGUAGE, argument, command, spoken

PLANS = "plans"  # what stands for the plans for lectures among the names of chapters


@command(
    NOTEBOOKS,
    argument("chapters", nargs="*", metavar="CHAPTER", help=f"such as 02, or {PLANS}; none means all"),
    out("dist/handouts"),
    argument("--paper", choices=["A4", "Letter"], default="A4", help="of the PDF (default: %(default)s)"),
    LANGUAGE,
)
def handout(arguments: argparse.Namespace) -> int:
    """Make a chapter's handout, one sheet to print, or from `plans` the contents and plans with their minutes."""
    from course_utils.workshop.handouts.handout import printing_obstacle, write_handout, write_plans

    language = spoken(arguments)
    names = [name for name in arguments.chapters if name != PLANS]
    chapters = select_chapters(all_chapters(arguments), names) if names else []
    if not arguments.chapters:
        chapters = [chapter for chapter in all_chapters(arguments) if chapter.is_taught]
    failed = each(chapters, lambda chapter: write_handout(chapter, arguments.out, arguments.paper, language))
    if not arguments.chapters or PLANS in arguments.chapters:
        for path in write_plans(all_chapters(arguments), arguments.out, arguments.paper, language):
            print(path)
    if obstacle := printing_obstacle():
        print(obstacle)
    return failed
