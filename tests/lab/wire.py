"""Just enough of the TLS wire format, for the scripted server and for the lab's own check of the real ones.

An implementation apart from the program's, so that both can be held against each other.
"""

import dataclasses
import os
import struct

VERSIONS = {"SSLv2": 0x0002, "SSLv3": 0x0300, "TLSv1.0": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303,
            "TLSv1.3": 0x0304}
VERSION_NAMES = {number: name for name, number in VERSIONS.items()}

ALERT, HANDSHAKE, CHANGE_CIPHER_SPEC, APPLICATION, HEARTBEAT = 21, 22, 20, 23, 24

EXT_GROUPS, EXT_FORMATS, EXT_SIGNATURES, EXT_HEARTBEAT, EXT_ALPN = 10, 11, 13, 15, 16
EXT_EMS, EXT_TICKET, EXT_VERSIONS, EXT_KEY_SHARE, EXT_RENEGOTIATION, EXT_ETM = 23, 35, 43, 51, 0xFF01, 22

FALLBACK_SCSV = 0x5600
RENEGOTIATION_SCSV = 0x00FF
RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

GROUP_NAMES = {0x0017: "secp256r1", 0x0018: "secp384r1", 0x0019: "secp521r1", 0x001D: "x25519", 0x001E: "x448",
               0x0100: "ffdhe2048", 0x0101: "ffdhe3072", 0x11EB: "SecP256r1MLKEM768", 0x11EC: "X25519MLKEM768",
               0x11ED: "SecP384r1MLKEM1024"}


def vector(size: int, data: bytes) -> bytes:
    return len(data).to_bytes(size, "big") + data


def record(kind: int, version: int, data: bytes) -> bytes:
    """As many records as the data needs."""
    parts = [data[i:i + 16384] for i in range(0, len(data), 16384)] or [b""]
    return b"".join(struct.pack(">BHH", kind, version, len(part)) + part for part in parts)


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + vector(3, body)


def alert(version: int, number: int, level: int = 2) -> bytes:
    return record(ALERT, version, bytes([level, number]))


def extension(kind: int, body: bytes = b"") -> bytes:
    return struct.pack(">H", kind) + vector(2, body)


@dataclasses.dataclass
class ClientHello:
    version: int = 0
    suites: list = dataclasses.field(default_factory=list)
    session: bytes = b""
    compressions: bytes = b"\0"
    extensions: dict = dataclasses.field(default_factory=dict)

    def versions(self) -> set:
        """All that the client takes, told by supported_versions if it is there."""
        listed = self.extensions.get(EXT_VERSIONS)
        if listed:
            return {int.from_bytes(listed[i:i + 2], "big") for i in range(1, len(listed) - 1, 2)}
        return set(range(0x0300, self.version + 1))

    def groups(self) -> list:
        return numbers(self.extensions.get(EXT_GROUPS, b"\0\0")[2:])

    def signatures(self) -> list:
        return numbers(self.extensions.get(EXT_SIGNATURES, b"\0\0")[2:])

    def shares(self) -> dict:
        data, found, at = self.extensions.get(EXT_KEY_SHARE, b"\0\0"), {}, 2
        while at + 4 <= len(data):
            group, length = struct.unpack_from(">HH", data, at)
            found[group] = data[at + 4:at + 4 + length]
            at += 4 + length
        return found


def numbers(data: bytes) -> list:
    return [int.from_bytes(data[i:i + 2], "big") for i in range(0, len(data) - 1, 2)]


def read_client_hello(body: bytes) -> ClientHello:
    hello = ClientHello(version=int.from_bytes(body[:2], "big"))
    at = 34
    length = body[at]
    hello.session = body[at + 1:at + 1 + length]
    at += 1 + length
    length = int.from_bytes(body[at:at + 2], "big")
    hello.suites = numbers(body[at + 2:at + 2 + length])
    at += 2 + length
    length = body[at]
    hello.compressions = body[at + 1:at + 1 + length]
    at += 1 + length + 2
    while at + 4 <= len(body):
        kind, length = struct.unpack_from(">HH", body, at)
        hello.extensions[kind] = body[at + 4:at + 4 + length]
        at += 4 + length
    return hello


def client_hello(version: int, suites: list, groups=(0x1D, 0x17, 0x18, 0x19), signatures=None, extra: bytes = b"",
                 tls13: bool = False, host: str = "localhost") -> bytes:
    """One record with a ClientHello; for TLS 1.3 its key_share is empty, so a HelloRetryRequest tells the group."""
    signatures = signatures or [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201]
    extensions = extension(0, vector(2, b"\0" + vector(2, host.encode())))
    extensions += extension(EXT_GROUPS, vector(2, b"".join(struct.pack(">H", g) for g in groups)))
    extensions += extension(EXT_FORMATS, b"\1\0")
    extensions += extension(EXT_SIGNATURES, vector(2, b"".join(struct.pack(">H", s) for s in signatures)))
    if tls13:
        extensions += extension(EXT_VERSIONS, b"\2\3\4") + extension(EXT_KEY_SHARE, b"\0\0")
    body = struct.pack(">H", min(version, 0x0303)) + os.urandom(32) + (vector(1, os.urandom(32)) if tls13 else b"\0")
    body += vector(2, b"".join(struct.pack(">H", s) for s in suites)) + b"\1\0"
    if version > 0x0300:
        body += vector(2, extensions + extra)
    return record(HANDSHAKE, 0x0301 if version > 0x0300 else 0x0300, message(1, body))
