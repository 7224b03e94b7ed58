#!/usr/bin/python3
"""Forwards Ethernet frames between two interfaces, each frame a fixed time after it came: a network with a round trip.

    delay_bridge.py INTERFACE INTERFACE SECONDS

The kernels of small machines lack the netem scheduler, so the delay is made here, in a namespace between two others.
"""

import collections
import ctypes
import fcntl
import select
import socket
import struct
import sys
import time

_SIOCETHTOOL = 0x8946
# ETHTOOL_STXCSUM, _SSG, _STSO, _SGSO, _SGRO of linux/ethtool.h: they leave frames without checksums, or larger than any
# wire takes.
_OFFLOADS = (0x17, 0x19, 0x1F, 0x24, 0x2C)
_ALL_FRAMES = 3
_OUTGOING = 4


def without_offloads(interface: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in _OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            fcntl.ioctl(control, _SIOCETHTOOL, struct.pack("16sQ", interface.encode(), ctypes.addressof(value)))


def open_interface(name: str) -> socket.socket:
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_FRAMES))
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    opened.bind((name, 0))
    opened.setblocking(False)
    return opened


def forward(one: str, other: str, seconds: float) -> None:
    ends = [open_interface(one), open_interface(other)]
    waiting: collections.deque = collections.deque()  # (when, where to, frame), in order of time
    poll = select.poll()
    for number, end in enumerate(ends):
        poll.register(end, select.POLLIN)
    while True:
        if waiting:
            poll.poll(max(0.0, (waiting[0][0] - time.monotonic()) * 1000))
        else:
            poll.poll()
        for number, end in enumerate(ends):
            while True:
                try:
                    frame, address = end.recvfrom(65536)
                except BlockingIOError:
                    break
                if address[2] != _OUTGOING:
                    waiting.append((time.monotonic() + seconds, ends[1 - number], frame))
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, end, frame = waiting.popleft()
            end.send(frame)


if __name__ == "__main__":
    forward(sys.argv[1], sys.argv[2], float(sys.argv[3]))
