"""A private network for the lab: nobody outside reaches our servers, and we reach none of the machine's.

Inside it every port is free and fixed ports (80, 8111 ...) can be used: this keeps the sibling ports that the scanner
tries free of strangers and makes the golden files repeatable.
"""

import ctypes
import os
import socket
import struct
import fcntl

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1

_entered = False


class NoNamespace(Exception):
    """The machine refuses a network namespace; the text says why."""


def is_private() -> bool:
    return _entered


def enter() -> None:
    """Moves this process (and all that it starts later) to a new network with nothing but an `lo` that is up.

    Must be called from the main thread before any other thread exists. Needs root, or user namespaces.
    """
    global _entered
    if _entered:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        if libc.unshare(_CLONE_NEWNET) != 0:
            raise NoNamespace(f"unshare(CLONE_NEWNET): {os.strerror(ctypes.get_errno())}")
    else:
        uid, gid = os.getuid(), os.getgid()
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            raise NoNamespace(f"unshare(CLONE_NEWUSER|CLONE_NEWNET): {os.strerror(ctypes.get_errno())}")
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"0 {uid} 1")
        _write("/proc/self/gid_map", f"0 {gid} 1")
    _raise_loopback()
    _entered = True


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
