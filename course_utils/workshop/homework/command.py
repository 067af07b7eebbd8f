"""The commands `homework` and `copy`."""

import argparse
from pathlib import Path

from course_utils.workshop.authoring.commands import NOTEBOOKS, all_chapters, out
from course_utils.workshop.command import LANGUAGE, argument, command, spoken


@command(
    NOTEBOOKS,
    argument("chapter", nargs="?", metavar="CHAPTER", help="such as 02; or a file of your own questions"),
    argument(
        "--questions", type=Path, metavar="FILE",
        help="your own questions, in Markdown or percent format; with a CHAPTER they follow its own",
    ),
    argument(
        "--course", type=Path, default=Path("homework"), metavar="DIR",
        help="nbgrader's folder of the course (default: %(default)s)",
    ),
    argument("--per-student", action="store_true", help="one sheet for each student of the roster, with own numbers"),
    argument("--roster", type=Path, metavar="FILE", help="CSV of the students, copied to DIR/roster.csv"),
    argument("--overwrite", action="store_true", help="make DIR/source anew though it was edited; a copy is kept"),
    argument("--keep-edits", action="store_true", help="make students' sheets of DIR/source as it was edited"),
    argument("--grade", action="store_true", help="grade DIR/submitted/STUDENT/homeworkNN/NOTEBOOK"),
    argument("--workers", type=int, default=2, metavar="N", help="submissions at once (default: %(default)s)"),
    argument("--export", type=Path, metavar="FILE", help="the table of scores (default: in DIR/results)"),
    argument("--names", action="store_true", help="let the page about the class name students"),
    argument(
        "--uncontained", action="store_true",
        help="grade even where the system cannot contain a submission; it runs with your rights",
    ),
    LANGUAGE,
)  # fmt: skip
def homework(arguments: argparse.Namespace) -> int:
    """Make an assignment from a chapter's exercises or your own questions, or with --grade grade what was handed in."""
    from course_utils.workshop.authoring.chapters import ChapterError, select_chapters
    from course_utils.workshop.homework.course import grade_homework, grading_summary
    from course_utils.workshop.homework.making import Work, make_homework, making_summary

    name, questions = arguments.chapter, arguments.questions
    work: Work
    if name and (Path(name).suffix == ".md" or (Path(name).suffix == ".py" and Path(name).name != "chapter.py")):
        if questions:
            raise ChapterError(f"{name} and --questions {questions}: one file of questions makes one assignment")
        work = Path(name)
    elif name:
        (work,) = select_chapters(all_chapters(arguments), [name])
    elif questions:
        work, questions = questions, None
    else:
        raise ChapterError("name a chapter, such as 02, or a file of your own questions, --questions my_homework.md")
    if not arguments.grade:
        made = make_homework(
            work, arguments.course, questions=questions, per_student=arguments.per_student, roster=arguments.roster,
            overwrite=arguments.overwrite, keep_edits=arguments.keep_edits, root=arguments.notebooks_dir.parent,
            language=spoken(arguments),
        )  # fmt: skip
        print(making_summary(work, made))
        return 0
    outcome = grade_homework(
        work, arguments.course, workers=arguments.workers, export=arguments.export, uncontained=arguments.uncontained,
        roster=arguments.roster, names=arguments.names,
    )  # fmt: skip
    print(grading_summary(outcome))
    return 1 if outcome.failed else 0


@command(NOTEBOOKS, out("dist/students"))
def copy(arguments: argparse.Namespace) -> int:
    """Make a copy of the course for students, without solutions and without what instructors and authors use."""
    from course_utils.workshop.homework.student_copy import write_student_copy

    print(write_student_copy(all_chapters(arguments), arguments.notebooks_dir, arguments.out))
    return 0
