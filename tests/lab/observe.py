"""What a server answers, seen with hellos of our own: the lab's check that its servers are what it says they are."""

import os
import socket
import struct

from . import wire

SECONDS = 4
# Every number that a suite of SSLv3 to TLS 1.2 has, signalling values left out.
SUITES = [*range(0x0001, 0x00C6), *range(0xC001, 0xC0B0), *range(0xCCA8, 0xCCAF)]
TLS13 = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305]
# Named fields too: GnuTLS without parameters of its own takes DHE only from clients that offer some (RFC 7919).
GROUPS = (0x1D, 0x17, 0x18, 0x19, 0x13, 0x0100, 0x0101, 0x0102)
DHE = [0x0011, 0x0014, 0x0015, 0x0016, 0x0032, 0x0033, 0x0038, 0x0039, 0x0067, 0x006B, 0x009E, 0x009F, 0xCCAA]


def _exchange(target: tuple, data: bytes) -> list:
    """The handshake messages (kind, body) of the server's first flight, up to ServerHelloDone, alert or end."""
    with socket.create_connection(target, SECONDS) as sock:
        sock.sendall(data)
        records = sock.makefile("rb")
        pending, found = b"", []
        try:
            while True:
                head = records.read(5)
                if len(head) < 5 or head[0] != wire.HANDSHAKE or head[1] != 3:
                    return found
                pending += records.read(int.from_bytes(head[3:5], "big"))
                while len(pending) >= 4 and len(pending) >= 4 + int.from_bytes(pending[1:4], "big"):
                    end = 4 + int.from_bytes(pending[1:4], "big")
                    found.append((pending[0], pending[4:end]))
                    pending = pending[end:]
                    if found[-1][0] == 14:
                        return found
                if found and found[0][0] == 2 and _suite(found[0][1]) in TLS13:
                    return found
        except OSError:
            return found


def _suite(hello: bytes) -> int:
    at = 35 + hello[34]
    return int.from_bytes(hello[at:at + 2], "big")


def _accepts(target: tuple, version: str, suites: list, **hello) -> list:
    number = wire.VERSIONS[version]
    hello.setdefault("groups", GROUPS)
    messages = _exchange(target, wire.client_hello(number, suites, tls13=number == 0x0304, **hello))
    if not messages or messages[0][0] != 2:
        return []
    body = messages[0][1]
    answered = int.from_bytes(body[:2], "big")
    return messages if answered == min(number, 0x0303) and _suite(body) in suites else []


def sslv2(target: tuple) -> bool:
    kinds = bytes.fromhex("0100800200800300800400800500800600400700c0")
    body = b"\1\0\2" + struct.pack(">HHH", len(kinds), 0, 16) + kinds + os.urandom(16)
    with socket.create_connection(target, SECONDS) as sock:
        sock.sendall(struct.pack(">H", 0x8000 | len(body)) + body)
        try:
            answer = sock.recv(16)
        except OSError:
            return False
    return len(answer) > 6 and answer[0] & 0x80 != 0 and answer[2] == 4


def protocols(target: tuple) -> tuple:
    found = []
    if sslv2(target):
        found.append("SSLv2")
    for version in ("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"):
        # In pieces: some stacks refuse a hello with more than some two hundred suites.
        if any(_accepts(target, version, SUITES[i:i + 100]) for i in range(0, len(SUITES), 100)):
            found.append(version)
    if _accepts(target, "TLSv1.3", TLS13[:3]):
        found.append("TLSv1.3")
    return tuple(found)


def suites(target: tuple, version: str) -> set:
    """All accepted suites, found by leaving out what was taken until nothing is."""
    found = set()
    for start in range(0, len(SUITES), 100):
        left = list(TLS13 if version == "TLSv1.3" else SUITES[start:start + 100])
        while left:
            messages = _accepts(target, version, left)
            if not messages:
                break
            taken = _suite(messages[0][1])
            found.add(taken)
            left.remove(taken)
        if version == "TLSv1.3":
            break
    return found


def dh_bits(target: tuple, version: str) -> int | None:
    """The size of the prime that a client gets who knows nothing of RFC 7919 groups."""
    for kind, body in _accepts(target, version, DHE, groups=(0x1D, 0x17)):
        if kind == 12:
            length = int.from_bytes(body[:2], "big")
            return int.from_bytes(body[2:2 + length], "big").bit_length()
    return None


def has_group(target: tuple, group: int) -> bool:
    """Whether TLS 1.3 takes the group, told by the HelloRetryRequest that names it."""
    for kind, body in _accepts(target, "TLSv1.3", TLS13[:3], groups=(group,)):
        if kind == 2 and body[2:34] == wire.RETRY_RANDOM:
            return body.endswith(struct.pack(">HHH", wire.EXT_KEY_SHARE, 2, group)) or \
                struct.pack(">HHH", wire.EXT_KEY_SHARE, 2, group) in body
    return False
