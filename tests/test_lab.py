"""The lab's servers are what its descriptions say, told without the program: golden files stand on this."""

import concurrent.futures
import socket
import subprocess
import time

import pytest

from lab import observe, servers, wire

TLS = [server.name for server in servers.SERVERS if server.tls]


def _target(lab, server):
    place = lab.places[server.name]
    return place.address, place.port


@pytest.mark.parametrize("server", TLS, indirect=True)
def test_protocols(lab, server):
    if server.truth.protocols is None:
        assert observe.protocols(_target(lab, server)), "speaks no TLS at all"
    else:
        assert observe.protocols(_target(lab, server)) == server.truth.protocols


@pytest.mark.parametrize("server", [s.name for s in servers.SERVERS if s.truth.dh_bits], indirect=True)
def test_size_of_the_prime(lab, server):
    version = [name for name in server.truth.protocols if name != "TLSv1.3"][-1]
    assert observe.dh_bits(_target(lab, server), version) == server.truth.dh_bits


@pytest.mark.parametrize("server", [s.name for s in servers.SERVERS if s.truth.groups], indirect=True)
def test_groups(lab, server):
    numbers = {name: number for number, name in wire.GROUP_NAMES.items()}
    for name in server.truth.groups:
        assert observe.has_group(_target(lab, server), numbers[name])


def test_scripted_suites_are_taken(certs, script):
    wanted = {0x0005, 0xC004, 0x0081}
    port = script(kind="tls", versions={"TLSv1.1": sorted(wanted)}, certificate=certs.pair("sound")[0])
    assert observe.protocols(("127.0.0.1", port)) == ("TLSv1.1",)
    assert observe.suites(("127.0.0.1", port), "TLSv1.1") == wanted


@pytest.mark.parametrize("words, finding", [
    ({"heartbeat": True, "heartbleed": True}, "ssl-heartbleed"),
    ({"versions": {"TLSv1.2": [0x009E]}, "dh_bits": 1024}, "ssl-dh-params"),
    ({"versions": {"SSLv3": [0x002F]}}, "ssl-poodle"),
])
def test_scripted_weakness_is_seen_by_nmap(certs, script, words, finding):
    if not servers.which("nmap"):
        pytest.skip("no nmap on this machine")
    port = script(**{"kind": "tls", "certificate": certs.pair("sound")[0], **words})
    said = subprocess.run(["nmap", "-Pn", "-n", "-p", str(port), "--script", f"+{finding}", "127.0.0.1"],
                          capture_output=True, text=True, check=True).stdout
    assert "VULNERABLE" in said and "NOT VULNERABLE" not in said, said


def test_scripted_server_is_quick(certs, script):
    """150 connections at once in well under a second, so that it is never what a measurement measures."""
    port = script(kind="tls", certificate=certs.pair("sound")[0])
    hello = wire.client_hello(0x0303, [0xC02F])

    def connect(_):
        with socket.create_connection(("127.0.0.1", port)) as peer:
            peer.sendall(hello)
            return peer.recv(5)[0]

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        assert set(pool.map(connect, range(150))) == {wire.HANDSHAKE}
    assert time.monotonic() - began < 1
