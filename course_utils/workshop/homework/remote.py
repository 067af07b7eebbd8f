"""Functions of a submission, called from another process, which the submission cannot reach.

A check that shares a process with an answer can be changed by it. So a second process, in a sandbox of its own, runs
the instructor's cells alone. Where a check there calls an answer, the arguments go to the submission's process, and
numbers come back. They are read by a reader that makes nothing but numbers, arrays and what holds them: whatever the
submission sends, it runs nothing here.

What a call changed in its arguments is changed here too, and functions that either side gets are called in the other.
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

__all__ = ["Answerer", "Asker", "Channel", "names_in"]

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
        left = memoryview(LENGTH.pack(len(data)) + data)
        while left:
            left = left[os.write(self.writing, left) :]

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

    def function(self, name: str | int) -> Callable[..., Any]:
        """Return a function that calls one of the submission's: that of a name, or the one of this number it gave."""

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

        answer.__name__ = answer.__qualname__ = str(name)
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
            message = Reader(io.BytesIO(self.channel.receive()), self).load()
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

    def __init__(self, file: io.BytesIO, asker: Asker) -> None:
        super().__init__(file)
        self.asker = asker

    def find_class(self, module: str, name: str) -> Any:
        """Return one of the few things that a message may be made of."""
        if (module, name) not in MADE_OF:
            raise pickle.UnpicklingError(f"{module}.{name} is not read here")
        return super().find_class(module, name)

    def persistent_load(self, number: Any) -> Any:
        """Return what a function gave the submission before, or a function of the submission's."""
        kind, place = number
        return self.asker.given[place] if kind == "given" else self.asker.function(int(place))


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


class Answerer:
    """The side of the submission.

    Parameters
    ----------
    channel
        To the check.
    names
        What the submission has defined.
    """

    def __init__(self, channel: Channel, names: Mapping[str, Any]) -> None:
        self.channel, self.names = channel, names
        self.known: dict[int, tuple[int, Any]] = {}  # what functions of the check gave during a call, by its identity
        self.functions: list[Any] = []  # that the check got from a call

    def answer(self) -> None:
        """Answer until the check has no more questions."""
        while (message := self.heard())[0] != "end":
            if message[0] == "get":
                known, value = message[1] in self.names, self.names.get(message[1])
                self.reply(*(("function", None) if callable(value) else ("value", value) if known else ("none", None)))
            else:
                name = message[1]
                self.answer_call(self.functions[name] if isinstance(name, int) else self.names.get(name), *message[2:])

    def answer_call(self, function: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Call one function and send what it gave and what it made of its arguments."""
        try:
            result = function(*given, **named)
            after = [one.bit_generator.state if isinstance(one, np.random.Generator) else one for one in given]
            self.reply("result", result, [None if isinstance(one, Stub) else one for one in after])
        except BaseException as error:  # also one that would end this process, such as an interrupt
            try:
                words = str(error)[:4000]
            except Exception:
                words = ""
            self.reply("error", type(error).__name__, words)
        finally:
            self.known.clear()

    def heard(self) -> Any:
        """Return the check's next message."""
        return Unpickled(io.BytesIO(self.channel.receive()), self).load()

    def reply(self, *message: Any) -> None:
        """Send a message."""
        data = io.BytesIO()
        pickler = pickle.Pickler(data, 4)
        pickler.persistent_id = self.number_of  # type: ignore[method-assign]  # as pickle has it
        try:
            pickler.dump(message)
        except Exception as error:  # a result of the submission's own kind
            self.channel.send(pickle.dumps(("opaque", type(error).__name__), 4))
        else:
            self.channel.send(data.getvalue())

    def number_of(self, value: Any) -> tuple[str, int] | None:
        """Return by which number something goes that the check gave, or a function; None for all else."""
        if id(value) in self.known:
            return "given", self.known[id(value)][0]
        if callable(value) and not isinstance(value, type | np.ufunc | np.dtype) and not is_numpys(value):
            self.functions.append(value)
            return "function", len(self.functions) - 1
        return None


def is_numpys(value: Any) -> bool:
    """Return whether a function is one by which an array is made again from a message."""
    return str(getattr(value, "__module__", "")).startswith(("numpy.core", "numpy._core"))


class Stub:
    """A function of the check, seen from the submission."""

    def __init__(self, answerer: Answerer, number: int) -> None:
        self.answerer, self.number = answerer, number

    def __call__(self, *given: Any, **named: Any) -> Any:
        self.answerer.reply("ask", self.number, given, named)
        kind, number, value = self.answerer.heard()
        if kind == "raise":
            raise error_of(number, value)
        if value is not None:
            self.answerer.known[id(value)] = number, value
        return value


class Unpickled(pickle.Unpickler):
    """The check's next message, read by the submission."""

    def __init__(self, file: io.BytesIO, answerer: Answerer) -> None:
        super().__init__(file)
        self.answerer = answerer

    def persistent_load(self, number: int) -> Stub:
        """Return a function of the check."""
        return Stub(self.answerer, number)


def names_in(source: str) -> set[str]:
    """Return the names that code uses but does not give itself."""
    codes, used = [compile(source, "<check>", "exec")], set()
    for code in codes:
        used |= set(code.co_names)
        codes += [one for one in code.co_consts if isinstance(one, CodeType)]
    return used - set(vars(builtins))
