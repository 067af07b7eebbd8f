"""The command `homework`."""

import argparse
from pathlib import Path

from course_utils.workshop.authoring.commands import NOTEBOOKS, selected
from course_utils.workshop.command import LANGUAGE, argument, command, spoken


@command(
    NOTEBOOKS,
    argument("chapters", nargs=1, metavar="CHAPTER", help="such as 02"),
    argument(
        "--course", type=Path, default=Path("homework"), metavar="DIR",
        help="nbgrader's folder of the course (default: %(default)s)",
    ),
    argument("--grade", action="store_true", help="grade DIR/submitted/STUDENT/homeworkNN/NOTEBOOK"),
    argument("--workers", type=int, default=2, metavar="N", help="submissions at once (default: %(default)s)"),
    argument("--export", type=Path, metavar="FILE", help="the table of scores (default: in DIR/results)"),
    argument(
        "--uncontained", action="store_true",
        help="grade even where the system cannot contain a submission; it runs with your rights",
    ),
    LANGUAGE,
)  # fmt: skip
def homework(arguments: argparse.Namespace) -> int:
    """Make an assignment from a chapter's exercises, or with --grade grade what was handed in."""
    from course_utils.workshop.homework.course import grade_homework, grading_summary, make_homework, making_summary

    (chapter,) = selected(arguments)
    if not arguments.grade:
        print(making_summary(chapter, *make_homework(chapter, arguments.course, spoken(arguments))))
        return 0
    outcome = grade_homework(
        chapter, arguments.course, workers=arguments.workers, export=arguments.export, uncontained=arguments.uncontained
    )
    print(grading_summary(outcome))
    return 1 if outcome.failed else 0
