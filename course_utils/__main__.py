"""The command line, `python -m course_utils`: one function per command."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from course_utils.environment import how_to_install
from course_utils.workshop.authoring.chapters import Chapter, ChapterError, chapter_of, find_chapters, select_chapters

PLANS = "plans"  # what `handout` calls the plans for lectures

# Each command imports what it needs inside its function: `--help`, or a command that only reads text, should not
# wait for torch, matplotlib or a Jupyter kernel's libraries, nor fail where they are missing.


def build(arguments: argparse.Namespace) -> int:
    """Build notebooks from their sources, or with --check say which are stale."""
    notebooks_dir = arguments.notebooks_dir
    chapters = _selected(arguments)
    if arguments.check:
        return _check(chapters, notebooks_dir)
    if not arguments.chapters:  # a notebook without source is no failure unless it was asked for
        chapters = [chapter for chapter in chapters if chapter.source.exists()]
    if not chapters:
        raise ChapterError(f"{notebooks_dir / 'source'}: no chapters here")
    return _build(chapters, notebooks_dir)


def publish(arguments: argparse.Namespace) -> int:
    """Set the repository on GitHub where the course lives, and build everything with links to it."""
    from course_utils.workshop.authoring.address import parse_address, write_address

    chapters = [chapter for chapter in _all(arguments) if chapter.source.exists()]
    root = arguments.notebooks_dir.parent
    changed = write_address(root, address := parse_address(arguments.repository))
    print(f"{root / 'pyproject.toml'}: {address.repository}{'' if changed else ', as before'}")
    return _build(chapters, arguments.notebooks_dir)


def recover(arguments: argparse.Namespace) -> int:
    """Bring edits made in a notebook back into its source."""
    from course_utils.workshop.authoring.recovery import recover_chapter

    notebook = arguments.notebook
    chapter = chapter_of(notebook)
    result = recover_chapter(chapter)
    if not result.rewritten:
        print(f"{result.source}: unchanged")
        return 0
    parts = {"changed": result.changed, "added": result.added, "removed": result.removed}
    details = "; ".join(f"{name}: {', '.join(keys)}" for name, keys in parts.items() if keys)
    # The notebook's outputs may be older than its edits, and new cells have their keys in the source alone.
    print(f"{result.source}: {details or 'cells moved'}; now run `python -m course_utils build {chapter.short_name}`")
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """Show a live figure in full size with a plan beside it; without a name list the demos."""
    from course_utils.workshop.demos.catalogue import available, find_demo
    from course_utils.workshop.demos.server import serve

    if arguments.demo is None and not arguments.all:
        width = max(len(one.name) for one in available())
        for one in available():
            print(f"{one.name:<{width}}  {one.line}")
        return 0
    if arguments.demo is not None and arguments.all:
        return _fail("name one demo or give --all, not both")
    try:
        demos = available() if arguments.all else [find_demo(arguments.demo)]
    except ValueError as error:
        return _fail(str(error))
    return serve(demos, arguments.port, browser=not arguments.no_browser)


def slides(arguments: argparse.Namespace) -> int:
    """Make a chapter's slides: a folder that any browser shows without a network; key S has the speaker's notes."""
    from course_utils.workshop.slides.deck import write_slides

    return _each(_selected(arguments), lambda chapter: [write_slides(chapter, arguments.out)])


def handout(arguments: argparse.Namespace) -> int:
    """Make a chapter's handout, one sheet to print, or from `plans` the contents and plans with their minutes."""
    from course_utils.workshop.handouts.handout import printing_obstacle, write_handout, write_plans

    names = [name for name in arguments.chapters if name != PLANS]
    chapters = [] if arguments.chapters and not names else select_chapters(_all(arguments), names)
    failed = _each(chapters, lambda chapter: write_handout(chapter, arguments.out, arguments.paper))
    if not arguments.chapters or PLANS in arguments.chapters:
        for path in write_plans(_all(arguments), arguments.out, arguments.paper):
            print(path)
    if obstacle := printing_obstacle():
        print(obstacle)
    return failed


def homework(arguments: argparse.Namespace) -> int:
    """Make an assignment from a chapter's exercises, or with --grade grade what was handed in."""
    from course_utils.workshop.homework.course import grade_homework, grading_summary, make_homework, making_summary

    (chapter,) = _selected(arguments)
    if not arguments.grade:
        print(making_summary(chapter, *make_homework(chapter, arguments.course)))
        return 0
    outcome = grade_homework(
        chapter, arguments.course, workers=arguments.workers, export=arguments.export, uncontained=arguments.uncontained
    )
    print(grading_summary(outcome))
    return 1 if outcome.failed else 0


def study(arguments: argparse.Namespace) -> int:
    """Run long studies again, whose results the chapters read, on all cores; without a name list the studies."""
    from course_utils.arguments import checked_choice
    from course_utils.experiments.seeds import FailedExperiment
    from course_utils.experiments.studies import FOLDER, STUDIES, study_record, study_text
    from course_utils.workshop.authoring.files import replace_file

    if not arguments.studies:
        width = max(map(len, STUDIES))
        for name, one in STUDIES.items():
            print(f"{name:<{width}}  {one.line}")
        return 0
    try:
        names = [checked_choice("study", name, STUDIES) for name in arguments.studies]
        folder = arguments.out or FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            record = study_record(STUDIES[name], progress=sys.stderr.isatty())
            path = folder / f"{name}.json"
            before = path.read_text("utf-8", "replace") if path.exists() else ""
            changed = replace_file(path, study_text(record, before).encode())
            print(f"{path}: {'written' if changed else 'unchanged'} in {record['seconds']} s")
    except (FailedExperiment, ValueError) as error:
        return _fail(str(error))
    return 0


def standalone(arguments: argparse.Namespace) -> int:
    """Make notebooks that carry the course inside: to upload to Colab or Kaggle, or to mail."""
    from course_utils.workshop.authoring.standalone import write_standalone

    return _each(_selected(arguments), lambda chapter: [write_standalone(chapter, arguments.out)])


def site(arguments: argparse.Namespace) -> int:
    """Make the course's website: the chapters to read, and JupyterLite to run them in the browser."""
    from course_utils.workshop.site.website import build_website

    print(build_website(_all(arguments), arguments.out, arguments.pyodide))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv
        The words after the program's name; None takes them from the command line.

    Returns
    -------
    int
        0 if all went well, 1 if not, and the reason stands on stderr in one line each.
    """
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ChapterError as error:
        return _fail(str(error))
    except OSError as error:  # such as a place that cannot be written
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        return _fail("interrupted")
    except ModuleNotFoundError as error:
        if str(error.name).startswith("course_utils"):
            raise  # a fault of ours, not something to install
        return _fail(f"{error.name} is not installed: {how_to_install('dev', 'teach', 'site')}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m course_utils", description="Tools of the course's authors.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    course = argparse.ArgumentParser(add_help=False)
    course.add_argument(
        "--notebooks-dir", type=Path, default=Path("notebooks"), metavar="DIR",
        help="where the notebooks are, their texts in DIR/source (default: %(default)s)",
    )  # fmt: skip

    command = commands.add_parser("build", help=build.__doc__, description=build.__doc__, parents=[course])
    command.add_argument(
        "chapters", nargs="*", metavar="CHAPTER", help="number or name, such as 02 or 02_numpy_dropout; none means all"
    )
    command.add_argument("--check", action="store_true", help="run nothing; say which notebooks are stale")
    command.set_defaults(run=build)

    command = commands.add_parser("publish", help=publish.__doc__, description=publish.__doc__, parents=[course])
    command.add_argument("repository", metavar="OWNER/NAME", help="such as ada/dropout-course")
    command.set_defaults(run=publish)

    command = commands.add_parser("recover", help=recover.__doc__, description=recover.__doc__)
    command.add_argument("notebook", type=Path, metavar="NOTEBOOK", help="such as notebooks/02_numpy_dropout.ipynb")
    command.set_defaults(run=recover)

    command = commands.add_parser("demo", help=demo.__doc__, description=demo.__doc__)
    command.add_argument("demo", nargs="?", metavar="DEMO", help="such as playground; none lists them all")
    command.add_argument("--all", action="store_true", help="all of them, from one page of tiles")
    command.add_argument("--port", type=int, default=8866, help="first port to try (default: %(default)s)")
    command.add_argument("--no-browser", action="store_true", help="only print the address")
    command.set_defaults(run=demo)

    command = commands.add_parser("slides", help=slides.__doc__, description=slides.__doc__, parents=[course])
    command.add_argument("chapters", nargs="*", metavar="CHAPTER", help="such as 02; none means all")
    command.add_argument("--out", type=Path, default=Path("dist/slides"), metavar="DIR", help="(default: %(default)s)")
    command.set_defaults(run=slides)

    command = commands.add_parser("handout", help=handout.__doc__, description=handout.__doc__, parents=[course])
    command.add_argument("chapters", nargs="*", metavar="CHAPTER", help=f"such as 02, or {PLANS}; none means all")
    command.add_argument(
        "--out", type=Path, default=Path("dist/handouts"), metavar="DIR", help="(default: %(default)s)"
    )
    command.add_argument("--paper", choices=["A4", "Letter"], default="A4", help="of the PDF (default: %(default)s)")
    command.set_defaults(run=handout)

    command = commands.add_parser("study", help=study.__doc__, description=study.__doc__)
    command.add_argument("studies", nargs="*", metavar="STUDY", help="such as digit_dropout; none lists them all")
    command.add_argument("--out", type=Path, metavar="DIR", help="(default: where the chapters read the results)")
    command.set_defaults(run=study)

    command = commands.add_parser(
        "standalone", help=standalone.__doc__, description=standalone.__doc__, parents=[course]
    )
    command.add_argument("chapters", nargs="*", metavar="CHAPTER", help="such as 02; none means all")
    command.add_argument(
        "--out", type=Path, default=Path("dist/standalone"), metavar="DIR", help="(default: %(default)s)"
    )
    command.set_defaults(run=standalone)

    command = commands.add_parser("site", help=site.__doc__, description=site.__doc__, parents=[course])
    command.add_argument("--out", type=Path, default=Path("dist/site"), metavar="DIR", help="(default: %(default)s)")
    command.add_argument(
        "--pyodide",
        type=Path,
        metavar="DIR",
        help="a Pyodide distribution to put in; else browsers fetch the public one",
    )
    command.set_defaults(run=site)

    command = commands.add_parser("homework", help=homework.__doc__, description=homework.__doc__, parents=[course])
    command.add_argument("chapters", nargs=1, metavar="CHAPTER", help="such as 02")
    command.add_argument(
        "--course",
        type=Path,
        default=Path("homework"),
        metavar="DIR",
        help="nbgrader's folder of the course (default: %(default)s)",
    )
    command.add_argument("--grade", action="store_true", help="grade DIR/submitted/STUDENT/homeworkNN/NOTEBOOK")
    command.add_argument(
        "--workers", type=int, default=2, metavar="N", help="submissions at once (default: %(default)s)"
    )
    command.add_argument("--export", type=Path, metavar="FILE", help="the table of scores (default: in DIR/results)")
    command.add_argument(
        "--uncontained",
        action="store_true",
        help="grade even where the system cannot contain a submission; it runs with your rights",
    )
    command.set_defaults(run=homework)
    return parser


def _all(arguments: argparse.Namespace) -> list[Chapter]:
    return find_chapters(arguments.notebooks_dir)


def _selected(arguments: argparse.Namespace) -> list[Chapter]:
    return select_chapters(_all(arguments), arguments.chapters)


def _each(chapters: Sequence[Chapter], write: Callable[[Chapter], Sequence[Path]]) -> int:
    """Write something of each chapter, print where it is, and go on after a failure."""
    failed = 0
    for chapter in chapters:
        try:
            for path in write(chapter):
                print(path)
        except ChapterError as error:
            failed = _fail(str(error))
    return failed


def _check(chapters: Sequence[Chapter], notebooks_dir: Path) -> int:
    from course_utils.workshop.authoring.badges import stale_readme
    from course_utils.workshop.authoring.facts import stale_tables
    from course_utils.workshop.authoring.freshness import stale_chapters
    from course_utils.workshop.authoring.solution_file import solution_file, stale_solutions

    stale = stale_chapters(chapters) or stale_solutions(chapters, solution_file(notebooks_dir))
    if readme := stale_readme(notebooks_dir.parent):
        stale.append(readme)
    stale += stale_tables(notebooks_dir)
    for line in stale:
        _fail(line)
    if not stale:
        print(f"{len(chapters)} notebook{'s' * (len(chapters) != 1)} up to date")
    return 1 if stale else 0


def _build(chapters: Sequence[Chapter], notebooks_dir: Path) -> int:
    from tqdm import tqdm

    from course_utils.workshop.authoring.badges import write_readme
    from course_utils.workshop.authoring.build import build_chapter
    from course_utils.workshop.authoring.facts import write_tables
    from course_utils.workshop.authoring.solution_file import read_solutions, solution_file, write_solutions

    read_solutions(solution_file(notebooks_dir))  # a fault in it is told before minutes of running
    write_readme(notebooks_dir.parent)
    write_tables(notebooks_dir)
    failed = 0
    show_bar = len(chapters) > 1 and sys.stderr.isatty()
    for chapter in tqdm(chapters, unit="notebook", disable=not show_bar):
        try:
            built = build_chapter(chapter)
            write_solutions([chapter], solution_file(notebooks_dir))
        except ChapterError as error:
            failed += 1
            tqdm.write(str(error), file=sys.stderr)
        else:
            for one in built:
                state = "built" if one.changed else "unchanged"
                tqdm.write(f"{one.notebook}: {state} in {one.seconds:.1f} s", file=sys.stdout)
    return 1 if failed else 0


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
