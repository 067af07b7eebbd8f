"""A command as its room declares it, beside what does the work: its word, what it takes, and what it runs.

A declaration imports nothing but this module: `--help`, or a command that only reads text, should not wait for torch,
matplotlib or a Jupyter kernel's libraries, nor fail where they are missing. What a command needs it imports as it runs.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_utils.texts import languages

Argument = tuple[tuple[str, ...], dict[str, Any]]  # of `ArgumentParser.add_argument`


@dataclass(frozen=True)
class Command:
    """A function on the command line: its name is the word, its docstring the help."""

    run: Callable[[argparse.Namespace], int]
    arguments: tuple[Argument, ...]

    def add_to(self, parsers: Any) -> None:
        """Add its parser to those of the other commands."""
        parser = parsers.add_parser(self.run.__name__, help=self.run.__doc__, description=self.run.__doc__)
        for names, settings in self.arguments:
            parser.add_argument(*names, **settings)
        parser.set_defaults(run=self.run)


def command(*arguments: Argument) -> Callable[[Callable[[argparse.Namespace], int]], Command]:
    """Make a command of a function that returns the exit status."""
    return lambda run: Command(run, arguments)


def argument(*names: str, **settings: Any) -> Argument:
    """Declare an argument, as for `ArgumentParser.add_argument`."""
    return names, settings


LANGUAGE = argument("--language", choices=["en", *languages()], default="en", help="(default: %(default)s)")


def spoken(arguments: argparse.Namespace) -> str:
    """Return the language that a command is asked for, "" for English."""
    return "" if arguments.language == "en" else str(arguments.language)


def fail(message: str) -> int:
    """Say on stderr why not, and return the exit status for it."""
    print(message, file=sys.stderr)
    return 1
