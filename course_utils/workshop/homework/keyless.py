"""The kernel's keys, which no submission is to reach: those of whoever grades hang on every process they start.

A new session keyring leaves the old one behind. But the user's own keyring can be linked into it by its number, so the
system calls for keys are refused as well, for good and to all processes started from here.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from pathlib import Path

__all__ = ["give_up_keys", "lacking"]

# By machine: what the kernel calls it, and the numbers of add_key, request_key and keyctl.
CALLS = {
    "x86_64": (0xC000003E, (248, 249, 250)),
    "aarch64": (0xC00000B7, (217, 218, 219)),
    "riscv64": (0xC00000F3, (217, 218, 219)),
}
JOIN_SESSION_KEYRING = 1
NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2  # of prctl
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # of the filter's program
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
OTHER_NUMBERS = 0x40000000  # from here on x86_64 has the same calls once more


def lacking() -> str:
    """Return why keys cannot be kept from a submission, or ""."""
    if platform.machine() not in CALLS:
        return f"the numbers of system calls are known for {', '.join(CALLS)}, not for {platform.machine()}"
    return "" if Path("/proc/sys/kernel/seccomp").exists() else "the kernel cannot refuse system calls"


def give_up_keys() -> None:
    """Leave all keys behind, for this process and all that it starts; nothing happens where :func:`lacking` says why.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    if sys.platform != "linux" or lacking():
        return
    kernel, (machine, calls) = ctypes.CDLL(None, use_errno=True), CALLS[platform.machine()]
    kernel.syscall(ctypes.c_long(calls[-1]), ctypes.c_long(JOIN_SESSION_KEYRING), None)  # fails where there are no keys
    code = program(machine, calls)
    filled = ctypes.create_string_buffer(code, len(code))
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(filled)))
    one, none = ctypes.c_ulong(1), ctypes.c_ulong(0)
    if kernel.prctl(NO_NEW_PRIVS, one, none, none, none) or kernel.prctl(SET_SECCOMP, ctypes.c_ulong(FILTER), whole):
        raise OSError(ctypes.get_errno(), "the system calls for keys cannot be refused")


def program(machine: int, calls: tuple[int, ...]) -> bytes:
    """Return the program by which the kernel refuses some system calls, and all in the manner of another machine."""
    steps = [(LOAD, 0, 0, 4), (EQUAL, 0, len(calls) + 3, machine), (LOAD, 0, 0, 0)]
    steps += [(AT_LEAST, len(calls) + 1, 0, OTHER_NUMBERS)]
    steps += [(EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
