"""What the program says of each real server: held against golden files, and against what the lab knows by itself."""

import json
import os
import pathlib
import re
import subprocess

import pytest

from lab import facts, program, servers
from lab.normal import normal

GOLDEN = pathlib.Path(__file__).parent / "golden"
ALL = [server.name for server in servers.SERVERS]

# How to ask for the version of what stands behind a server, and how much of it decides about behaviour. What npm brings
# is fixed by the lockfile.
_VERSIONS = (
    ("openssl", ["openssl", "version"], r"OpenSSL (\d+\.\d+)"),
    ("gnutls", ["gnutls-serv", "--version"], r"gnutls-serv (\d+\.\d+)"),
    ("nss", ["dpkg-query", "-W", "-f", "${Version}", "libnss3"], r"(\d+\.\d+)"),
    ("nginx", ["nginx", "-v"], r"nginx/(\d+\.\d+)"),
    ("certificate", ["nginx", "-v"], r"nginx/(\d+\.\d+)"),
    ("stunnel", ["openssl", "version"], r"OpenSSL (\d+\.\d+)"),
    ("botan", ["botan", "version"], r"(\d+\.\d+)"),
    ("boringssl", ["dpkg-query", "-W", "-f", "${Version}", "android-boringssl"], r"([\d.]+\+r\d+)"),
    ("lighttpd", ["lighttpd", "-v"], r"lighttpd/(\d+\.\d+\.\d+)"),
    ("java", ["java", "-version"], r'version "(\d+)'),
    ("go", ["go", "version"], r"go(\d+\.\d+)"),
)


def made_with(server) -> str:
    """Name and version of the package that decides how the server behaves; a golden file is for one."""
    for prefix, command, pattern in _VERSIONS:
        if server.name.startswith(prefix):
            tool = servers.which(command[0])
            said = subprocess.run([tool, *command[1:]], capture_output=True, text=True, check=False) if tool else None
            match = re.search(pattern, said.stdout + said.stderr) if said else None
            return f"{command[-1] if command[0] == 'dpkg-query' else command[0]} {match.group(1) if match else '?'}"
    return server.package


@pytest.fixture(scope="module")
def results(lab, wiretight):
    """One scan of each server, kept for all tests of it."""
    kept = {}

    def result(name):
        if name not in kept:
            kept[name] = program.scan_json("--facts", lab.target(name), trust=lab.certificates.authority)
        return kept[name]
    return result


@pytest.mark.parametrize("server", ALL, indirect=True)
def test_facts_that_the_lab_knows(results, server):
    answer = results(server.name)
    assert answer.code in (0, 1, 3), str(answer)
    rules = answer.rules()
    assert set(server.truth.rules) <= rules
    assert not set(server.truth.not_rules) & rules
    if server.truth.protocols:
        assert tuple(facts.protocols(answer.json)) == server.truth.protocols
    if server.truth.dh_bits:
        assert server.truth.dh_bits in {group["bits"] for group in facts.asked(answer.json)["dh"]}
    for group in server.truth.groups:
        assert group in {known["name"] for known in facts.asked(answer.json)["groups"]}


@pytest.mark.parametrize("server", [name for name in ALL if name not in ("openssl-client-certificate",)], indirect=True)
def test_nothing_stays_unseen(results, server):
    """A sound network and a server that answers: the assessment is complete, whatever it finds."""
    answer = results(server.name)
    assert [target["status"] for target in answer.json["targets"]] == ["complete"], answer.json["targets"]
    assert answer.json["verdict"] in ("tight", "leaking")


@pytest.mark.parametrize("server", ALL, indirect=True)
def test_golden(lab, results, server):
    place = lab.places[server.name]
    result = results(server.name).json
    for part in ("tool", "scan"):
        result.pop(part)
    # Kinds of facts that other sources fill.
    result["facts"] = {kind: known for kind, known in result["facts"].items() if known}
    current = {"madeWith": made_with(server), "result": normal(result, str(place), place.port)}
    path = GOLDEN / f"{server.name}.json"
    if os.environ.get("WIRETIGHT_GOLDEN") == "update":
        path.write_text(json.dumps(current, indent=1, ensure_ascii=False) + "\n")
        return
    assert path.exists(), f"no {path.name}: tests/golden/update writes it"
    golden = json.loads(path.read_text())
    if golden["madeWith"] != current["madeWith"]:
        pytest.skip(f"the golden file is of {golden['madeWith']}, this machine has {current['madeWith']}")
    assert current["result"] == golden["result"]
