"""Turns the lines of a page into captures: real bytes of clients and of the scripted server, in frames made by hand."""

import json
import socket
import struct
import threading
import time

import scripted_server
from lab import packets, wire
from pages.notation import Complaint, Line

AWS, PROXY, HOST = "52.94.0.10", "10.2.0.9", "dynamodb.eu-west-1.amazonaws.com"
KEY, TOKEN = "ASIA0123456789ABCDEF", "FwoGZXIvYXdzE" + "x" * 700
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
# A hello of DAX's Go client up to its first request (runtime.md 4.4), with this key and token.
GET_ITEM = 263244906


class Words(dict):
    """The words of a line: "name=value", or "name" alone. What nobody asked for is a complaint."""

    def __init__(self, line: Line):
        super().__init__()
        self._line = line
        for word in line.words[1:]:
            name, _, value = word.partition("=")
            self[name] = value

    def number(self, name: str, default: int) -> int:
        return int(self.pop(name, default))

    def flag(self, name: str) -> bool:
        return self.pop(name, None) is not None

    def done(self) -> None:
        if self:
            raise Complaint(self._line.number, f"\"{next(iter(self))}\" is no word of this capture")


def made(line: Line, starter) -> bytes:
    """A pcap file. The starter of servers reads the words of one whose answer is recorded instead of given."""
    words = Words(line)
    kinds = {"http": http, "rpc": http, "dax": dax, "connect": connect, "web": web}
    kind = line.words[0]
    if kind == "tls":
        conversations = tls(line, words, starter)
    elif kind in kinds:
        conversations = kinds[kind](words, kind)
        words.done()
    else:
        raise Complaint(line.number, f"there is no capture of the kind \"{kind}\"")
    return packets.pcap([packet for conversation in conversations for packet in conversation.packets])


def conversation(server: str, port: int, number: int = 0) -> packets.Conversation:
    return packets.Conversation(server=server, port=port, client_port=40000 + number, start=time.time_ns())


def request(words: Words, kind: str, proxy: str) -> bytes:
    host = words.pop("host", HOST)
    service = {"": "DynamoDB_20120810", "streams": "DynamoDBStreams_20120810"}[words.pop("service", "")]
    operation, key = words.pop("operation", "PutItem"), words.pop("key", KEY)
    credential = f"{key}/20261124/{words.pop('region', 'eu-west-1')}/dynamodb/aws4_request"
    path, headers = "/", [f"Host: {host}", "User-Agent: aws-sdk-go-v2/1.30"]
    body = json.dumps({"TableName": "Music", "Item": {"id": {"S": "1"}, "card": {"S": "4111-1111"}}}).encode()
    if words.pop("signed", "") == "query":
        path = f"/?X-Amz-Credential={credential.replace('/', '%2F')}&X-Amz-Signature={'0' * 64}"
    else:
        headers.append(f"Authorization: AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date, "
                       f"Signature={'0' * 64}")
    if words.pop("token", "") != "none":
        headers.append(f"X-Amz-Security-Token: {TOKEN}")
    if kind == "rpc":
        path = f"/service/{service}/operation/{operation}"
        headers += ["smithy-protocol: rpc-v2-cbor", "Content-Type: application/cbor"]
        body = b"\xa0"
    else:
        headers += [f"X-Amz-Target: {service}.{operation}", "Content-Type: application/x-amz-json-1.0"]
    if words.flag("basic"):
        headers.append("Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==")
    if proxy:
        path = f"http://{host}{path}"
    headers.append(f"Content-Length: {len(body)}")
    return f"POST {path} HTTP/1.1\r\n".encode() + "\r\n".join(headers).encode() + b"\r\n\r\n" + body


def response() -> bytes:
    body = b'{"Count":2,"Items":[{"id":{"S":"1"}},{"id":{"S":"2"}}],"ScannedCount":2}'
    return (b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: 0123456789ABCDEFVV4KQNSO5AEMVJF66Q9ASUAAJG\r\nx-amz-crc32: 1\r\n"
            b"Content-Type: application/x-amz-json-1.0\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)


def http(words: Words, kind: str) -> list:
    proxy = words.pop("proxy", "")
    address, port = words.pop("address", proxy or AWS), words.number("port", 3128 if proxy else 80)
    size, only, begin = words.number("split", 1460), words.pop("only", ""), words.pop("begin", "")
    then = words.pop("then", "")
    asked = request(words, kind, proxy)
    first = conversation(address, port)
    for _ in range(2):
        if only != "server":
            first.client(asked, size)
        first.server(response(), size)
    if only == "server":
        first.segments = [segment for segment in first.segments if segment.ports[0] == port]
    if begin == "middle":  # in the middle of the first request, whose end is the first that was captured
        first.segments = [first.segments[2].part(200, len(first.segments[2].payload)), *first.segments[3:]]
    return [first] if not then else [first, conversation(address, port, 1).client(PREFACE)]


def web(words: Words, kind: str) -> list:
    """HTTP of somebody else, which talks about DynamoDB in its body."""
    body = b"X-Amz-Target: DynamoDB_20120810.GetItem Credential=AKIA/20261124/eu-west-1/dynamodb/aws4_request"
    head = b"POST /page HTTP/1.1\r\nHost: www.example\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n"
    first = conversation("203.0.113.9", 80).client(head + body).server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    second = conversation("203.0.113.9", 80, 1).client(PREFACE)
    return [first, second] if words.pop("then", "") else [first]


def connect(words: Words, kind: str) -> list:
    head = f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n"
    if words.flag("basic"):
        head += "Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n"
    hello = wire.client_hello(0x0303, [0xC02F], host=HOST)
    return [conversation(PROXY, 3128).client(head.encode() + b"\r\n").server(b"HTTP/1.1 200 OK\r\n\r\n").client(hello)]


def dax(words: Words, kind: str) -> list:
    def text(value: str) -> bytes:
        data = value.encode()
        return (bytes([0x78, len(data)]) if len(data) < 256 else b"\x79" + struct.pack(">H", len(data))) + data

    def number(value: int) -> bytes:
        return b"\x1a" + struct.pack(">I", value) if value >= 0 else b"\x3a" + struct.pack(">I", -1 - value)
    scope = "AWS4-HMAC-SHA256\n20261124T000000Z\n20261124/eu-west-1/dax/aws4_request\n" + "0" * 64
    first = b"\x67J7yne5G\0" + text("0" * 16) + b"\xa1" + text("UserAgent") + text("DaxGoClient-1.2") + b"\0"
    first += b"\x01" + number(1489122155) + text(KEY) + text("0" * 64) + text(scope)
    first += text(TOKEN) if words.pop("token", "") != "none" else b"\xf6"
    first += text("DaxGoClient-1.2") + b"\x01" + number(GET_ITEM) + b"\x45Music" + b"\x41\x01\xf6"
    size = words.number("split", 1460)
    return [conversation(words.pop("address", "10.2.0.30"), 8111).client(first, size).server(b"\x80")]


def tls(line: Line, words: Words, starter) -> list:
    """What the scripted server answers to a hello: "client=TLSv1.1" is the newest version of that, "client-groups=" its
    groups, "name=" the server's; all other words are those of the server, as in a fence of endpoints."""
    client = wire.VERSIONS[words.pop("client", "TLSv1.3")]
    groups = [starter.groups[name] for name in words.pop("client-groups", "x25519,secp256r1,secp384r1").split(",")]
    name, address, port = words.pop("name", HOST), words.pop("address", AWS), words.number("port", 443)
    script, _ = starter.script_of(line, "tls", [f"{word}={value}" if value else word for word, value in words.items()])
    server = scripted_server.TlsServer({**script, "backing": False})
    suites = sorted({suite for listed in server.versions.values() for suite in listed} | {0xC02F, 0x1301})
    if client == wire.VERSIONS["SSLv2"]:
        kinds = b"".join(suite.to_bytes(3, "big") for suite in suites)
        body = b"\1\0\2" + struct.pack(">HHH", len(kinds), 0, 16) + kinds + bytes(16)
        hello = struct.pack(">H", 0x8000 | len(body)) + body
    else:
        extra = b""
        if client == wire.VERSIONS["TLSv1.3"]:
            extra = wire.extension(wire.EXT_VERSIONS, b"\4\3\4\3\3")
            extra += wire.extension(wire.EXT_KEY_SHARE, wire.vector(2, struct.pack(">H", groups[0]) + wire.vector(
                2, bytes(1216 if groups[0] == 0x11EC else 65 if groups[0] == 0x17 else 32))))
        hello = wire.client_hello(client, suites, groups=groups, extra=extra, host=name)
    return [conversation(address, port).client(hello).server(answer(server, hello)).end()]


def answer(server: scripted_server.TlsServer, hello: bytes) -> bytes:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = socket.create_connection(listener.getsockname(), timeout=10)
        there, _ = listener.accept()

    def serve():
        with there:
            try:
                server.serve(scripted_server.Peer(there), None)
            except scripted_server.Closed:
                pass
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    here.sendall(hello)
    here.shutdown(socket.SHUT_WR)
    data = b""
    while part := here.recv(65536):
        data += part
    thread.join()
    here.close()
    return data
