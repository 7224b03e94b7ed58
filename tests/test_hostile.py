"""Servers that mean harm or are broken: the scan ends, stays small, tells what it did not see, prints nothing raw."""

import json
import re

import pytest

from lab import program

SECONDS = 20
RESIDENT = 40 << 20

# Whether an HTTP answer is all that the server has: then TLS cannot be assessed, but cleartext can.
HTTP = ("http-400", "huge-head", "endless-body", "gzip-bomb")
KINDS = ("silent", "drip", "endless-records", "garbage", "huge-length", "http-400", "endless-warnings",
         "endless-certificate", "reset", "close", "huge-head", "endless-body", "gzip-bomb", "wrong-suite",
         "thousand-certificates", "slow-handshake")


def strings(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


# C0 and C1 controls, and the marks that turn the direction of writing.
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def assert_clean(answer):
    assert not FORBIDDEN.search(answer.out.decode().replace("\r\n", "\n")), answer.out
    assert not FORBIDDEN.search(answer.errors), answer.err


def assert_bounded(answer, seconds=SECONDS):
    assert not answer.timed_out, f"no end after {answer.seconds:.0f} s"
    assert answer.seconds <= seconds, str(answer)
    assert answer.resident <= RESIDENT, f"{answer.resident >> 20} MB"
    assert answer.code in (0, 1, 3), str(answer)


@pytest.mark.parametrize("kind", KINDS)
def test_ends_in_bounds_and_says_so(wiretight, certs, script, kind):
    port = script(kind=kind, certificate=certs.pair("sound")[0])
    answer = program.scan_json(f"127.0.0.1:{port}", seconds=2 * SECONDS, trust=certs.authority)
    assert_bounded(answer)
    assert_clean(answer)
    target = answer.json["targets"][0]
    if kind in HTTP:
        # TLS is not there, which is no pass.
        assert answer.json["verdict"] != "tight", str(answer)
    else:
        assert target["status"] in ("partial", "failed"), str(answer)
        assert answer.code == 3, str(answer)
        assert answer.json["verdict"] == "incomplete"
        assert target["problems"] and all(problem["message"] for problem in target["problems"])


def test_many_hostile_servers_at_once(wiretight, certs, script):
    """They do not add up: the slowest decides, and a sound server among them is still assessed."""
    ports = [script(kind=kind, certificate=certs.pair("sound")[0]) for kind in KINDS]
    chain, key = certs.pair("sound")
    good = script(kind="multiplex", certificate=chain, key=key, backing=True, http={"answer": "aws"},
                  versions={"TLSv1.2": [0xC02F, 0xC030], "TLSv1.3": [0x1301, 0x1302]})
    answer = program.scan_json(*(f"127.0.0.1:{port}" for port in [*ports, good]), seconds=90, trust=certs.authority)
    assert not answer.timed_out
    assert answer.seconds <= 2 * SECONDS
    assert answer.resident <= 2 * RESIDENT
    assert answer.code == 3
    assert len(answer.json["targets"]) == len(ports) + 1
    found = {finding["rule"] for finding in answer.json["findings"]
             if finding["location"].get("endpoint") == f"127.0.0.1:{good}"}
    assert "cleartext-accepted" in found


@pytest.mark.parametrize("form", ["console", "json", "sarif", "junit", "markdown", "github"])
def test_nothing_raw_reaches_the_reader(wiretight, certs, script, form):
    """Escape codes in the headers, the body, the status line and the certificate of a server."""
    plain = script(kind="escapes")
    chain, key = certs.pair("escapes")
    tls = script(kind="tls", certificate=chain, key=key, backing=True, http={"server": "evil"},
                 versions={"TLSv1.2": [0xC02F, 0xC030], "TLSv1.3": [0x1301, 0x1302]})
    answer = program.scan("--format", form, "--color", "never", "-v", f"http://127.0.0.1:{plain}", f"127.0.0.1:{tls}",
                          trust=certs.authority, seconds=40)
    assert answer.code in (1, 3), str(answer)
    assert_clean(answer)
    if form in ("json", "sarif"):
        for text in strings(json.loads(answer.out)):
            assert not FORBIDDEN.search(text.replace("\t", " ")), repr(text)


def test_wrong_suite_is_never_a_finding(wiretight, certs, script):
    """A server that answers RC4 whatever is offered does not thereby accept RC4."""
    port = script(kind="tls", certificate=certs.pair("sound")[0], wrong_suite=0x0004)
    answer = program.scan_json(f"127.0.0.1:{port}", trust=certs.authority, seconds=40)
    assert_bounded(answer)
    assert answer.code == 3, str(answer)
    messages = " ".join(problem["message"] for problem in answer.json["targets"][0]["problems"])
    assert re.search("violat|not offered|was not asked", messages, re.IGNORECASE), messages
