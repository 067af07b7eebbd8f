"""What is printed where a terminal cannot show it: the rest, and no error."""

import io
import os
import subprocess
import sys

import pytest

from course_utils import __main__, terminal
from course_utils.environment import Finding, show_environment
from course_utils.exercises import check, hint, solution
from course_utils.workshop import lab

NARROW = ["ascii", "cp1252", "latin-1", "gbk"]
TEXT = "✓ λ₁ → ● 课 − é \udce9."


class Dumb:
    """A stream of a reader's own, which has no encoding."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text


@pytest.fixture
def narrow(monkeypatch):
    """Give a function that puts a stream of an encoding in the place of stdout."""

    def put(encoding):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
        monkeypatch.setattr(sys, "stdout", stream)
        return lambda: (stream.flush(), stream.buffer.getvalue().decode(encoding))[1]

    return put


@pytest.mark.parametrize("encoding", [*NARROW, "utf-8", "utf-16"])
def test_what_can_be_shown_is(encoding, narrow):
    said = narrow(encoding)
    terminal.say(TEXT)
    expected = "".join(one if one.encode(encoding, "ignore") and one != "\udce9" else "?" for one in TEXT)
    if encoding == "utf-16":
        expected = TEXT.replace("\udce9", "?")
    assert said() == expected + "\n"


def test_a_stream_without_an_encoding_takes_all(monkeypatch):
    stream = Dumb()
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.say("λ ✓")
    terminal.show_any_text()
    assert stream.text == "λ ✓\n"


@pytest.mark.parametrize("encoding", NARROW)
def test_checks_and_the_environment_speak_on_any_terminal(encoding, narrow):
    said = narrow(encoding)
    hint("dropout_variance")
    check("dropout_variance", lambda x, q: x**2 * (1 - q))
    hint("dropout_variance")
    solution("dropout_variance")
    show_environment([Finding("José ✓", None, "", ok=False, advice="λ")])
    assert said().count("dropout_variance") >= 3


@pytest.mark.parametrize(
    ("command", "encoding"),
    [(line, "ascii") for line in ("course_utils study", "course_utils demo", "course_utils.lab --help")]
    + [("course_utils --help", encoding) for encoding in NARROW],
)
def test_commands_print_on_any_terminal(command, encoding):
    done = subprocess.run(
        [sys.executable, "-m", *command.split()], capture_output=True, timeout=60, check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@pytest.mark.parametrize("main", [__main__.main, lab.main])
def test_what_a_command_prints_later_is_forgiven_too(main, narrow):
    said = narrow("ascii")
    with pytest.raises(SystemExit):
        main(["--help"])
    print("✓")
    assert said().endswith("?\n")
