"""System calls that no submission may make, refused by the kernel itself: a seccomp filter, made by libseccomp.

Calculating needs none of them. They lead to what the sandbox cannot hide, such as the keys of whoever grades; to
memory that no process is seen to hold; to new namespaces, in which a user has more of the kernel before them; or they
are where the faults of kernels lie. Numbers of another machine (i386 on x86_64) or of another manner of calling (x32)
are refused all together.

The filter is in force before the first program inside starts: `bwrap` sets it, and nothing can take it off again.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from typing import Any

__all__ = ["filter_file", "lacking", "leave_keys"]

LIBRARY = "libseccomp.so.2"
INSTALL = "apt install libseccomp2"

# By what they would lead to. A name that this system's kernel does not have is passed over.
REFUSED = {
    "the kernel's keys": "add_key request_key keyctl",
    "other machines, and programs on this one": "socket connect bind listen accept accept4",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp "
    "pidfd_getfd perf_event_open lookup_dcookie migrate_pages move_pages",
    "memory that nobody is seen to hold": "memfd_create memfd_secret vmsplice shmget shmat shmctl shmdt msgget msgsnd "
    "msgrcv msgctl semget semop semtimedop semctl mq_open mq_unlink userfaultfd remap_file_pages",
    "calls past this filter": "io_uring_setup io_uring_enter io_uring_register io_setup io_submit",
    "programs in the kernel": "bpf init_module finit_module delete_module create_module kexec_load kexec_file_load",
    "another file system": "mount umount umount2 pivot_root chroot open_tree open_tree_attr move_mount fsopen "
    "fsconfig fsmount fspick mount_setattr name_to_handle_at open_by_handle_at quotactl quotactl_fd swapon swapoff "
    "fanotify_init fanotify_mark",
    "other namespaces": "unshare setns",
    "the machine": "reboot acct syslog settimeofday stime adjtimex clock_settime clock_adjtime sethostname "
    "setdomainname iopl ioperm modify_ldt vhangup nfsservctl uselib _sysctl sysfs ustat personality",
}  # fmt: skip
# Calls that libseccomp may be too old to know; these numbers are the same on every machine.
NUMBERS = {"process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447,
           "process_mrelease": 448, "open_tree_attr": 467}  # fmt: skip

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
ACT_BADARCH = 2  # the attribute that says what becomes of another machine's calls
NOT_EQUAL, EQUAL, MASKED_EQUAL = 1, 4, 7
NEW_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)  # of clone's flags
SHARED, ANONYMOUS = 0x01, 0x20  # of mmap's flags: such memory is held by who has one page of it left
TYPES_A_KEY, TYPES_A_LINE = 0x541C, 0x5412  # ioctl on a terminal: TIOCLINUX, TIOCSTI
UNIX = 1  # the family of sockets
JOIN_SESSION_KEYRING = 1
KEYCTL = "keyctl"


class Comparison(ctypes.Structure):
    """One argument of a system call, compared: `struct scmp_arg_cmp`."""

    _fields_ = (("argument", ctypes.c_uint), ("how", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def lacking() -> str:
    """Return why no filter can be made here, with the line that helps, or ""."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return f"libseccomp is not installed: {INSTALL}"
    return "" if os.path.exists("/proc/sys/kernel/seccomp") else "the kernel cannot refuse system calls"


def filter_file() -> int:
    """Return a new file with the filter's program, to be handed to `bwrap --seccomp`.

    Raises
    ------
    OSError
        If libseccomp is missing or does not make it.
    """
    library = ctypes.CDLL(LIBRARY)
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))
    if not context:
        raise OSError(errno.ENOSYS, "libseccomp makes no filter")
    refused = ctypes.c_uint32(ERRNO | errno.EPERM)
    done(library.seccomp_attr_set(context, ACT_BADARCH, refused), "another machine's calls")
    for name, code, compared in rules():
        number = library.seccomp_syscall_resolve_name(name.encode())
        number = NUMBERS.get(name, number) if number < 0 else number
        if number >= 0:  # one below 0 is a call of other machines
            given = (Comparison * len(compared))(*compared)
            action = ctypes.c_uint32(ERRNO | code)
            done(library.seccomp_rule_add_array(context, action, number, len(compared), given), name)
    reading, writing = os.pipe()  # it has room for twenty such programs
    done(library.seccomp_export_bpf(context, writing), "its program")
    library.seccomp_release(context)
    os.close(writing)
    os.set_inheritable(reading, True)
    return reading


def rules() -> Iterator[tuple[str, int, list[Comparison]]]:
    """Return the calls that are refused, each with the error that it gives and what its arguments have to be."""
    for names in REFUSED.values():
        for name in names.split():
            yield name, errno.EPERM, []
    # What has to be compared stands behind a pointer, which no filter follows; told that it is unknown, C's library
    # goes back to clone.
    yield "clone3", errno.ENOSYS, []
    for flag in NEW_NAMESPACES:
        yield "clone", errno.EPERM, [Comparison(0, MASKED_EQUAL, flag, flag)]
    yield "socketpair", errno.EAFNOSUPPORT, [Comparison(0, NOT_EQUAL, UNIX, 0)]  # asyncio wakes itself by a pair
    yield "mmap", errno.EPERM, [Comparison(3, MASKED_EQUAL, SHARED | ANONYMOUS, SHARED | ANONYMOUS)]
    for request in (TYPES_A_LINE, TYPES_A_KEY):
        yield "ioctl", errno.EPERM, [Comparison(1, MASKED_EQUAL, 0xFFFFFFFF, request)]


def done(result: int, what: str) -> None:
    """Refuse to go on where libseccomp refused."""
    if result < 0:
        raise OSError(-result, f"libseccomp refused {what}")


def leave_keys() -> None:
    """Begin a session keyring of one's own; the old one, which grading hands on to all that it starts, stays behind."""
    library: Any = ctypes.CDLL(LIBRARY)
    number = library.seccomp_syscall_resolve_name(KEYCTL.encode())
    ctypes.CDLL(None).syscall(ctypes.c_long(number), ctypes.c_long(JOIN_SESSION_KEYRING), None)  # fails without keys
