"""The private network, the lab and the scripted servers as fixtures; skips are counted and, when asked, forbidden."""

import itertools
import json
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lab import certificates, namespace, process, program, servers  # noqa: E402

_why_not_private = ""


def pytest_configure(config):
    global _why_not_private
    try:
        namespace.enter()
    except namespace.NoNamespace as reason:
        _why_not_private = str(reason)


def pytest_report_header(config):
    return f"network: {'private' if namespace.is_private() else 'that of the machine: ' + _why_not_private}"


def pytest_sessionfinish(session, exitstatus):
    """WIRETIGHT_NO_SKIPS=1 makes a run that could not look at everything fail."""
    skipped = session.config.pluginmanager.get_plugin("terminalreporter").stats.get("skipped", [])
    if skipped and os.environ.get("WIRETIGHT_NO_SKIPS") == "1" and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def wiretight():
    """The program's path; not having it is a failure, never a skip."""
    path = program.path()
    assert path.exists(), f"{path} is not built"
    return path


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    with servers.Lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    """The certificates alone, for tests that need no packaged server."""
    return certificates.Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(lab, request):
    """A real server by name (indirect parameter), or a skip that says why it is not to be had."""
    name = request.param
    if name in lab.missing:
        pytest.skip(f"{name}: {lab.missing[name]}")
    return servers.BY_NAME[name]


@pytest.fixture
def script(tmp_path):
    """Starts scripted servers: script(kind="tls", ...) is the port. They end with the test."""
    children, numbers = [], itertools.count()

    def start(address="127.0.0.1", port=0, **words) -> int:
        port = port or process.free_port(address)
        text = json.dumps({"address": address, "port": port, **words}, default=str)
        child = process.Process([sys.executable, "-B", servers.TESTS / "scripted_server.py", text], port,
                                tmp_path / f"script{next(numbers)}.log")
        children.append(child)
        child.wait_ready()
        return port

    yield start
    for child in children:
        child.stop()
