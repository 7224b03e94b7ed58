"""Captures made, read, cut up and framed anew, by hand: what the tests feed to the program under test and to tshark."""

import dataclasses
import gzip
import itertools
import pathlib
import random
import struct

ETHERNET, NULL, LOOP, RAW, SLL, SLL2 = 1, 0, 108, 101, 113, 276
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


@dataclasses.dataclass
class Packet:
    frame: bytes
    nanoseconds: int = 1_764_000_000_000_000_000
    wire: int = 0  # length before the capture cut it; 0: whole

    @property
    def on_wire(self) -> int:
        return self.wire or len(self.frame)


# --- files -----------------------------------------------------------------------------------------------------------


def read_pcap(path) -> list[Packet]:
    """The packets of a little-endian pcap file, as tcpdump writes it here."""
    data = pathlib.Path(path).read_bytes()
    magic, = struct.unpack_from("<I", data)
    unit = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}[magic]
    packets, at = [], 24
    while at < len(data):
        seconds, part, captured, wire = struct.unpack_from("<IIII", data, at)
        packets.append(Packet(data[at + 16:at + 16 + captured], seconds * 1_000_000_000 + part * unit, wire))
        at += 16 + captured
    return packets


def pcap(packets, link=ETHERNET, endian="<", nano=False, snap=262144) -> bytes:
    out = [struct.pack(endian + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snap, link)]
    for packet in packets:
        frame = packet.frame[:snap]
        part = packet.nanoseconds % 1_000_000_000
        out.append(struct.pack(endian + "IIII", packet.nanoseconds // 1_000_000_000, part if nano else part // 1000,
                               len(frame), packet.on_wire) + frame)
    return b"".join(out)


def _block(endian, kind, body) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack(endian + "II", kind, len(body) + 12) + body + struct.pack(endian + "I", len(body) + 12)


def _options(endian, *options) -> bytes:
    out = b""
    for code, value in options:
        out += struct.pack(endian + "HH", code, len(value)) + value + bytes(-len(value) % 4)
    return out + struct.pack(endian + "HH", 0, 0)


def pcapng(interfaces, endian="<", simple=False, obsolete=False, dropped=0, resolution=9) -> bytes:
    """`interfaces` is a list of (link type, packets); packets of all of them are written in the order of time."""
    out = [_block(endian, 0x0A0D0D0A, struct.pack(endian + "IHHq", 0x1A2B3C4D, 1, 0, -1)
                  + _options(endian, (2, b"a test")))]
    for link, _ in interfaces:
        out.append(_block(endian, 1, struct.pack(endian + "HHI", link, 0, 0)
                          + _options(endian, (2, b"lab0"), (9, bytes([resolution])))))
    out.append(_block(endian, 0x0BAD, struct.pack(endian + "I", 32473) + b"somebody's own block"))
    out.append(_block(endian, 4, b"\0" * 40))
    merged = sorted(((packet, number) for number, (_, packets) in enumerate(interfaces) for packet in packets),
                    key=lambda pair: pair[0].nanoseconds)
    for packet, number in merged:
        stamp = packet.nanoseconds // 10 ** (9 - resolution)
        if simple:
            out.append(_block(endian, 3, struct.pack(endian + "I", packet.on_wire) + packet.frame))
        elif obsolete:
            out.append(_block(endian, 2, struct.pack(endian + "HHIIII", number, 0, stamp >> 32, stamp & 0xFFFFFFFF,
                                                     len(packet.frame), packet.on_wire) + packet.frame))
        else:
            out.append(_block(endian, 6, struct.pack(endian + "IIIII", number, stamp >> 32, stamp & 0xFFFFFFFF,
                                                     len(packet.frame), packet.on_wire) + packet.frame))
    if dropped:
        out.append(_block(endian, 5, struct.pack(endian + "III", 0, 0, 0)
                          + _options(endian, (5, struct.pack(endian + "Q", dropped)))))
    return b"".join(out)


def gzipped(data: bytes, members=1) -> bytes:
    size = -(-len(data) // members)
    return b"".join(gzip.compress(data[at:at + size], 1) for at in range(0, len(data), size))


# --- frames ----------------------------------------------------------------------------------------------------------


def ip_of(frame: bytes) -> bytes:
    """The IP packet of an Ethernet frame."""
    return frame[14:]


def _kind(ip: bytes) -> bytes:
    return b"\x86\xdd" if ip[0] >> 4 == 6 else b"\x08\x00"


def _udp(port: int, payload: bytes) -> bytes:
    udp = struct.pack(">HHHH", 54321, port, 8 + len(payload), 0) + payload
    return _ip4(bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]), 17, udp)


def _ip4(source: bytes, destination: bytes, protocol: int, payload: bytes, fragment=0, options=b"") -> bytes:
    head = struct.pack(">BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), 1, fragment, 64,
                       protocol, 0, source, destination) + options
    total = sum(struct.unpack(f">{len(head) // 2}H", head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return head[:10] + struct.pack(">H", ~total & 0xFFFF) + head[12:] + payload


def _ip6_of(ip: bytes, extensions=False) -> bytes:
    """The same TCP segment between IPv6 addresses that hold the IPv4 ones."""
    size = (ip[0] & 15) * 4
    payload, first = ip[size:struct.unpack_from(">H", ip, 2)[0]], 6
    if extensions:
        options = bytes([43, 0, 1, 4, 0, 0, 0, 0])  # hop by hop: padding
        routing = bytes([60, 0, 0, 0, 0, 0, 0, 0])
        destination = bytes([44, 1]) + bytes([1, 12]) + bytes(12)
        atomic = bytes([6, 0, 0, 0, 0, 0, 0, 1])
        payload, first = options + routing + destination + atomic + payload, 0
    prefix = bytes([0x20, 0x01, 0x0D, 0xB8] + [0] * 8)
    return struct.pack(">IHBB", 0x60000000, len(payload), first, 64) + prefix + ip[12:16] + prefix + ip[16:20] + payload


_MAC = bytes([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2])

# How an IP packet is framed, by name: (link type, function).
FRAMINGS = {
    "ethernet": (ETHERNET, lambda ip: _MAC + _kind(ip) + ip),
    "padded": (ETHERNET, lambda ip: _MAC + _kind(ip) + ip + bytes(max(0, 46 - len(ip)) + 4)),
    "vlan": (ETHERNET, lambda ip: _MAC + b"\x81\0\0\x05" + _kind(ip) + ip),
    "qinq": (ETHERNET, lambda ip: _MAC + b"\x88\xa8\0\x05\x81\0\0\x06" + _kind(ip) + ip),
    "null": (NULL, lambda ip: struct.pack("<I", 2 if ip[0] >> 4 == 4 else 30) + ip),
    "null-big-endian": (NULL, lambda ip: struct.pack(">I", 2 if ip[0] >> 4 == 4 else 30) + ip),
    "loop": (LOOP, lambda ip: struct.pack(">I", 2 if ip[0] >> 4 == 4 else 24) + ip),
    "raw": (RAW, lambda ip: ip),
    "sll": (SLL, lambda ip: bytes([0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]) + _kind(ip) + ip),
    "sll2": (SLL2, lambda ip: _kind(ip) + bytes([0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]) + ip),
    "vxlan": (ETHERNET, lambda ip: _outer(4789, b"\x08\0\0\0\0\0\x07\0" + _MAC + _kind(ip) + ip)),
    "geneve": (ETHERNET, lambda ip: _outer(6081, b"\x02\0\x65\x58\0\0\x07\0" + bytes([1, 2, 3, 1, 0, 0, 0, 9])
                                           + _MAC + _kind(ip) + ip)),
    "ip-in-ip": (RAW, lambda ip: _ip4(bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]), 4 if ip[0] >> 4 == 4 else 41, ip)),
    "ip6": (ETHERNET, lambda ip: _MAC + b"\x86\xdd" + _ip6_of(ip)),
    "ip6-extensions": (ETHERNET, lambda ip: _MAC + b"\x86\xdd" + _ip6_of(ip, extensions=True)),
}


def _outer(port: int, inner: bytes) -> bytes:
    ip = _udp(port, inner)
    return _MAC + _kind(ip) + ip


def framed(packets, how: str) -> tuple[int, list[Packet]]:
    link, frame = FRAMINGS[how]
    return link, [Packet(frame(ip_of(packet.frame)), packet.nanoseconds) for packet in packets]


# --- segments --------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Segment:
    source: bytes
    destination: bytes
    ports: tuple
    sequence: int
    acknowledged: int
    flags: int
    payload: bytes
    nanoseconds: int

    def packet(self) -> Packet:
        tcp = struct.pack(">HHIIBBHHH", *self.ports, self.sequence & 0xFFFFFFFF, self.acknowledged, 0x50, self.flags,
                          65535, 0, 0)
        ip = _ip4(self.source, self.destination, 6, tcp + self.payload)
        return Packet(_MAC + b"\x08\0" + ip, self.nanoseconds)

    def part(self, start: int, end: int) -> "Segment":
        return dataclasses.replace(self, sequence=self.sequence + start, payload=self.payload[start:end])

    @property
    def flow(self) -> tuple:
        return self.source, self.destination, self.ports


def segment_of(packet: Packet) -> Segment | None:
    """Of an Ethernet frame with IPv4 and TCP; None for anything else."""
    frame = packet.frame
    if frame[12:14] != b"\x08\0" or frame[23] != 6:
        return None
    ip = frame[14:]
    size = (ip[0] & 15) * 4
    tcp = ip[size:struct.unpack_from(">H", ip, 2)[0] or len(ip)]
    source_port, destination_port, sequence, acknowledged, offset, flags = struct.unpack_from(">HHIIBB", tcp)
    return Segment(ip[12:16], ip[16:20], (source_port, destination_port), sequence, acknowledged, flags,
                   tcp[(offset >> 4) * 4:], packet.nanoseconds)


def segments_of(packets) -> list[Segment]:
    return [segment for segment in map(segment_of, packets) if segment]


def cut_up(segments, size: int) -> list[Segment]:
    """The same bytes in segments of at most `size`."""
    out = []
    for segment in segments:
        if len(segment.payload) <= size:
            out.append(segment)
            continue
        out += [segment.part(at, at + size) for at in range(0, len(segment.payload), size)]
    return out


def shuffled(segments, seed: int, window=24) -> list[Segment]:
    """Segments with payload out of order within each window, some twice, in both directions; times stay ascending."""
    chance = random.Random(seed)
    out, times = [], [segment.nanoseconds for segment in segments]
    rest = list(segments)
    while rest:
        part, rest = rest[:window], rest[window:]
        data = [segment for segment in part if segment.payload and not segment.flags & SYN]
        other = [segment for segment in part if segment not in data]
        data += chance.sample(data, len(data) // 4)
        chance.shuffle(data)
        out += [segment for segment in other if segment.flags & SYN] + data
        out += [segment for segment in other if not segment.flags & SYN]
    pace = itertools.chain(times, itertools.repeat(times[-1]))
    return [dataclasses.replace(segment, nanoseconds=at) for segment, at in zip(out, pace)]


class Conversation:
    """A TCP conversation written by hand: `client(bytes)` and `server(bytes)` send, handshake and end are there."""

    def __init__(self, server="52.94.0.10", port=80, client="10.0.0.5", client_port=40000, isn=(1000, 2_000_000),
                 start=1_764_000_000_000_000_000):
        self._ends = tuple(bytes(map(int, address.split("."))) for address in (client, server))
        self._ports = (client_port, port)
        self._next = list(isn)
        self._now = start
        self.segments: list[Segment] = []
        self._send(0, SYN)
        self._send(1, SYN | ACK)

    def _send(self, side: int, flags: int, payload=b""):
        self._now += 1_000_000
        ports = self._ports if side == 0 else self._ports[::-1]
        self.segments.append(Segment(self._ends[side], self._ends[1 - side], ports, self._next[side],
                                     self._next[1 - side] & 0xFFFFFFFF if flags & ACK else 0, flags, payload, self._now))
        self._next[side] += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def client(self, payload: bytes, size=1460) -> "Conversation":
        for at in range(0, len(payload), size):
            self._send(0, ACK | PSH, payload[at:at + size])
        return self

    def server(self, payload: bytes, size=1460) -> "Conversation":
        for at in range(0, len(payload), size):
            self._send(1, ACK | PSH, payload[at:at + size])
        return self

    def end(self) -> "Conversation":
        self._send(0, FIN | ACK)
        self._send(1, FIN | ACK)
        return self

    def lose(self, side: int, size: int) -> "Conversation":
        """`size` bytes of that side are not in the capture."""
        self._next[side] += size
        return self

    @property
    def packets(self) -> list[Packet]:
        return [segment.packet() for segment in self.segments]
