"""Starting and stopping the servers of the lab: in parallel, quick to be ready, dead when we are."""

import atexit
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import time

_PR_SET_PDEATHSIG = 1
_LISTEN = "0A"
_libc = ctypes.CDLL(None)


class NotStarted(Exception):
    """The server ended before it listened, or did not listen in time; the text has its last words."""


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def listening(port: int) -> bool:
    """Whether anything listens on the TCP port, told without connecting (serial servers would count a connection)."""
    wanted = f":{port:04X}"
    for table in ("/proc/self/net/tcp", "/proc/self/net/tcp6"):
        try:
            lines = pathlib.Path(table).read_text().splitlines()[1:]
        except FileNotFoundError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTEN and fields[1].endswith(wanted):
                return True
    return False


def free_port(address: str = "127.0.0.1") -> int:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


class Process:
    """One child that listens on `port`; killed with its whole group by `stop`, at exit, or when we die."""

    # Must be started from the main thread: the kernel's death signal goes with the thread that made the child.
    def __init__(self, arguments: list, port: int, log: pathlib.Path, environment: dict | None = None,
                 folder: pathlib.Path | None = None, keep_input: bool = False):
        self.port = port
        self.log = log
        with open(log, "wb") as output:
            self.child = subprocess.Popen([str(a) for a in arguments], stdout=output, stderr=subprocess.STDOUT,
                                          stdin=subprocess.PIPE if keep_input else subprocess.DEVNULL,
                                          env={**os.environ, **(environment or {})}, cwd=folder,
                                          start_new_session=True, preexec_fn=_die_with_parent)
        atexit.register(self.stop)

    def wait_ready(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not listening(self.port):
            if self.child.poll() is not None:
                raise NotStarted(f"ended with {self.child.returncode}: {self.last_words()}")
            if time.monotonic() > end:
                self.stop()
                raise NotStarted(f"does not listen on {self.port} after {seconds} s: {self.last_words()}")
            time.sleep(0.01)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace").strip()[-400:]

    def stop(self) -> None:
        atexit.unregister(self.stop)
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.child.wait()
        if self.child.stdin:
            self.child.stdin.close()
