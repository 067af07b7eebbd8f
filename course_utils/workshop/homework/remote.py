"""Functions of a submission, called from another process, which the submission cannot reach.

A check that shares a process with an answer can be changed by it. So a second process, in a sandbox of its own, runs the
instructor's cells alone. Where a check there calls an answer, the arguments go to the submission's process, and numbers
come back. They are read by a reader that makes nothing but numbers, arrays and what holds them: whatever the submission
sends, it runs nothing here.

What a call changed in its arguments is changed here too, and functions among the arguments are called back.
"""

from __future__ import annotations

import builtins
import io
import os
import pickle
import struct
import sys
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

import numpy as np

__all__ = ["Asker", "Channel", "answer_calls", "names_in"]

LONGEST = 64 * 2**20  # bytes of one message
LENGTH = struct.Struct("<Q")
# What a submission's message may be made of, beside Python's own numbers, texts, lists, tuples, dicts and sets.
MADE_OF = {
    ("numpy", "ndarray"), ("numpy", "dtype"), ("builtins", "complex"), ("builtins", "set"), ("builtins", "frozenset"),
    ("builtins", "slice"), ("collections", "OrderedDict"), ("fractions", "Fraction"),
    *((f"{place}.{file}", name) for place in ("numpy.core", "numpy._core") for file, name in (
        ("multiarray", "_reconstruct"), ("multiarray", "scalar"), ("numeric", "_frombuffer"),
    )),
}  # fmt: skip


class Channel:
    """Messages both ways through two pipes; the ends of one are given."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = reading, writing

    def send(self, data: bytes) -> None:
        """Send one message."""
        data = memoryview(LENGTH.pack(len(data)) + data)
        while data:
            data = data[os.write(self.writing, data) :]

    def receive(self) -> bytes:
        """Return the next message.

        Raises
        ------
        EOFError
            If none comes any more, or it is too long.
        """
        (length,) = LENGTH.unpack(self.exactly(LENGTH.size))
        if length > LONGEST:
            raise EOFError("a message is too long")
        return self.exactly(length)

    def exactly(self, length: int) -> bytes:
        """Return so many bytes."""
        parts = []
        while length:
            part = os.read(self.reading, min(length, 2**20))
            if not part:
                raise EOFError("nobody answers any more")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


class Asker:
    """The side of the check.

    Parameters
    ----------
    channel
        To the submission.
    """

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.functions: list[Callable[..., Any]] = []  # that the submission may call back
        self.given: list[Any] = []  # what they gave; it is known again when it comes back
        self.raised: BaseException | None = None  # by one of them
        self.unclear = ""  # why what came back says nothing about the answer

    def fetch(self, names: Mapping[str, Any] | set[str]) -> dict[str, Any]:
        """Return what the submission has under some names: functions that call its own, and values."""
        found = {}
        for name in sorted(names):
            self.send("get", name)
            kind, value = self.heard(2)
            if kind == "function":
                found[name] = self.function(name)
            elif kind == "value":
                found[name] = value
        return found

    def function(self, name: str) -> Callable[..., Any]:
        """Return a function that calls the submission's own."""

        def answer(*given: Any, **named: Any) -> Any:
            self.functions, self.given, self.raised = [], [], None
            self.send("call", name, given, named)
            while (heard := self.heard(None))[0] == "ask":
                self.call_back(*heard[1:])
            if heard[0] == "result" and len(heard) == 3 and len(heard[2]) == len(given):
                for old, new in zip(given, heard[2], strict=True):
                    renew(old, new)
                return next((old for old, new in zip(given, heard[2], strict=True) if new is heard[1]), heard[1])
            if heard[0] != "error" or len(heard) != 3:
                self.unclear = self.unclear or "its process gave no result that can be read"
                raise TypeError(self.unclear)
            if self.raised is not None:
                raise self.raised
            raise_in_the_answer(error_of(str(heard[1]), str(heard[2])))

        answer.__name__ = answer.__qualname__ = name
        return answer

    def call_back(self, number: int, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Call a function that was among the arguments, and send what it gives."""
        try:
            value = self.functions[number](*given, **named)
        except Exception as error:  # it is raised again once the submission has come to its end
            self.raised = error
            self.send("raise", type(error).__name__, str(error))
        else:
            self.given.append(value)
            self.send("value", len(self.given) - 1, value)

    def send(self, *message: Any) -> None:
        """Send a message; functions in it go by their number."""
        data = io.BytesIO()
        pickler = pickle.Pickler(data, pickle.HIGHEST_PROTOCOL)
        pickler.persistent_id = self.number_of  # type: ignore[method-assign]  # as pickle has it
        pickler.dump(message)
        self.channel.send(data.getvalue())

    def number_of(self, value: Any) -> int | None:
        """Return by which number a function goes, and None for all else."""
        if not callable(value) or isinstance(value, type | np.ufunc) or can_be_imported(value):
            return None
        self.functions.append(value)
        return len(self.functions) - 1

    def heard(self, length: int | None) -> tuple[Any, ...]:
        """Return the submission's next message, or what ends the check where it says nothing."""
        try:
            message = Reader(io.BytesIO(self.channel.receive()), self.given).load()
            if isinstance(message, tuple) and message and length in (None, len(message)):
                return message
            raise ValueError
        except (EOFError, OSError) as error:
            self.unclear = f"its process did not answer ({error})"
        except Exception:  # of a reader that was given anything at all
            self.unclear = "its process answered what is no number"
        return ("unclear", None)


def can_be_imported(value: Any) -> bool:
    """Return whether the other process can have a function by its name."""
    place = sys.modules.get(getattr(value, "__module__", None) or "")
    return place is not None and getattr(place, getattr(value, "__qualname__", ""), None) is value


class Reader(pickle.Unpickler):
    """Reads numbers, arrays and what holds them; everything else is refused."""

    def __init__(self, file: io.BytesIO, given: list[Any]) -> None:
        super().__init__(file)
        self.given = given

    def find_class(self, module: str, name: str) -> Any:
        """Return one of the few things that a message may be made of."""
        if (module, name) not in MADE_OF:
            raise pickle.UnpicklingError(f"{module}.{name} is not read here")
        return super().find_class(module, name)

    def persistent_load(self, number: Any) -> Any:
        """Return what a function gave the submission before."""
        return self.given[number]


def renew(old: Any, new: Any) -> None:
    """Give an argument the content that it has after a call."""
    if isinstance(old, np.random.Generator):
        old.bit_generator.state = new
    elif isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and old.shape == new.shape and old.flags.writeable:
        if old.dtype == new.dtype and old.tobytes() != new.tobytes():
            old[...] = new
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in [*old]:
            if key in new:
                renew(old[key], new[key])
        gone, come = old.keys() - new.keys(), {key: new[key] for key in new.keys() - old.keys()}
        for key in gone:
            del old[key]
        old.update(come)
        old.update({key: new[key] for key in new if not same_kind(old[key], new[key])})
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) == len(new) and all(map(same_kind, old, new)):
            for one, other in zip(old, new, strict=True):
                renew(one, other)
        else:
            old[:] = new


def same_kind(old: Any, new: Any) -> bool:
    """Return whether one can be renewed by the other, or need not."""
    if isinstance(old, np.ndarray):
        return isinstance(new, np.ndarray) and (old.shape, old.dtype) == (new.shape, new.dtype)
    if isinstance(old, dict | list | np.random.Generator):
        return isinstance(new, type(old)) or isinstance(old, np.random.Generator)
    return bool(callable(old)) or (type(old) is type(new) and old == new)


def error_of(kind: str, words: str) -> Exception:
    """Return an error of one of Python's own kinds."""
    found = getattr(builtins, kind, None)
    try:
        if isinstance(found, type) and issubclass(found, Exception):
            return found(words)
    except TypeError:  # one that wants more than words
        pass
    return RuntimeError(f"{kind}: {words}")


# A check takes an error for the answer's own where its last line is in no file of the course.
LINE: dict[str, Any] = {}
exec(compile("def raise_in_the_answer(error):\n    raise error", "<the answer>", "exec"), LINE)
raise_in_the_answer: Callable[[Exception], Any] = LINE["raise_in_the_answer"]


def answer_calls(channel: Channel, names: Mapping[str, Any]) -> None:
    """Answer the calls of the check with the submission's own functions, until there are no more."""
    while (message := Unpickled(channel, {}).load())[0] != "end":
        if message[0] == "get":
            value = names.get(message[1])
            known = message[1] in names
            reply(channel, {}, *(("function", None) if callable(value) else ("value", value) if known else ("none", None)))
        else:
            answer_call(channel, names.get(message[1]), *message[2:])


def answer_call(channel: Channel, function: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Call one function and send what it gave and what it made of its arguments."""
    known = CURRENT
    try:
        result = function(*given, **named)
        after = [one.bit_generator.state if isinstance(one, np.random.Generator) else one for one in given]
        reply(channel, known, "result", result, [None if isinstance(one, Stub) else one for one in after])
    except BaseException as error:  # also one that would end this process, such as an interrupt
        try:
            words = str(error)[:4000]
        except Exception:
            words = ""
        reply(channel, known, "error", type(error).__name__, words)
    finally:
        known.clear()


CURRENT: dict[int, tuple[int, Any]] = {}  # what functions of the check gave during this call, by its identity


class Stub:
    """A function of the check, seen from the submission."""

    def __init__(self, channel: Channel, number: int) -> None:
        self.channel, self.number = channel, number

    def __call__(self, *given: Any, **named: Any) -> Any:
        reply(self.channel, CURRENT, "ask", self.number, given, named)
        kind, number, value = Unpickled(self.channel, CURRENT).load()
        if kind == "raise":
            raise error_of(number, value)
        if value is not None:
            CURRENT[id(value)] = number, value
        return value


class Unpickled(pickle.Unpickler):
    """The check's next message, read by the submission."""

    def __init__(self, channel: Channel, known: dict[int, Any]) -> None:
        super().__init__(io.BytesIO(channel.receive()))
        self.channel = channel

    def persistent_load(self, number: int) -> Stub:
        """Return a function of the check."""
        return Stub(self.channel, number)


def reply(channel: Channel, known: dict[int, tuple[int, Any]], *message: Any) -> None:
    """Send a message; what the check gave goes by its number, if it is small enough to be known at all."""
    data = io.BytesIO()
    pickler = pickle.Pickler(data, 4)
    pickler.persistent_id = lambda value: known[id(value)][0] if id(value) in known else None  # type: ignore[method-assign]
    try:
        pickler.dump(message)
    except Exception as error:  # a result of the submission's own kind
        channel.send(pickle.dumps(("opaque", type(error).__name__), 4))
    else:
        channel.send(data.getvalue())


def names_in(source: str) -> set[str]:
    """Return the names that code uses but does not give itself."""
    codes, used, own = [compile(source, "<check>", "exec")], set(), set()
    for code in codes:
        used |= set(code.co_names)
        codes += [one for one in code.co_consts if isinstance(one, CodeType)]
    own = {name for name in vars(builtins)}
    return used - own
