"""The command `demo`."""

import argparse

from course_utils.workshop.command import LANGUAGE, argument, command, fail, spoken


@command(
    argument("demo", nargs="?", metavar="DEMO", help="such as playground; none lists them all"),
    argument("--all", action="store_true", help="all of them, from one page of tiles"),
    argument("--port", type=int, default=8866, help="first port to try (default: %(default)s)"),
    LANGUAGE,
    argument("--no-browser", action="store_true", help="only print the address"),
)
def demo(arguments: argparse.Namespace) -> int:
    """Show a live figure in full size with a plan beside it; without a name list the demos."""
    from course_utils.texts import speaking

    with speaking(spoken(arguments)):
        return _demo(arguments)


def _demo(arguments: argparse.Namespace) -> int:
    from course_utils.workshop.demos.catalogue import available, find_demo
    from course_utils.workshop.demos.server import serve

    if arguments.demo is None and not arguments.all:
        width = max(len(one.name) for one in available())
        for one in available():
            print(f"{one.name:<{width}}  {one.line}")
        return 0
    if arguments.demo is not None and arguments.all:
        return fail("name one demo or give --all, not both")
    try:
        demos = available() if arguments.all else [find_demo(arguments.demo)]
    except ValueError as error:
        return fail(str(error))
    return serve(demos, arguments.port, browser=not arguments.no_browser)
