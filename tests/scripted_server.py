#!/usr/bin/python3
"""A server that answers whatever its script says, for what no packaged server can be.

    scripted_server.py '{"address": "127.0.0.1", "port": 8443, "kind": "tls", ...}'

Kinds: `tls` answers ClientHellos as a server of the described sort would, up to the end of its first flight; `http`
answers cleartext requests; `multiplex` is both on one port; the others are hostile (see `HOSTILE`).
What a `tls` script may say is in `TlsScript`, what an `http` script may say is in `HttpScript`.
A script may also say, whatever its kind: `alternate` (a list of scripts; each connection takes the next), `rate` (drops
what comes faster than so many connections a second), `serial` (one connection at a time, each held for so many
seconds), `delay` (seconds before the first answer), `max_hello` (drops a connection whose first record is longer).
"""

import base64
import dataclasses
import gzip
import itertools
import json
import os
import pathlib
import random
import select
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lab import wire  # noqa: E402

IDLE = 10.0  # seconds that a peer may be silent before we close; the scanner has to be done with us well before

# RFC 2409 (the 768- and 1024-bit groups) and RFC 3526 (2048): the primes that everybody shares.
_OAKLEY_HEAD = ("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
                "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9")
PRIMES = {
    768: int(_OAKLEY_HEAD[:160] + "A63A3620FFFFFFFFFFFFFFFF", 16),
    1024: int(_OAKLEY_HEAD + "A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381"
              "FFFFFFFFFFFFFFFF", 16),
}


@dataclasses.dataclass
class TlsScript:
    # Protocol name to the list of suites that it takes, in the order that the server prefers.
    versions: dict = dataclasses.field(default_factory=lambda: {"TLSv1.2": [0xC02F, 0xC030]})
    groups: list = dataclasses.field(default_factory=lambda: [0x001D, 0x0017])
    certificate: str = ""  # PEM file
    key: str = ""  # PEM file, for what needs real RSA, and for `backing`
    dh_bits: int = 2048
    dh_prime: int = 0  # instead of a prime of `dh_bits` that is as good as any
    compression: bool = False
    renegotiation_info: bool = True
    extended_master_secret: bool = True
    encrypt_then_mac: bool = False
    ticket: bool = True
    heartbeat: bool = False
    heartbleed: bool = False
    ticketbleed: bool = False
    # "strong": an alert of its own for bad padding; "weak": silence for it; "early": for bad padding at once the alert that
    # a bad Finished gets; "masked": the same, and that alert also for a message out of place; "": none
    robot: str = ""
    exchange_delay: float = 0.0  # seconds of thinking about an RSA key exchange
    ccs_tolerant: bool = False
    fallback_scsv: bool = True
    sentinel: bool = True
    random: str = "fresh"  # or "constant", "counter"
    session: str = "fresh"  # or "constant", "none"
    share: str = "fresh"  # or "reused"
    wrong_suite: int = 0  # answered whatever was offered
    retry_without_group: bool = False  # as wolfSSL 5.5.4: HelloRetryRequest that names no group
    signature: int = 0x0401
    # Whole handshakes (those with a key share or 20 suites and more) are given to OpenSSL with the same certificate.
    backing: bool = False
    security_level: int = 0  # of OpenSSL's; from 1 on it signs nothing with SHA-1


@dataclasses.dataclass
class HttpScript:
    answer: str = "plain"  # plain, page, aws, alternator, redirect, silent, opossum
    status: int = 301
    location: str = "https://localhost/"
    host: str = "dynamodb.us-east-1.amazonaws.com"
    server: str = "Server"


def _fields(kind, script: dict) -> dict:
    return {field.name: script[field.name] for field in dataclasses.fields(kind) if field.name in script}


class Closed(Exception):
    """The peer is gone, or silent for too long."""


class Peer:
    def __init__(self, sock: socket.socket):
        self.sock = sock
        self.sock.settimeout(IDLE)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def take(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            try:
                part = self.sock.recv(count - len(data))
            except OSError:
                raise Closed from None
            if not part:
                raise Closed
            data += part
        return data

    def give(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except OSError:
            raise Closed from None

    def peek(self, count: int) -> bytes:
        try:
            return self.sock.recv(count, socket.MSG_PEEK)
        except OSError:
            raise Closed from None

    def peek_exactly(self, count: int) -> bytes:
        """Waits until so many bytes are there to be seen, or no more come."""
        end = time.monotonic() + 2
        while True:
            data = self.peek(count)
            if len(data) >= count or not data or time.monotonic() > end:
                return data
            time.sleep(0.002)

    def take_record(self) -> tuple[int, int, bytes]:
        kind, version, length = struct.unpack(">BHH", self.take(5))
        return kind, version, self.take(length)

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def drain(self) -> None:
        """Reads until the peer has had enough, so that what we sent is not lost to a reset."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
            while self.sock.recv(65536):
                pass
        except OSError:
            pass


class RsaKey:
    """The private operation of an RSA key, by the Chinese remainder theorem (5 ms at 2048 bits)."""

    def __init__(self, path: str):
        text = subprocess.run(["openssl", "rsa", "-in", path, "-noout", "-text"], check=True, capture_output=True,
                              text=True).stdout
        parts, name = {}, ""
        for line in text.splitlines():
            if line.endswith(":") and not line.startswith(" "):
                name = line[:-1]
                parts[name] = ""
            elif line.startswith("    "):
                parts[name] += line.strip()
        number = {name: int(value.replace(":", ""), 16) for name, value in parts.items() if value}
        self.n, self.d = number["modulus"], number["privateExponent"]
        self.p, self.q = number["prime1"], number["prime2"]
        self.size = (self.n.bit_length() + 7) // 8

    def decrypt(self, data: bytes) -> bytes:
        c = int.from_bytes(data, "big")
        m1 = pow(c % self.p, self.d % (self.p - 1), self.p)
        m2 = pow(c % self.q, self.d % (self.q - 1), self.q)
        h = (m1 - m2) * pow(self.q, -1, self.p) % self.p
        return (m2 + h * self.q).to_bytes(self.size, "big")


class TlsServer:
    def __init__(self, script: dict):
        self.script = TlsScript(**_fields(TlsScript, script))
        self.versions = {wire.VERSIONS[name]: suites for name, suites in self.script.versions.items()}
        self.chain = _read_chain(self.script.certificate) if self.script.certificate else []
        self.counter = itertools.count()
        self.lock = threading.Lock()
        self.fixed_share = os.urandom(256)
        self.fixed_random = os.urandom(32)
        self.rsa = RsaKey(self.script.key) if self.script.robot else None
        self.context = None
        if self.script.backing:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.set_ciphers("ALL:@SECLEVEL=0")  # else weak certificates are not loaded
            self.context.load_cert_chain(self.script.certificate, self.script.key)
            self.context.minimum_version = ssl.TLSVersion.TLSv1
            self._limit_context()

    def _limit_context(self) -> None:
        """Lets OpenSSL take only versions and suites of the script, so that both halves tell the same story."""
        self.context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
        scripted = {suite for suites in self.versions.values() for suite in suites}
        known = [entry["name"] for entry in self.context.get_ciphers()
                 if entry["id"] & 0xFFFF in scripted and entry["protocol"] != "TLSv1.3"]
        if known:
            self.context.set_ciphers(":".join(known) + f":@SECLEVEL={self.script.security_level}")
        for name, switch in (("TLSv1.0", ssl.OP_NO_TLSv1), ("TLSv1.1", ssl.OP_NO_TLSv1_1),
                             ("TLSv1.2", ssl.OP_NO_TLSv1_2), ("TLSv1.3", ssl.OP_NO_TLSv1_3)):
            if wire.VERSIONS[name] not in self.versions:
                self.context.options |= switch

    def serve(self, peer: Peer, http) -> None:
        head = peer.peek_exactly(5)
        if len(head) == 5 and head[0] & 0x80 and head[2] == 1:
            self._serve_sslv2(peer)
            return
        if len(head) < 5 or head[0] != wire.HANDSHAKE:
            return
        length = int.from_bytes(head[3:5], "big")
        if self.context and length <= 16384:
            hello = wire.read_client_hello(peer.peek_exactly(5 + length)[9:])
            if hello.shares() or len(hello.suites) >= 20:
                self._serve_whole(peer, http)
                return
        kind, version, body = peer.take_record()
        while len(body) < 4 or len(body) < 4 + int.from_bytes(body[1:4], "big"):
            body += peer.take_record()[2]
        if body[0] == 1:
            self._answer(peer, wire.read_client_hello(body[4:]))

    def _serve_whole(self, peer: Peer, http) -> None:
        try:
            with self.context.wrap_socket(peer.sock, server_side=True) as secure:
                http.serve(Peer(secure))
        except (OSError, ValueError):
            pass

    def _random(self, version: int, offered: set) -> bytes:
        if self.script.random == "constant":
            return self.fixed_random
        if self.script.random == "counter":
            return self.fixed_random[:24] + next(self.counter).to_bytes(8, "big")
        fresh = os.urandom(32)
        # RFC 8446 section 4.1.3.
        best = max(self.versions)
        if self.script.sentinel and version < best and version in (0x0301, 0x0302, 0x0303):
            if best == 0x0304:
                return fresh[:24] + b"DOWNGRD" + (b"\1" if version == 0x0303 else b"\0")
            return fresh[:24] + b"DOWNGRD\0"
        return fresh

    def _share(self, group: int) -> bytes:
        size = {0x0013: 48, 0x0017: 64, 0x0018: 96, 0x0019: 132, 0x001D: 32, 0x001E: 56, 0x11EC: 1120}.get(group, 32)
        data = self.fixed_share if self.script.share == "reused" else os.urandom(256)
        data = (data * 5)[:size]
        return b"\4" + data if group in (0x0013, 0x0017, 0x0018, 0x0019) else data

    def _answer(self, peer: Peer, hello: wire.ClientHello) -> None:
        offered = hello.versions()
        common = [version for version in self.versions if version in offered and version > 2]
        record_version = min(max(hello.version, 0x0300), 0x0303)
        if not common:
            peer.give(wire.alert(record_version, 70))
            return
        version = max(common)
        above = any(other > max(offered) for other in self.versions if other > 2)
        if self.script.fallback_scsv and wire.FALLBACK_SCSV in hello.suites and above:
            peer.give(wire.alert(record_version, 86))
            return
        suite = next((suite for suite in self.versions[version] if suite in hello.suites), 0) or self.script.wrong_suite
        if self.script.wrong_suite:
            suite = self.script.wrong_suite
        if not suite:
            peer.give(wire.alert(record_version, 40))
            return
        if version == 0x0304:
            self._answer13(peer, hello, suite)
        else:
            self._answer12(peer, hello, version, suite, offered)

    def _answer13(self, peer: Peer, hello: wire.ClientHello, suite: int) -> None:
        group = next((group for group in self.script.groups if group in hello.groups()), 0)
        if not group and not self.script.retry_without_group:
            peer.give(wire.alert(0x0303, 40))
            return
        shared = group in hello.shares()
        tail = wire.extension(wire.EXT_VERSIONS, b"\3\4")
        if shared:
            tail += wire.extension(wire.EXT_KEY_SHARE, struct.pack(">H", group) + wire.vector(2, self._share(group)))
        elif group:
            tail += wire.extension(wire.EXT_KEY_SHARE, struct.pack(">H", group))
        body = struct.pack(">H", 0x0303) + (self._random(0x0304, set()) if shared else wire.RETRY_RANDOM)
        body += wire.vector(1, hello.session) + struct.pack(">H", suite) + b"\0" + wire.vector(2, tail)
        data = wire.record(wire.HANDSHAKE, 0x0303, wire.message(2, body))
        if shared:
            data += wire.record(wire.CHANGE_CIPHER_SPEC, 0x0303, b"\1")
            data += wire.record(wire.APPLICATION, 0x0303, os.urandom(900))
        peer.give(data)
        peer.drain()

    def _answer12(self, peer: Peer, hello: wire.ClientHello, version: int, suite: int, offered: set) -> None:
        exchange = _key_exchange(suite)
        group = 0
        if exchange == "ECDHE":
            listed = hello.groups() or [0x0017]
            group = next((group for group in self.script.groups if group in listed and group < 0x0100), 0)
            if not group:
                peer.give(wire.alert(version, 40))
                return
        resumed = False
        session = {"fresh": os.urandom(32), "constant": self.fixed_random, "none": b""}[self.script.session]
        if self.script.ticketbleed and hello.extensions.get(wire.EXT_TICKET) and 0 < len(hello.session) < 32:
            session = hello.session + os.urandom(32 - len(hello.session))
            resumed = True
        flight = wire.message(2, self._server_hello(hello, version, suite, session, offered))
        if not resumed:
            if exchange != "anon" and self.chain:
                certificates = b"".join(wire.vector(3, certificate) for certificate in self.chain)
                flight += wire.message(11, wire.vector(3, certificates))
            flight += self._server_key_exchange(exchange, group, version, hello)
            flight += wire.message(14, b"")
        peer.give(wire.record(wire.HANDSHAKE, version, flight))
        if resumed:
            peer.give(wire.record(wire.CHANGE_CIPHER_SPEC, version, b"\1")
                      + wire.record(wire.HANDSHAKE, version, os.urandom(40)))
        self._afterwards(peer, version)

    def _server_hello(self, hello, version: int, suite: int, session: bytes, offered: set) -> bytes:
        script, tail = self.script, b""
        asked = hello.extensions
        if script.renegotiation_info and (wire.EXT_RENEGOTIATION in asked or wire.RENEGOTIATION_SCSV in hello.suites):
            tail += wire.extension(wire.EXT_RENEGOTIATION, b"\0")
        if script.extended_master_secret and wire.EXT_EMS in asked:
            tail += wire.extension(wire.EXT_EMS)
        if script.encrypt_then_mac and wire.EXT_ETM in asked:
            tail += wire.extension(wire.EXT_ETM)
        if script.ticket and wire.EXT_TICKET in asked:
            tail += wire.extension(wire.EXT_TICKET)
        if script.heartbeat and wire.EXT_HEARTBEAT in asked:
            tail += wire.extension(wire.EXT_HEARTBEAT, b"\1")
        compression = 1 if script.compression and 1 in hello.compressions else 0
        body = struct.pack(">H", version) + self._random(version, offered) + wire.vector(1, session)
        body += struct.pack(">HB", suite, compression)
        return body + (wire.vector(2, tail) if tail else b"")

    def _server_key_exchange(self, exchange: str, group: int, version: int, hello) -> bytes:
        if exchange == "ECDHE":
            params = b"\3" + struct.pack(">H", group) + wire.vector(1, self._share(group))
        elif exchange in ("DHE", "anon"):
            bits = self.script.dh_bits
            prime = self.script.dh_prime or PRIMES.get(bits) or (1 << (bits - 1)) | (1 << (bits - 2)) | 0x9B
            share = self.fixed_share if self.script.share == "reused" else os.urandom(256)
            value = int.from_bytes((share * 5)[:(bits + 7) // 8], "big") % prime
            size = (prime.bit_length() + 7) // 8
            params = wire.vector(2, prime.to_bytes(size, "big")) + wire.vector(2, b"\2")
            params += wire.vector(2, value.to_bytes(size, "big"))
        else:
            return b""
        if exchange == "anon":
            return wire.message(12, params)
        # The signature is not real: who checks it would need a whole handshake, and gets one from `backing`.
        algorithm = struct.pack(">H", self.script.signature) if version == 0x0303 else b""
        return wire.message(12, params + algorithm + wire.vector(2, os.urandom(256)))

    def _afterwards(self, peer: Peer, version: int) -> None:
        """What follows the first flight: heartbeats, early ChangeCipherSpec, RSA key exchange; until the peer goes."""
        changes, secret_state = 0, ""
        while True:
            kind, _, body = peer.take_record()
            if kind == wire.HEARTBEAT and self.script.heartbeat:
                if self.script.heartbleed and len(body) >= 3 and body[0] == 1:
                    asked = int.from_bytes(body[1:3], "big")
                    peer.give(wire.record(wire.HEARTBEAT, version, b"\2" + body[1:3] + os.urandom(asked + 16)))
            elif kind == wire.HANDSHAKE and body and body[0] == 16:
                secret_state = self._exchange(body)
                if secret_state == "refuse":
                    peer.give(wire.alert(version, 51 if self.script.robot == "strong" else 20))
                    return
            elif kind == wire.CHANGE_CIPHER_SPEC:
                changes += 1
                if not secret_state and not (self.script.ccs_tolerant and changes == 1):
                    peer.give(wire.alert(version, 10))
                    return
            elif kind == wire.HANDSHAKE and secret_state and changes:  # the encrypted Finished, which we cannot read
                if secret_state == "silent":
                    peer.drain()
                    return
                peer.give(wire.alert(version, 20))
                return
            elif kind == wire.ALERT:
                return
            else:
                peer.give(wire.alert(version, 20 if self.script.robot == "masked" else 10))
                return

    def _exchange(self, body: bytes) -> str:
        time.sleep(self.script.exchange_delay)
        if not self.rsa:
            return "accept"
        plain = self.rsa.decrypt(body[6:6 + self.rsa.size])
        padding = plain.find(b"\0", 2)
        good = plain[:2] == b"\0\2" and padding >= 10 and len(plain) - padding - 1 == 48
        if good:
            return "accept"
        return "silent" if self.script.robot == "weak" else "refuse"

    def _serve_sslv2(self, peer: Peer) -> None:
        length = int.from_bytes(peer.take(2), "big") & 0x7FFF
        peer.take(length)
        suites = self.versions.get(2)
        if suites is None:
            return
        certificate = self.chain[0] if self.chain else b""
        listed = b"".join(suite.to_bytes(3, "big") for suite in suites)
        connection = os.urandom(16)
        body = b"\4\0\1\0\2" + struct.pack(">HHH", len(certificate), len(listed), len(connection))
        body += certificate + listed + connection
        peer.give(struct.pack(">H", 0x8000 | len(body)) + body)
        peer.drain()


def _key_exchange(suite: int) -> str:
    """RSA, DHE, ECDHE or anon, told by the ranges of the IANA registry that the scripts of the tests use."""
    if suite in (0x0017, 0x0018, 0x0019, 0x001A, 0x001B, 0x0034, 0x003A, 0x006C, 0x006D, 0x00A6, 0x00A7):
        return "anon"
    if 0xC001 <= suite <= 0xC01F or 0xC023 <= suite <= 0xC032 or 0xCCA8 <= suite <= 0xCCA9:
        return "ECDHE"
    if suite in (*range(0x0011, 0x0017), 0x0032, 0x0033, 0x0038, 0x0039, 0x0067, 0x006B, 0x009E, 0x009F, 0x00A2,
                 0x00A3, 0xCCAA, 0x0040, 0x006A):
        return "DHE"
    return "RSA"


def _read_chain(path: str) -> list:
    chain, inside, lines = [], False, []
    for line in pathlib.Path(path).read_text().splitlines():
        if "BEGIN CERTIFICATE" in line:
            inside, lines = True, []
        elif "END CERTIFICATE" in line:
            inside = False
            chain.append(base64.b64decode("".join(lines)))
        elif inside:
            lines.append(line)
    return chain


class HttpServer:
    def __init__(self, script: dict):
        self.script = HttpScript(**_fields(HttpScript, script))

    def serve(self, peer: Peer) -> None:
        # As every HTTP server answers bytes that no request begins with, such as a hello of TLS.
        # What comes inside TLS is no TLS hello, and cannot be peeked at.
        plain = not isinstance(peer.sock, ssl.SSLSocket)
        if plain and self.script.answer != "silent" and not peer.peek(1).isalpha():
            peer.give(_response(400, "Bad Request", b"", [("Connection", "close")]))
            peer.drain()
            return
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                if len(head) > 65536:
                    return
                head += peer.take(1)
            lines = head.decode("latin-1").split("\r\n")
            method, path = (lines[0].split(" ") + ["", ""])[:2]
            fields = (line.partition(":") for line in lines[1:])
            headers = {name.strip().lower(): value.strip() for name, _, value in fields}
            try:
                body = peer.take(min(int(headers.get("content-length", "0")), 65536))
            except ValueError:
                return
            answer = self._answer(method, path, headers, body)
            if answer is None:
                time.sleep(IDLE)
                return
            peer.give(answer)
            if answer.startswith(b"HTTP/1.1 101") or headers.get("connection", "").lower() == "close":
                peer.drain()
                return

    def _answer(self, method: str, path: str, headers: dict, body: bytes) -> bytes | None:
        script = self.script
        if script.answer == "silent":
            return None
        if script.answer == "opossum" and "tls/" in headers.get("upgrade", "").lower():
            return b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.0, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n"
        if script.answer == "redirect":
            return _response(script.status, "Moved", b"", [("Location", script.location)])
        if script.answer in ("aws", "alternator"):
            return self._dynamodb(method, path, headers)
        if script.answer == "page":
            return _response(200, "OK", b"<!DOCTYPE html><title>hello</title>\n",
                             [("Server", script.server), ("Content-Type", "text/html; charset=utf-8")])
        return _response(200, "OK", b"hello\n", [("Server", script.server), ("Content-Type", "text/plain")])

    def _dynamodb(self, method: str, path: str, headers: dict) -> bytes:
        """As facts/endpoints.md section 6.3 says the service itself answers, or Scylla's Alternator."""
        aws = self.script.answer == "aws"
        if aws:
            letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
            request = "".join(random.choices(letters, k=26)) + "VV4KQNSO5AEMVJF66Q9ASUAAJG"
            extra = [("Server", "Server"), ("x-amzn-RequestId", request)]
        else:
            extra = [("Server", "ScyllaDB/5.4.0")]
        if method == "GET":
            name = self.script.host if aws else headers.get("host", "")
            text = f"healthy: {name} ".encode() if aws else f"healthy: {name}\n".encode()
            return _response(200, "OK", text, [*extra, *_checksum(text, aws)])
        target = headers.get("x-amz-target", "")
        if not target.startswith("DynamoDB_20120810.") and not target.startswith("DynamoDBStreams_20120810."):
            kind, words = "com.amazon.coral.service#UnknownOperationException", ""
        elif "WiretightProbe" in target and aws:
            kind, words = "com.amazon.coral.service#UnknownOperationException", ""
        elif aws:
            kind, words = "com.amazon.coral.service#MissingAuthenticationTokenException", \
                "Request is missing Authentication Token"
        else:
            kind, words = "com.amazonaws.dynamodb.v20120810#UnknownOperationException", "Unsupported operation"
        answer = {"__type": kind, **({"message": words} if words else {})}
        text = json.dumps(answer, separators=(",", ":")).encode()
        return _response(400, "Bad Request", text,
                         [*extra, *_checksum(text, aws), ("Content-Type", "application/x-amz-json-1.0")])


def _checksum(body: bytes, wanted: bool) -> list:
    return [("x-amz-crc32", str(zlib.crc32(body)))] if wanted else []


def _response(status: int, reason: str, body: bytes, headers: list) -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers),
             f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def _plain(tls: bytes, peer: Peer) -> None:
    peer.peek(1)
    peer.give(tls)
    peer.drain()


def _forever(peer: Peer, chunk: bytes, pause: float = 0.0) -> None:
    while True:
        peer.give(chunk)
        if pause:
            time.sleep(pause)


def _silent(peer: Peer, script: dict) -> None:
    time.sleep(120)


def _drip(peer: Peer, script: dict) -> None:
    # The head of a believable ServerHello record, so that each byte gives hope.
    for byte in itertools.chain(wire.record(22, 0x0303, wire.message(2, b"\3\3" + bytes(16000))), itertools.repeat(0)):
        peer.give(bytes([byte]))
        time.sleep(script.get("pause", 1.0))


def _endless_records(peer: Peer, script: dict) -> None:
    _forever(peer, wire.record(22, 0x0303, bytes(16384)))


def _garbage(peer: Peer, script: dict) -> None:
    source = random.Random(7)
    while True:
        peer.give(source.randbytes(4096))


def _huge_length(peer: Peer, script: dict) -> None:
    peer.give(struct.pack(">BHH", 22, 0x0303, 65535))
    _forever(peer, bytes(16384))


def _http_400(peer: Peer, script: dict) -> None:
    _plain(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbad\n", peer)


def _endless_warnings(peer: Peer, script: dict) -> None:
    peer.peek(1)
    _forever(peer, wire.alert(0x0303, 112, level=1) * 100)


def _hello_bytes(suite: int = 0xC02F) -> bytes:
    body = b"\3\3" + os.urandom(32) + b"\0" + struct.pack(">H", suite) + b"\0"
    return wire.record(22, 0x0303, wire.message(2, body))


def _endless_certificate(peer: Peer, script: dict) -> None:
    peer.peek(1)
    peer.give(_hello_bytes())
    # A Certificate message of 16 MiB, which never ends.
    peer.give(wire.record(22, 0x0303, b"\x0b\xff\xff\xff\xff\xff\xfc" + bytes(16000)))
    _forever(peer, wire.record(22, 0x0303, bytes(16384)))


def _reset(peer: Peer, script: dict) -> None:
    peer.reset()


def _close(peer: Peer, script: dict) -> None:
    peer.drain()


def _huge_head(peer: Peer, script: dict) -> None:
    peer.peek(1)
    peer.give(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        peer.give(f"X-Header-{number}: {'a' * 1000}\r\n".encode())


def _endless_body(peer: Peer, script: dict) -> None:
    peer.peek(1)
    peer.give(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    _forever(peer, b"4000\r\n" + b"b" * 16384 + b"\r\n")


def _gzip_bomb(peer: Peer, script: dict) -> None:
    peer.peek(1)
    body = gzip.compress(bytes(64 << 20))
    peer.give(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    peer.drain()


def _wrong_suite(peer: Peer, script: dict) -> None:
    _plain(_hello_bytes(0x0004), peer)


def _thousand_certificates(peer: Peer, script: dict) -> None:
    peer.peek(1)
    leaf = _read_chain(script["certificate"])[0]
    body = b"".join(wire.vector(3, leaf) for _ in range(1000))
    peer.give(_hello_bytes() + wire.record(22, 0x0303, wire.message(11, wire.vector(3, body)) + wire.message(14, b"")))
    peer.drain()


_ESCAPES = b"\x1b]0;owned\x07\x1b[2J\x1b[31m\xc2\x9b31m\xe2\x80\xaeevil\r\x08\xff\xfe"


def _escapes(peer: Peer, script: dict) -> None:
    """HTTP in the clear with control bytes everywhere; `tls` with the certificate `escapes` is the other half."""
    peer.peek(1)
    body = b'{"__type":"com.amazon.coral.service#' + _ESCAPES + b'","message":"' + _ESCAPES + b'"}'
    peer.give(b"HTTP/1.1 400 " + _ESCAPES.replace(b"\r", b"") + b"\r\nServer: " + _ESCAPES.replace(b"\r", b"")
              + b"\r\nx-amzn-RequestId: " + _ESCAPES.replace(b"\r", b"")
              + b"\r\nx-amz-crc32: %d" % zlib.crc32(body)
              + b"\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    peer.drain()


def _slow_handshake(peer: Peer, script: dict) -> None:
    """A flight that is sound, one byte every 50 ms: quicker than any timeout for a read, slower than any deadline."""
    peer.peek(1)
    flight = _hello_bytes() + wire.record(22, 0x0303, wire.message(11, wire.vector(3, wire.vector(
        3, _read_chain(script["certificate"])[0]))))
    for byte in flight:
        peer.give(bytes([byte]))
        time.sleep(0.05)
    peer.drain()


HOSTILE = {
    "silent": _silent, "drip": _drip, "endless-records": _endless_records, "garbage": _garbage,
    "huge-length": _huge_length, "http-400": _http_400, "endless-warnings": _endless_warnings,
    "endless-certificate": _endless_certificate, "reset": _reset, "close": _close, "huge-head": _huge_head,
    "endless-body": _endless_body, "gzip-bomb": _gzip_bomb, "wrong-suite": _wrong_suite,
    "thousand-certificates": _thousand_certificates, "escapes": _escapes, "slow-handshake": _slow_handshake,
}


class Server:
    """One listener and its script. `start` returns at once; `stop` closes the listener."""

    def __init__(self, script: dict):
        self.script = script
        address = script.get("address", "127.0.0.1")
        self.listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, script.get("port", 0)))
        self.listener.listen(1024)
        self.port = self.listener.getsockname()[1]
        self.handlers = [self._handler(other) for other in script.get("alternate", [script])]
        self.turn = itertools.count()
        self.recent: list = []
        self.connections = 0

    def start(self) -> "Server":
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def stop(self) -> None:
        self.listener.close()

    def run(self) -> None:
        self._run()

    @staticmethod
    def _handler(script: dict):
        kind = script.get("kind", "tls")
        if kind in HOSTILE:
            return lambda peer: HOSTILE[kind](peer, script)
        http = HttpServer({**script, **script.get("http", {})})
        if kind == "http":
            return http.serve
        tls = TlsServer(script)
        if kind == "multiplex":
            return lambda peer: tls.serve(peer, http) if peer.peek(1)[:1] in (b"\x16", b"\x80") else http.serve(peer)
        return lambda peer: tls.serve(peer, http)

    def _run(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            if "serial" in self.script:
                self._serve(sock)
            else:
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _too_fast(self) -> bool:
        limit = self.script.get("rate")
        if not limit:
            return False
        now = time.monotonic()
        self.recent = [moment for moment in self.recent if now - moment < 1]
        if len(self.recent) >= limit:
            return True
        self.recent.append(now)
        return False

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            peer = Peer(sock)
            try:
                if self._too_fast():
                    return
                if "serial" in self.script:
                    time.sleep(self.script["serial"])
                if "delay" in self.script:
                    select.select([sock], [], [], IDLE)
                    time.sleep(self.script["delay"])
                if "max_hello" in self.script:
                    head = peer.peek_exactly(5)
                    if len(head) == 5 and head[0] == 22 and int.from_bytes(head[3:5], "big") > self.script["max_hello"]:
                        peer.reset()
                        return
                self.handlers[next(self.turn) % len(self.handlers)](peer)
            except (Closed, OSError, IndexError, struct.error):
                pass


def main() -> None:
    servers = json.loads(sys.argv[1])
    servers = [Server(script) for script in (servers if isinstance(servers, list) else [servers])]
    print(" ".join(str(server.port) for server in servers), flush=True)
    for server in servers[1:]:
        server.start()
    servers[0].run()


if __name__ == "__main__":
    main()
