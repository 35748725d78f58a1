"""Takes away from this process what it does not need: files, network, other processes. Linux, x86_64 and aarch64.

Landlock (kernel 5.13, where it is switched on) leaves only named folders readable and nothing writable. A seccomp
filter lets through a short list of system calls; all others fail with EPERM. Both need no privilege, are inherited
by children and cannot be taken back. Sources: landlock(7), seccomp(2), <asm/unistd.h>, <linux/bpf_common.h>.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
from collections.abc import Iterable
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_NAME, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 15, 22, 38
_SECCOMP_MODE_FILTER = 2
_KILL_PROCESS, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_CLONE_THREAD = 0x00010000
_O_TMPFILE_ALONE = 0o20000000  # os.O_TMPFILE without O_DIRECTORY, which is harmless
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | _O_TMPFILE_ALONE

# Numbers for x86_64 and aarch64, which has the newer call where the older one is missing (ppoll for poll).
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS: dict[str, tuple[int, int]] = {
    "stat": (4, 79), "lstat": (6, 79), "access": (21, 48), "getdents64": (217, 61), "faccessat": (269, 48),
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "poll": (7, 73), "lseek": (8, 62),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65),
    "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233), "dup": (32, 23),
    "nanosleep": (35, 101), "getpid": (39, 172), "socketpair": (53, 199), "exit": (60, 93), "uname": (63, 160),
    "fcntl": (72, 25), "gettimeofday": (96, 169), "sysinfo": (99, 179), "sigaltstack": (131, 132),
    "gettid": (186, 178), "futex": (202, 98), "sched_getaffinity": (204, 123), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94),
    "epoll_wait": (232, 22), "epoll_ctl": (233, 21), "newfstatat": (262, 79), "ppoll": (271, 73),
    "set_robust_list": (273, 99), "epoll_pwait": (281, 22), "eventfd2": (290, 19), "epoll_create1": (291, 20),
    "pipe2": (293, 59), "getrandom": (318, 278), "membarrier": (324, 283), "statx": (332, 291), "rseq": (334, 293),
}  # fmt: skip
_MKDIR = (83, 34)
_CLONE, _CLONE3, _TGKILL, _OPENAT, _PRCTL = (56, 220), (435, 435), (234, 131), (257, 56), (157, 167)

# Landlock: the calls have one number everywhere; bits by the ABI version that brought them.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION = 1
_LANDLOCK_PATH_BENEATH = 1
_FS_READ_FILE, _FS_READ_DIR = 1 << 2, 1 << 3
_FS_BITS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_FS_BITS_NEWEST = 16
_NET_ABI, _SCOPE_ABI = 4, 6
_NET_ALL, _SCOPE_ALL = 0b11, 0b11


class NoConfinement(Exception):
    """This kernel or architecture cannot confine a process; run on Linux with seccomp, on x86_64 or aarch64."""


def no_new_privileges() -> None:
    """Nothing started from here can gain privileges; the ground both mechanisms stand on."""
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise NoConfinement("PR_SET_NO_NEW_PRIVS is refused")


def landlock_version() -> int:
    """The kernel's Landlock ABI version; 0 where there is none."""
    return max(0, int(_libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_LANDLOCK_VERSION))))


def only_read_below(folders: Iterable[Path]) -> None:
    """Landlock: from now on nothing but these folders can be opened, for reading only. Call `no_new_privileges` first.

    Existing folders only; those that do not exist are passed over.
    """
    ruleset = _landlock_ruleset(landlock_version())
    try:
        for folder in folders:
            if folder.is_dir():
                _landlock_allow(ruleset, folder)
        _demand(_libc.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0)), "landlock_restrict_self")
    finally:
        os.close(ruleset)


def filter_calls(*, may_open: bool) -> None:
    """Seccomp: only computing, memory, threads and descriptors already open; with `may_open`, opening to read.

    Call it while the process has one thread, after `no_new_privileges`. No socket, no other process, no execve.
    """
    program = _program(may_open=may_open)
    code = ctypes.create_string_buffer(b"".join(program))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    result = _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_void_p(ctypes.addressof(head)), 0, 0)
    _demand(result, "seccomp")


def limit_resources(limits: dict[int, int]) -> None:
    """Set hard and soft limits (`resource.RLIMIT_*` to value), never above what is allowed already."""
    for name, value in limits.items():
        _, hard = resource.getrlimit(name)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (bound, bound))


def _landlock_ruleset(version: int) -> int:
    if version < 1:
        raise NoConfinement("this kernel has no Landlock")
    handled = (1 << _FS_BITS_BY_ABI.get(version, _FS_BITS_NEWEST)) - 1
    attributes = struct.pack("=Q", handled)
    if version >= _NET_ABI:
        attributes += struct.pack("=Q", _NET_ALL)
    if version >= _SCOPE_ABI:
        attributes += struct.pack("=Q", _SCOPE_ALL)
    result = _libc.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    return _demand(result, "landlock_create_ruleset")


def _landlock_allow(ruleset: int, folder: Path) -> None:
    handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", _FS_READ_FILE | _FS_READ_DIR, handle)
        arguments = (ctypes.c_int(ruleset), ctypes.c_int(_LANDLOCK_PATH_BENEATH), rule, ctypes.c_uint(0))
        _demand(_libc.syscall(_LANDLOCK_ADD, *arguments), "landlock_add_rule")
    finally:
        os.close(handle)


def _demand(result: int, call: str) -> int:
    if result < 0:
        raise NoConfinement(f"{call} is refused: {errno.errorcode.get(ctypes.get_errno(), 'unknown')}")
    return int(result)


def _program(*, may_open: bool) -> list[bytes]:
    machine = platform.machine()
    if machine not in _AUDIT_ARCH:
        raise NoConfinement("the filter is written for x86_64 and aarch64")
    column = list(_AUDIT_ARCH).index(machine)
    allowed = sorted({numbers[column] for numbers in _CALLS.values()})
    program = [_load(4), _jump_equal(_AUDIT_ARCH[machine], 1, 0), _return(_KILL_PROCESS), _load(0)]
    for number in allowed:
        program += [_jump_equal(number, 0, 1), _return(_ALLOW)]
    program += _where(_CLONE[column], 0, _jump_any(_CLONE_THREAD, 0, 1))
    program += _where(_TGKILL[column], 0, _jump_equal(os.getpid(), 0, 1))
    program += _where(_PRCTL[column], 0, _jump_equal(_PR_SET_NAME, 0, 1))
    if may_open:
        program += _where(_OPENAT[column], 2, _jump_any(_WRITES, 1, 0))
    # glibc falls back to clone, whose flags the filter can see, only where clone3 seems not to exist.
    program += [_jump_equal(_CLONE3[column], 0, 1), _return(_ERRNO | errno.ENOSYS)]
    # kreuzberg makes the folder of its PDF library before each use and takes only "exists already" for an answer.
    program += [_jump_equal(_MKDIR[column], 0, 1), _return(_ERRNO | errno.EEXIST)]
    return [*program, _return(_ERRNO | errno.EPERM)]


def _where(number: int, argument: int, test: bytes) -> list[bytes]:
    """Allow call `number` if its argument passes `test`, which goes on at the next line, or skips one to refuse."""
    block = [_load(16 + 8 * argument), test, _return(_ALLOW), _return(_ERRNO | errno.EPERM)]
    return [_jump_equal(number, 0, len(block)), *block]


def _load(offset: int) -> bytes:
    return struct.pack("=HBBI", 0x20, 0, 0, offset)


def _jump_equal(value: int, if_so: int, if_not: int) -> bytes:
    return struct.pack("=HBBI", 0x15, if_so, if_not, value)


def _jump_any(bits: int, if_so: int, if_not: int) -> bytes:
    return struct.pack("=HBBI", 0x45, if_so, if_not, bits)


def _return(value: int) -> bytes:
    return struct.pack("=HBBI", 0x06, 0, 0, value)
