"""Commands for who writes a chapter, and what all commands on chapters share."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from course_utils.workshop.authoring.chapters import Chapter, ChapterError, chapter_of, find_chapters, select_chapters
from course_utils.workshop.command import Argument, argument, command, fail

NOTEBOOKS = argument(
    "--notebooks-dir", type=Path, default=Path("notebooks"), metavar="DIR",
    help="where the notebooks are, their texts in DIR/source (default: %(default)s)",
)  # fmt: skip
CHAPTERS = argument("chapters", nargs="*", metavar="CHAPTER", help="such as 02; none means all")


def out(folder: str) -> Argument:
    """Declare where a command writes to."""
    return argument("--out", type=Path, default=Path(folder), metavar="DIR", help="(default: %(default)s)")


def all_chapters(arguments: argparse.Namespace) -> list[Chapter]:
    """List the chapters of the course."""
    return find_chapters(arguments.notebooks_dir)


def selected(arguments: argparse.Namespace) -> list[Chapter]:
    """List the chapters that are named, or all if none is."""
    return select_chapters(all_chapters(arguments), arguments.chapters)


def taught(arguments: argparse.Namespace) -> list[Chapter]:
    """List the chapters that are named, or those that are taught if none is."""
    return [chapter for chapter in selected(arguments) if chapter.is_taught or arguments.chapters]


def each(chapters: Sequence[Chapter], write: Callable[[Chapter], Sequence[Path]]) -> int:
    """Write something of each chapter, print where it is, and go on after a failure."""
    failed = 0
    for chapter in chapters:
        try:
            for path in write(chapter):
                print(path)
        except ChapterError as error:
            failed = fail(str(error))
    return failed


@command(
    NOTEBOOKS,
    argument(
        "chapters", nargs="*", metavar="CHAPTER", help="number or name, such as 02 or 02_numpy_dropout; none means all"
    ),
    argument("--check", action="store_true", help="run nothing; say which notebooks are stale"),
)
def build(arguments: argparse.Namespace) -> int:
    """Build notebooks from their sources, or with --check say which are stale."""
    notebooks_dir = arguments.notebooks_dir
    chapters = selected(arguments)
    if arguments.check:
        return _check(chapters, notebooks_dir)
    if not arguments.chapters:  # a notebook without source is no failure unless it was asked for
        chapters = [chapter for chapter in chapters if chapter.source.exists()]
    if not chapters:
        raise ChapterError(f"{notebooks_dir / 'source'}: no chapters here")
    return _build(chapters, notebooks_dir)


@command(NOTEBOOKS, argument("repository", metavar="OWNER/NAME", help="such as ada/dropout-course"))
def publish(arguments: argparse.Namespace) -> int:
    """Set the repository on GitHub where the course lives, and build everything with links to it."""
    from course_utils.workshop.authoring.address import parse_address, write_address

    chapters = [chapter for chapter in all_chapters(arguments) if chapter.source.exists()]
    root = arguments.notebooks_dir.parent
    changed = write_address(root, address := parse_address(arguments.repository))
    print(f"{root / 'pyproject.toml'}: {address.repository}{'' if changed else ', as before'}")
    return _build(chapters, arguments.notebooks_dir)


@command(argument("notebook", type=Path, metavar="NOTEBOOK", help="such as notebooks/02_numpy_dropout.ipynb"))
def recover(arguments: argparse.Namespace) -> int:
    """Bring edits made in a notebook back into its source."""
    from course_utils.workshop.authoring.recovery import recover_chapter

    chapter = chapter_of(arguments.notebook)
    result = recover_chapter(chapter)
    if not result.rewritten:
        print(f"{result.source}: unchanged")
        return 0
    parts = {"changed": result.changed, "added": result.added, "removed": result.removed}
    details = "; ".join(f"{name}: {', '.join(keys)}" for name, keys in parts.items() if keys)
    # The notebook's outputs may be older than its edits, and new cells have their keys in the source alone.
    print(f"{result.source}: {details or 'cells moved'}; now run `python -m course_utils build {chapter.short_name}`")
    return 0


@command(NOTEBOOKS, CHAPTERS, out("dist/standalone"))
def standalone(arguments: argparse.Namespace) -> int:
    """Make notebooks that carry the course inside: to upload to Colab or Kaggle, or to mail."""
    from course_utils.workshop.authoring.standalone import write_standalone

    return each(selected(arguments), lambda chapter: [write_standalone(chapter, arguments.out)])


@command(
    argument("studies", nargs="*", metavar="STUDY", help="such as digit_dropout; none lists them all"),
    argument("--out", type=Path, metavar="DIR", help="(default: where the chapters read the results)"),
    argument("--data", metavar="FILE", help="mnist: the digits, an .npz; without it scikit-learn downloads them"),
    argument("--seeds", type=int, metavar="N", help="mnist: how many; runs that were done before are not done again"),
    argument("--workers", type=int, metavar="N", help="processes (default: one for each core)"),
    argument("--cluster", metavar="ADDRESS", help="of a Dask scheduler, whose workers are used instead"),
)
def study(arguments: argparse.Namespace) -> int:
    """Run long studies again, whose results the chapters read, on all cores; without a name list the studies."""
    from course_utils.arguments import checked_choice
    from course_utils.experiments.mnist import UnusableData
    from course_utils.experiments.seeds import FailedExperiment
    from course_utils.experiments.studies import FOLDER, STUDIES, study_text
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
            path = folder / f"{name}.json"
            record = _record(name, folder, arguments)
            before = path.read_text("utf-8", "replace") if path.exists() else ""
            changed = replace_file(path, study_text(record, before).encode())
            print(f"{path}: {'written' if changed else 'unchanged'} in {record['seconds']} s")
    except (FailedExperiment, UnusableData, ValueError) as error:
        return fail(str(error))
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError):
            raise  # how to install it is said for all commands
        return fail(str(error))
    return 0


def _record(name: str, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run a study and return what is stored of it."""
    from course_utils.arguments import checked_count
    from course_utils.experiments.journal import run_all
    from course_utils.experiments.studies import STUDIES, journal_record, study_record

    one = STUDIES[name]
    how = {"workers": arguments.workers, "cluster": arguments.cluster, "progress": sys.stderr.isatty()}
    if one.data is None:
        if arguments.data is not None or arguments.seeds is not None:
            raise ValueError(f"study {name} takes neither --data nor --seeds: it has its own")
        return study_record(one, **how)
    seeds = one.seeds if arguments.seeds is None else range(checked_count("--seeds", arguments.seeds))
    return journal_record(one, seeds, run_all(one, folder / f"{name}.jsonl", seeds, data=arguments.data, **how))


@command(
    NOTEBOOKS,
    argument("atlases", nargs="*", metavar="ATLAS", help="such as playground; none means all that are stale"),
    argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: %(default)s)"),
)
def atlas(arguments: argparse.Namespace) -> int:
    """Compute the states that live figures show without a kernel: of the figures that are named, or that changed."""
    from course_utils.arguments import checked_choice, checked_count
    from course_utils.workshop.authoring.atlases import ATLASES, constraints_of

    constraints = constraints_of(arguments.notebooks_dir)
    try:
        names = [checked_choice("atlas", name, ATLASES) for name in arguments.atlases]
        checked_count("workers", arguments.workers)
    except ValueError as error:
        return fail(str(error))
    return _build_atlases(names, constraints, arguments.workers)


def _build_atlases(names: Sequence[str], constraints: Path, workers: int) -> int:
    """Build some atlases, or if none is named all that are stale."""
    from course_utils.workshop.authoring.atlases import build_atlas, stale_atlases, write_stamps

    for name in names or stale_atlases(constraints):
        start = time.perf_counter()
        path, count = build_atlas(name, constraints, workers)
        size, seconds = path.stat().st_size / 1000, time.perf_counter() - start
        print(f"{path}: {count} states, {size:.0f} KB, in {seconds:.0f} s", flush=True)
    write_stamps()
    return 0


def _check(chapters: Sequence[Chapter], notebooks_dir: Path) -> int:
    from course_utils.workshop.authoring.atlases import constraints_of, has_package, stale_atlases
    from course_utils.workshop.authoring.badges import stale_readme
    from course_utils.workshop.authoring.freshness import stale_chapters
    from course_utils.workshop.authoring.solution_file import solution_file, stale_solutions
    from course_utils.workshop.authoring.tables import stale_tables
    from course_utils.workshop.authoring.translation import stale_translations

    stale = stale_chapters(chapters) or stale_solutions(chapters, solution_file(notebooks_dir))
    if readme := stale_readme(notebooks_dir.parent):
        stale.append(readme)
    stale += stale_tables(notebooks_dir)
    if has_package(notebooks_dir):
        names = stale_atlases(constraints_of(notebooks_dir))
        stale += [f"atlas {name}: was made from other code; run `python -m course_utils atlas`" for name in names]
    stale += stale_translations(notebooks_dir)
    for line in stale:
        fail(line)
    if not stale:
        print(f"{len(chapters)} notebook{'s' * (len(chapters) != 1)} up to date")
    return 1 if stale else 0


def _build(chapters: Sequence[Chapter], notebooks_dir: Path) -> int:
    from tqdm import tqdm

    from course_utils.workshop.authoring.atlases import constraints_of, has_package
    from course_utils.workshop.authoring.badges import write_readme
    from course_utils.workshop.authoring.build import build_chapter
    from course_utils.workshop.authoring.solution_file import read_solutions, solution_file, write_solutions
    from course_utils.workshop.authoring.tables import write_tables

    read_solutions(solution_file(notebooks_dir))  # a fault in it is told before minutes of running
    if has_package(notebooks_dir):
        _build_atlases([], constraints_of(notebooks_dir), os.cpu_count() or 1)  # first: figures in chapters show them
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
