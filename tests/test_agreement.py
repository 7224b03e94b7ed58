"""The program, sslscan, nmap and testssl.sh look at the same ports in the same job.

testssl.sh takes 10 to 30 s of processor time a server: it looks at a few, and at all with WIRETIGHT_TESTSSL=all.

Protocols and accepted suites must be the same. What differs must be explained in lab/differences.json, and every
explanation there must still be needed. Run as a program, writes docs/agreement.md.
"""

import concurrent.futures
import fnmatch
import json
import os
import pathlib
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lab import facts, namespace, observe, program, rivals, servers  # noqa: E402

# Chosen for the most different answers in the least time.
FOR_TESTSSL = ("nginx-sound", "lighttpd-mbedtls", "go")
EXPLAINED = json.loads((pathlib.Path(__file__).parent / "lab" / "differences.json").read_text())
TLS = [server.name for server in servers.SERVERS if server.tls]


def look(lab) -> dict:
    """Tool to {server: {protocol: suites}} for all servers that run. Our own reading of the wire is a tool too."""
    names = [name for name in TLS if name in lab.running]
    targets = {name: (lab.places[name].address, lab.places[name].port) for name in names}
    have = rivals.versions()
    seen = {"wiretight": {}, "lab": {}}
    for name in names:
        answer = program.scan_json("--facts", lab.target(name), trust=lab.certificates.authority)
        seen["wiretight"][name] = facts.protocols(answer.json)
        # An SSLv2 answer lists its ciphers in another numbering; what is compared is that it is on.
        seen["lab"][name] = {version: set() if version == "SSLv2" else observe.suites(targets[name], version)
                             for version in observe.protocols(targets[name])}
    if "nmap" in have:
        by_port = rivals.nmap("127.0.0.1", [port for _, port in targets.values()])
        seen["nmap"] = {name: by_port.get(port) for name, (_, port) in targets.items()}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        if "sslscan" in have:
            seen["sslscan"] = dict(zip(names, pool.map(lambda name: rivals.sslscan(*targets[name]), names)))
        if "testssl" in have:
            chosen = names if os.environ.get("WIRETIGHT_TESTSSL") == "all" else \
                [name for name in names if name in FOR_TESTSSL]
            seen["testssl"] = dict(zip(chosen, pool.map(lambda name: rivals.testssl(*targets[name]), chosen)))
    return seen


def differences(ours: dict, theirs: dict) -> list:
    """(protocol, suites that only we list, suites that only they list); None for the whole protocol."""
    found = []
    for version in ("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"):
        mine, others = ours.get(version), theirs.get(version)
        if mine is None and others is None:
            continue
        if others is None or mine is None:
            found.append((version, mine, others))
        elif version != "SSLv2" and mine != others:
            found.append((version, mine - others, others - mine))
    return found


def explanation(tool: str, server: str, version: str, only_ours, only_theirs) -> dict | None:
    """What a tool lacks never explains what we lack: a suite, or a protocol that it may list without any suite."""
    we_lack = only_ours is None or bool(only_theirs)
    for entry in EXPLAINED:
        if entry["tool"] == tool and fnmatch.fnmatch(server, entry["server"]) and \
                fnmatch.fnmatch(version, entry["protocol"]) and not (we_lack and entry.get("tool_lacks")):
            return entry
    return None


@pytest.fixture(scope="module")
def seen(lab, wiretight):
    return look(lab)


@pytest.mark.parametrize("tool", ["lab", "sslscan", "nmap", "testssl"])
def test_every_difference_is_explained(seen, tool):
    if tool not in seen:
        pytest.skip(f"{tool} is not on this machine")
    unexplained = []
    for name, theirs in seen[tool].items():
        if theirs is None:
            continue
        for version, only_ours, only_theirs in differences(seen["wiretight"][name], theirs):
            if not explanation(tool, name, version, only_ours, only_theirs):
                unexplained.append(f"{name} {version}: only wiretight {_words(only_ours)}; "
                                   f"only {tool} {_words(only_theirs)}")
    assert not unexplained, "\n".join(unexplained)


def test_every_explanation_is_needed(seen):
    """An explanation that explains nothing is a leftover, or hides what has changed."""
    used = [entry for tool in seen if tool != "wiretight" for name, theirs in seen[tool].items() if theirs is not None
            for version, only_ours, only_theirs in differences(seen["wiretight"][name], theirs)
            if (entry := explanation(tool, name, version, only_ours, only_theirs))]
    idle = [entry for entry in EXPLAINED if entry["tool"] in seen and entry not in used
            and (entry["server"] == "*" or entry["server"] in seen[entry["tool"]])]
    assert not idle, idle


def test_every_tool_looked_at_nearly_everything(seen):
    """A tool that saw nothing agrees with nobody: at most two servers may be too much for it, beside those of which
    lab/differences.json says by name why."""
    named = {(entry["tool"], entry["server"]) for entry in EXPLAINED}
    for tool, answers in seen.items():
        blind = [name for name, answer in answers.items() if not answer and (tool, name) not in named]
        assert len(blind) <= 2, f"{tool} saw nothing of {blind}"


@pytest.mark.parametrize("lists", [True, False])
def test_what_a_tool_lacks_excuses_nothing_that_we_lack(lists):
    """sslscan lists no suites of SSLv3; that must not hide an SSLv3 that only sslscan has seen."""
    theirs = {"SSLv3": {0x0005} if lists else set()}
    (version, only_ours, only_theirs), = differences({}, theirs)
    assert explanation("sslscan", "node-0.10", version, only_ours, only_theirs) is None
    (version, only_ours, only_theirs), = differences({"SSLv3": {0x0004}}, {"SSLv3": set()})
    assert explanation("sslscan", "node-0.10", version, only_ours, only_theirs)


def test_every_server_was_looked_at(lab):
    missing = {name: lab.missing[name] for name in TLS if name in lab.missing}
    if missing:
        pytest.skip("; ".join(f"{name}: {reason}" for name, reason in missing.items()))
    assert set(TLS) <= set(lab.running)


def _words(suites) -> str:
    if suites is None:
        return "not at all"
    return ", ".join(f"{suite:04X}" for suite in sorted(suites)) or "nothing"


def table(seen: dict, versions: dict) -> str:
    tools = [tool for tool in ("sslscan", "nmap", "testssl") if tool in seen]
    head = ["server", "wiretight", *tools]
    lines = ["# Agreement with other scanners", "",
             "Written by `tests/test_agreement.py` on servers of the test lab: all tools looked at the same ports in",
             "the same job. A cell is the number of (protocol, suite) pairs that the tool reports, SSLv2 left out; `=`",
             "marks the same set as wiretight's. A number in brackets refers to the explanations below.", "",
             "Versions: " + ", ".join(f"{tool} {versions[tool]}" for tool in tools) + ".", "",
             "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    used = []
    for name, ours in seen["wiretight"].items():
        cells = [name, _summary(ours)]
        for tool in tools:
            if name not in seen[tool]:
                cells.append("not run")
                continue
            theirs = seen[tool][name]
            if theirs is None:
                cells.append("did not end")
                continue
            notes = []
            for version, only_ours, only_theirs in differences(ours, theirs):
                entry = explanation(tool, name, version, only_ours, only_theirs)
                if entry and entry not in used:
                    used.append(entry)
                notes.append(f"({used.index(entry) + 1})" if entry else "(unexplained)")
            mark = "=" if not notes else " ".join(dict.fromkeys(notes))
            cells.append(f"{_summary(theirs)} {mark}")
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## Differences", ""]
    lines += [f"{number}. {entry['tool']}, {entry['server'].replace('*', 'all servers')}: {entry['why']}"
              for number, entry in enumerate(used, 1)]
    return "\n".join(lines) + "\n"


def _summary(answer: dict) -> str:
    return str(sum(len(suites) for version, suites in answer.items() if version != "SSLv2"))


def main() -> None:
    namespace.enter()
    with tempfile.TemporaryDirectory(prefix="wiretight-lab-") as folder, servers.Lab(pathlib.Path(folder)) as started:
        page = table(look(started), rivals.versions())
    (servers.TESTS.parent / "docs" / "agreement.md").write_text(page)


if __name__ == "__main__":
    main()
