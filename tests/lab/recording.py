"""Real clients against real servers, recorded off the loopback interface of the tests' private network."""

import json
import os
import pathlib
import signal
import subprocess
import time

from . import packets, process, servers

CLIENT = pathlib.Path(__file__).resolve().parent / "clients" / "boto3_client.py"
PYTHON = "/usr/bin/python3"  # Debian's, which has boto3


def add_address(address: str) -> None:
    """The machine of the lab answers to it from now on; must only be called in a private network."""
    subprocess.run(["ip", "address", "replace", f"{address}/32", "dev", "lo"], check=True)


def wire_like() -> None:
    """Segments of an Ethernet's size instead of the 64 KB of loopback."""
    subprocess.run(["ip", "link", "set", "lo", "mtu", "1500", "gso_max_size", "1500", "gso_max_segs", "1"], check=True)


class Recorder:
    """tcpdump on the loopback interface, for as long as the block lasts."""

    def __init__(self, path: pathlib.Path, *arguments):
        self.path = path
        self._arguments = arguments

    def __enter__(self) -> "Recorder":
        self._log = open(self.path.with_suffix(".log"), "wb+")
        self._child = subprocess.Popen(
            ["tcpdump", "-i", "lo", "-n", "-U", "--immediate-mode", "-Z", "root", "-s", "0", "-B", "8192", "-w",
             str(self.path), *self._arguments],
            stdout=subprocess.DEVNULL, stderr=self._log)
        end = time.monotonic() + 10
        while b"listening on" not in self.words():
            assert self._child.poll() is None, self.words()
            assert time.monotonic() < end, "tcpdump does not start"
            time.sleep(0.02)
        return self

    def words(self) -> bytes:
        return pathlib.Path(self._log.name).read_bytes()

    def __exit__(self, *_) -> None:
        # What is still on its way to it would be missing from the file.
        size, quiet = -1, 0
        while quiet < 3:
            time.sleep(0.05)
            now = self.path.stat().st_size
            quiet = quiet + 1 if now == size else 0
            size = now
        self._child.send_signal(signal.SIGINT)
        self._child.wait()
        self._log.close()

    def packets(self) -> list[packets.Packet]:
        return packets.read_pcap(self.path)


def dynalite(port: int, log: pathlib.Path, tls: bool = False) -> process.Process:
    extra = ["--ssl"] if tls else []
    child = process.Process(["node", servers.PEERS / "dynalite" / "cli.js", "--host", "0.0.0.0", "--port", port, *extra],
                            port, log)
    child.wait_ready()
    return child


def boto3(**ask) -> dict:
    """What the client says it has sent: {operation: requests}."""
    asked = {"region": "us-east-1", "table": "Music", **ask}
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("AWS_", "http", "HTTP", "NO_PROXY", "no_proxy"))}
    done = subprocess.run([PYTHON, "-B", str(CLIENT), json.dumps(asked)], capture_output=True, text=True, timeout=60,
                          env={**environment, "AWS_EC2_METADATA_DISABLED": "true"})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
