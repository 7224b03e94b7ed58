"""Runs the program under test, with a limit of time, and measures what it took."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def path() -> pathlib.Path:
    return pathlib.Path(os.environ.get("WIRETIGHT", ROOT / "build" / "wiretight"))


@dataclasses.dataclass
class Result:
    code: int
    out: bytes
    err: bytes
    seconds: float
    resident: int  # bytes at most
    timed_out: bool

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def errors(self) -> str:
        return self.err.decode(errors="replace")

    @property
    def json(self) -> dict:
        return json.loads(self.out)

    def rules(self) -> set:
        return {finding["rule"] for finding in self.json["findings"]}

    def __str__(self) -> str:
        return (f"exit {self.code} after {self.seconds:.2f} s, {self.resident >> 20} MB\n"
                f"--- out\n{self.out[:4000].decode(errors='replace')}\n--- err\n{self.errors[:4000]}")


def run(*arguments, trust: pathlib.Path | None = None, seconds: float = 60, stdin: bytes | None = None,
        folder: pathlib.Path | None = None, environment: dict | None = None, stdout=None) -> Result:
    """Runs wiretight. `trust` is the only root that the program may trust beside its own."""
    surroundings = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "SSL_CERT", "NO_COLOR", "WIRETIGHT"))}
    surroundings.update(LC_ALL="C.UTF-8", TZ="UTC", HOME="/nonexistent")
    if trust:
        surroundings["SSL_CERT_FILE"] = str(trust)
    surroundings.update(environment or {})
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        if stdin is not None:
            given.write(stdin)
            given.seek(0)
        began = time.monotonic()
        child = subprocess.Popen([str(path()), *map(str, arguments)], stdin=given, stdout=stdout or out, stderr=err,
                                 env=surroundings, cwd=folder)
        timed_out = threading.Event()

        def give_up() -> None:
            timed_out.set()
            os.kill(child.pid, signal.SIGKILL)

        timer = threading.Timer(seconds, give_up)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - began
        for file in (out, err):
            file.seek(0)
        return Result(child.returncode, out.read(), err.read(), took, usage.ru_maxrss * 1024, timed_out.is_set())


def scan(*arguments, **options) -> Result:
    return run("scan", *arguments, **options)


def scan_json(*arguments, **options) -> Result:
    return run("scan", "--format", "json", *arguments, **options)
