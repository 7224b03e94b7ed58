"""The lab's servers are what its descriptions say, told without the program: golden files stand on this."""

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
