"""What the program reads of packet captures is what tshark reads of them, and what real clients say that they have sent.

The captures are recorded here: boto3 against dynalite, over HTTP and over TLS, at AWS's names and an address of theirs, in a
private network; openssl's own client and server for the versions of TLS. Each is then cut up and framed anew in every way in
which traffic is met.
"""

import collections
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

import jsonschema
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lab import namespace, packets, process, program, recording, servers, wire  # noqa: E402

SCHEMA = program.ROOT / "docs" / "schema" / "wiretight-1.schema.json"
AWS, NAME = "52.94.0.10", "dynamodb.us-east-1.amazonaws.com"
STREAMS = "streams.dynamodb.us-east-1.amazonaws.com"
KEY, TOKEN = "ASIAQWERTYUIOPASDFGH", "IQoJb3JpZ2luX2VjE" + "Zm9vYmFyL2Jhen" * 50
SECRETS = (KEY, TOKEN[:40], "a-secret-that-must-never", "4111-1111")


def needs(*tools) -> None:
    for tool in tools:
        if not shutil.which(tool):
            pytest.skip(f"no {tool} on this machine")


@pytest.fixture(scope="session")
def network():
    if not namespace.is_private():
        pytest.skip("no private network to record in")
    needs("tcpdump", "node", "ip")
    if not (servers.PEERS / "dynalite").exists():
        pytest.skip("dynalite is not installed (npm ci in tests/peers)")
    if subprocess.run([recording.PYTHON, "-c", "import boto3"], capture_output=True).returncode != 0:
        pytest.skip("no boto3 (Debian's python3-boto3)")
    recording.add_address(AWS)
    recording.wire_like()


def record(folder: pathlib.Path, name: str, port: int, tls: bool) -> tuple[pathlib.Path, dict]:
    path = folder / f"{name}.pcap"
    server = recording.dynalite(port, folder / f"{name}.dynalite", tls)
    try:
        with recording.Recorder(path, "tcp", "port", str(port)):
            sent = recording.boto3(endpoint=f"{'https' if tls else 'http'}://{NAME}:{port}", key=KEY, token=TOKEN,
                                   hosts={NAME: AWS, STREAMS: AWS}, verify=not tls, items=7, filling=3000)
    finally:
        server.stop()
    return path, sent


@pytest.fixture(scope="session")
def clear(network, tmp_path_factory):
    """boto3 over HTTP: the capture, and how often which operation was sent."""
    return record(tmp_path_factory.mktemp("clear"), "clear", 80, False)


@pytest.fixture(scope="session")
def encrypted(network, tmp_path_factory):
    return record(tmp_path_factory.mktemp("encrypted"), "encrypted", 443, True)


def tshark(path, display: str, *fields, options=()) -> list:
    """The fields of every frame that the filter lets pass."""
    needs("tshark")
    arguments = ["tshark", "-n", "-r", str(path), "-Y", display, "-T", "fields", "-E", "separator=\t", "-E", "occurrence=f",
                 "-o", "tcp.reassemble_out_of_order:TRUE"]
    for option in options:
        arguments += ["-o", option]
    for field in fields:
        arguments += ["-e", field]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def scan(path, *arguments) -> dict:
    answer = program.scan_json("--facts", *arguments, path)
    assert not answer.timed_out and answer.code in (0, 1, 3), str(answer)
    return answer.json


def written(tmp_path, data: bytes, name="x.pcap") -> pathlib.Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def told(result: dict) -> dict:
    """What must not depend on how the traffic was cut up, framed or stored."""
    total = collections.Counter()
    for flow in result["facts"]["flows"]:
        for operation in flow["operations"]:
            total[operation["name"]] += operation["count"]
        for count in ("requests", "responses", "itemsWritten", "itemsReturned", "requestsWithToken", "requestBytes",
                      "responseBytes", "connections"):
            total[count] += flow[count]
    return {**total, "keys": {flow["keyId"] for flow in result["facts"]["flows"]},
            "tables": {table for flow in result["facts"]["flows"] for table in flow["tables"]},
            "hosts": {flow["host"] for flow in result["facts"]["flows"]},
            "rules": sorted(finding["rule"] for finding in result["findings"])}


def status(result: dict) -> str:
    return result["targets"][0]["status"]


def problems(result: dict) -> str:
    return "; ".join(problem["message"] for problem in result["targets"][0]["problems"])


# --- what was recorded ------------------------------------------------------------------------------------------------


def test_every_request_of_a_real_client_is_told(clear):
    path, sent = clear
    result = scan(path)
    seen = told(result)
    for operation, count in sent.items():
        assert seen[operation] == count, (operation, sent, seen)
    assert seen["requests"] == sum(sent.values()) == seen["requestsWithToken"]
    assert seen["responses"] == seen["requests"]
    assert seen["tables"] == {"Music"} and seen["keys"] == {"ASIA…DFGH"}
    assert seen["itemsWritten"] == 7
    # Seven by GetItem, one each by Query and BatchGetItem, seven by Scan.
    assert seen["itemsReturned"] == 16
    assert {flow["service"] for flow in result["facts"]["flows"]} == {"dynamodb", "streams"}
    assert result["summary"]["critical"] == 2 and status(result) == "complete"
    assert result["targets"][0]["kind"] == "capture"


def test_counts_and_places_are_tsharks(clear):
    path, _ = clear
    result = scan(path)
    lines = tshark(path, "http.request.method == POST", "frame.number", "tcp.stream", "http.host", "http.content_length")
    seen = told(result)
    assert seen["requests"] == len(lines)
    assert seen["requestBytes"] == sum(int(line[3]) for line in lines)
    assert {flow["host"] for flow in result["facts"]["flows"]} == {line[2].split(":")[0] for line in lines}
    responses = tshark(path, "http.response", "http.content_length_header")
    assert seen["responseBytes"] == sum(int(line[0]) for line in responses)
    # tshark names the frame in which a request ends, body included; the place is the one in which its headers do.
    data = tshark(path, "tcp.dstport == 80 && tcp.len > 0", "frame.number", "tcp.stream")
    for finding in result["findings"]:
        where = finding["location"]
        assert where["capture"] == str(path)
        begins = min(int(line[0]) for line in data if int(line[1]) == where["stream"])
        ends = min(int(line[0]) for line in lines if int(line[1]) == where["stream"])
        assert begins <= where["frame"] <= ends, (where, begins, ends)
    packets_seen = tshark(path, "frame", "frame.number")
    statistics = result["targets"][0]["statistics"]
    assert statistics["packets"] == len(packets_seen)
    assert statistics["flows"] == len({line[0] for line in tshark(path, "tcp", "tcp.stream")})
    assert statistics["bytes"] == path.stat().st_size and statistics["dropped"] == 0


def test_times_are_those_of_the_capture(clear):
    path, _ = clear
    frame = scan(path)["facts"]["flows"][0]
    (stamp, ), = tshark(path, f"frame.number == {frame['firstFrame']}", "frame.time_epoch")
    assert frame["firstSeen"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(stamp.split(".")[0])))


def test_secrets_stay_out_of_every_format(clear, tmp_path):
    path, _ = clear
    outputs = []
    for form in ("console", "json", "sarif", "junit", "markdown", "github"):
        outputs.append(program.scan("--format", form, "--facts", path).out)
    outputs.append(program.scan("-v", path).out)
    for secret in SECRETS:
        assert all(secret.encode() not in out for out in outputs), secret
    console = outputs[0].decode()
    assert "ASIA…DFGH" in console
    assert not re.search(r"secret (access )?key (leaked|was (seen|exposed|readable))", console)


def test_a_file_name_that_is_masked_hides_no_leak(wiretight, tmp_path):
    """The closing table finds a target's findings by its name, as it is shown."""
    recorded = program.ROOT / "examples" / "boto3-over-http.pcap.gz"
    named = tmp_path / "AKIAIOSFODNN7EXAMPLE.pcap.gz"
    named.write_bytes(recorded.read_bytes())
    answer = program.run("scan", "--width", "400", named, recorded)
    rows = [line for line in answer.text.splitlines() if re.search(r"pcap\.gz  +[A-Z]+  +F  ", line)]
    assert len(rows) == 2 and all("LEAKING" in row and "cleartext-traffic" in row for row in rows), answer.text


def test_results_have_their_schema_and_sarif_a_place(clear, encrypted):
    schema = json.loads(SCHEMA.read_text())
    for path, _ in (clear, encrypted):
        jsonschema.validate(scan(path), schema)
    sarif = program.scan("--format", "sarif", clear[0]).json
    place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("/clear.pcap")
    assert place["region"]["byteOffset"] > 24


# --- TLS --------------------------------------------------------------------------------------------------------------


def test_handshakes_of_a_real_client_are_tsharks(encrypted):
    path, _ = encrypted
    result = scan(path)
    hellos = tshark(path, "tls.handshake.type == 2", "tls.handshake.ciphersuite", "tls.handshake.extensions.supported_version",
                    "tls.handshake.extensions_key_share_group")
    names = tshark(path, "tls.handshake.type == 1", "tls.handshake.extensions_server_name")
    flows = result["facts"]["flows"]
    assert {flow["host"] for flow in flows} == {name for name, in names} == {NAME}
    handshakes = [handshake for flow in flows for handshake in flow["handshakes"]]
    assert sum(handshake["count"] for handshake in handshakes) == len(hellos)
    suites = {0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384", 0x1303: "TLS_CHACHA20_POLY1305_SHA256"}
    assert {handshake["suite"] for handshake in handshakes} == {suites[int(suite, 16)] for suite, _, _ in hellos}
    assert {handshake["version"] for handshake in handshakes} == {"TLSv1.3"}
    assert all(int(version, 16) == 0x0304 for _, version, _ in hellos)
    assert {handshake["group"] for handshake in handshakes} == {wire.GROUP_NAMES[int(group)] for _, _, group in hellos}
    assert not any(finding["category"] == "cleartext" for finding in result["findings"])


@pytest.fixture(scope="session")
def handshakes(network, certs, tmp_path_factory):
    """openssl with itself, in every version that Debian's has: the options of the client, and the capture."""
    folder = tmp_path_factory.mktemp("handshakes")
    chain, key = certs.pair("sound")
    made = {}
    for name, server, client in (
            ("TLSv1.0", ("-tls1", ), ("-tls1", )), ("TLSv1.1", ("-tls1_1", ), ("-tls1_1", )),
            ("TLSv1.2", ("-tls1_2", ), ()), ("TLSv1.3", ("-tls1_3", ), ()),
            ("TLSv1.3-retry", ("-tls1_3", "-groups", "P-384"), ("-groups", "X25519:P-384")),
            ("too-old", ("-tls1_2", ), ("-tls1_1", )),
            ("unknown-ca", ("-tls1_2", ), ("-tls1_2", "-verify_return_error"))):
        path = folder / f"{name}.pcap"
        child = process.Process(["openssl", "s_server", "-accept", f"{AWS}:4433", "-cert", chain, "-key", key, "-quiet",
                                 "-cipher", "ALL:@SECLEVEL=0", *server], 4433, folder / f"{name}.server", keep_input=True)
        child.wait_ready()
        with recording.Recorder(path, "tcp", "port", "4433"):
            subprocess.run(["openssl", "s_client", "-connect", f"{AWS}:4433", "-servername", NAME, "-cipher",
                            "ALL:@SECLEVEL=0", *client], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        child.stop()
        made[name] = path
    return made


@pytest.mark.parametrize("name", ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3", "TLSv1.3-retry"])
def test_versions_and_suites_are_tsharks(handshakes, name):
    path = handshakes[name]
    outcome, = scan(path)["facts"]["flows"][0]["handshakes"]
    ports = ["-d", "tcp.port==4433,tls"]
    needs("tshark")
    done = subprocess.run(["tshark", "-n", "-r", path, *ports, "-Y", "tls.handshake.type == 2", "-T", "fields", "-e",
                           "tls.handshake.version", "-e", "tls.handshake.extensions.supported_version", "-e",
                           "tls.handshake.ciphersuite", "-e", "tls.handshake.extensions_key_share_group"],
                          capture_output=True, text=True, check=True)
    version, newer, suite, group = done.stdout.splitlines()[-1].split("\t")
    versions = {0x0301: "TLSv1.0", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}
    assert outcome["version"] == versions[int(newer or version, 16)] == name[:7]
    text = (program.ROOT / "knowledge" / "tls" / "suites.csv").read_text()
    names = {int(line.split(",")[0], 16): line.split(",")[1] for line in text.splitlines()[1:] if line.startswith("0x")}
    assert outcome["suite"] == names[int(suite, 16)]
    if group:
        assert outcome["group"] == wire.GROUP_NAMES[int(group)]


def test_what_is_obsolete_on_the_wire_is_reported(handshakes):
    for name in ("TLSv1.0", "TLSv1.1"):
        result = scan(handshakes[name])
        messages = [finding["message"] for finding in result["findings"] if finding["rule"] == "protocol-obsolete"]
        assert any(f"accepts {name}" in message for message in messages), messages
        assert any(f"nothing newer than {name}" in message for message in messages), messages
    for name in ("TLSv1.2", "TLSv1.3", "TLSv1.3-retry"):
        assert not any(finding["rule"] == "protocol-obsolete" for finding in scan(handshakes[name])["findings"])


def test_alerts_are_explained(handshakes):
    too_old, = [flow for flow in scan(handshakes["too-old"])["facts"]["flows"]]
    assert [(alert["from"], alert["name"]) for alert in too_old["alerts"]] == [("server", "protocol_version")]
    assert too_old["handshakes"][0]["version"] is None and too_old["handshakes"][0]["offered"] == "TLSv1.1"
    unknown, = [flow for flow in scan(handshakes["unknown-ca"])["facts"]["flows"]]
    assert [(alert["from"], alert["name"]) for alert in unknown["alerts"]] == [("client", "unknown_ca")]
    assert "does not trust the certificate" in " ".join(program.scan(handshakes["unknown-ca"]).text.split())


# --- every form of file and frame -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", sorted(packets.FRAMINGS))
def test_every_link_and_tunnel(clear, tmp_path, how):
    link, frames = packets.framed(packets.read_pcap(clear[0]), how)
    path = written(tmp_path, packets.pcap(frames, link))
    result = scan(path)
    assert told(result) == told(scan(clear[0])), problems(result)
    assert status(result) == "complete"
    if how != "padded":  # tshark needs no second look at the same bytes
        requests = tshark(path, "http.request.method == POST", "frame.number")
        assert len(requests) == told(result)["requests"]


FILES = {
    "little-endian": lambda p: packets.pcap(p),
    "big-endian": lambda p: packets.pcap(p, endian=">"),
    "nanoseconds": lambda p: packets.pcap(p, nano=True),
    "big-endian-nanoseconds": lambda p: packets.pcap(p, endian=">", nano=True),
    "pcapng": lambda p: packets.pcapng([(packets.ETHERNET, p)]),
    "pcapng-big-endian": lambda p: packets.pcapng([(packets.ETHERNET, p)], endian=">"),
    "pcapng-microseconds": lambda p: packets.pcapng([(packets.ETHERNET, p)], resolution=6),
    "pcapng-simple": lambda p: packets.pcapng([(packets.ETHERNET, p)], simple=True),
    "pcapng-obsolete": lambda p: packets.pcapng([(packets.ETHERNET, p)], obsolete=True),
    "pcapng-two-links": lambda p: packets.pcapng([(packets.ETHERNET, p[::2]), packets.framed(p[1::2], "sll2")]),
    "pcapng-two-sections": lambda p: packets.pcapng([(packets.ETHERNET, p[:40])]) + packets.pcapng(
        [(packets.ETHERNET, p[40:])], endian=">"),
    "gzip": lambda p: packets.gzipped(packets.pcap(p)),
    "gzip-members": lambda p: packets.gzipped(packets.pcap(p), members=5),
    "gzip-pcapng": lambda p: packets.gzipped(packets.pcapng([(packets.ETHERNET, p)])),
}


@pytest.mark.parametrize("how", sorted(FILES))
def test_every_file_format(clear, tmp_path, how):
    path = written(tmp_path, FILES[how](packets.read_pcap(clear[0])), "capture.bin")
    result = scan(path)
    assert told(result) == told(scan(clear[0])), problems(result)
    assert result["targets"][0]["kind"] == "capture" and status(result) == "complete"


@pytest.mark.parametrize("size", [1, 2, 7, 100, 536])
def test_segments_of_any_size(clear, tmp_path, size):
    segments = packets.cut_up(packets.segments_of(packets.read_pcap(clear[0])), size)
    result = scan(written(tmp_path, packets.pcap([segment.packet() for segment in segments])))
    assert told(result) == told(scan(clear[0])), problems(result)


@pytest.mark.parametrize("seed", range(8))
def test_segments_out_of_order_and_twice(clear, tmp_path, seed):
    segments = packets.shuffled(packets.segments_of(packets.read_pcap(clear[0])), seed)
    result = scan(written(tmp_path, packets.pcap([segment.packet() for segment in segments])))
    assert told(result) == told(scan(clear[0])), problems(result)


def test_a_million_bytes_in_one_packet(clear, tmp_path):
    """Segmentation offload: what a host captures of itself has up to 64 KB in a packet, and no length in IP."""
    segments, joined = packets.segments_of(packets.read_pcap(clear[0])), []
    for segment in segments:
        last = joined[-1] if joined else None
        if last and last.flow == segment.flow and segment.payload and last.payload and (
                last.sequence + len(last.payload) == segment.sequence) and len(last.payload) < 60000:
            joined[-1] = packets.dataclasses.replace(last, payload=last.payload + segment.payload)
        else:
            joined.append(segment)
    frames = [segment.packet() for segment in joined]
    frames = [packets.Packet(frame.frame[:16] + b"\0\0" + frame.frame[18:], frame.nanoseconds) for frame in frames]
    assert told(scan(written(tmp_path, packets.pcap(frames)))) == told(scan(clear[0]))


# --- what is missing --------------------------------------------------------------------------------------------------


def test_a_snap_length_is_a_gap_and_what_it_left_is_told(clear, tmp_path):
    result = scan(written(tmp_path, packets.pcap(packets.read_pcap(clear[0]), snap=400)))
    assert status(result) == "partial" and result["verdict"] == "incomplete"
    assert "the snap length cut off" in problems(result)
    assert told(result)["requests"] == told(scan(clear[0]))["requests"]


def test_a_capture_that_is_cut_off_is_incomplete(clear, tmp_path):
    data = clear[0].read_bytes()
    path = written(tmp_path, data[:len(data) // 2 + 5])
    answer = program.scan(path)
    assert answer.code == 3 and "cut off in the middle of a packet" in " ".join(answer.text.split()), str(answer)
    assert "cleartext-traffic" in answer.text
    half = packets.gzipped(data)
    answer = program.scan(written(tmp_path, half[:len(half) // 2], "x.gz"))
    assert answer.code == 3 and "cut off" in answer.text, str(answer)


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b\x08", b"not a capture at all", gzip.compress(b""), bytes(4096),
                                  gzip.compress(b"not a capture")])
def test_what_is_no_capture_is_incomplete_when_it_is_called_one(tmp_path, data):
    answer = program.scan_json("--as", "capture", written(tmp_path, data))
    assert answer.code == 3 and answer.json["targets"][0]["status"] == "failed", str(answer)
    assert answer.json["targets"][0]["problems"][0]["message"]


def test_dropped_packets_lower_the_claim(clear, tmp_path):
    result = scan(written(tmp_path, packets.pcapng([(packets.ETHERNET, packets.read_pcap(clear[0]))], dropped=12)))
    assert result["targets"][0]["statistics"]["dropped"] == 12
    assert status(result) == "partial" and "12 packets lost while capturing" in problems(result)


def test_one_direction_and_the_middle_are_enough(clear, tmp_path):
    segments = packets.segments_of(packets.read_pcap(clear[0]))
    whole = told(scan(clear[0]))
    asked = told(scan(written(tmp_path, packets.pcap([s.packet() for s in segments if s.ports[1] == 80]), "asked")))
    assert asked["requests"] == whole["requests"] and asked["responses"] == 0
    answered = told(scan(written(tmp_path, packets.pcap([s.packet() for s in segments if s.ports[0] == 80]), "answered")))
    assert answered["responses"] == whole["responses"] and answered["requests"] == 0
    assert "cleartext-traffic" in answered["rules"]
    later = [s for s in segments if s.ports[1] == 80][20:]
    middle = told(scan(written(tmp_path, packets.pcap([s.packet() for s in later]), "middle")))
    assert 0 < middle["requests"] < whole["requests"]


@pytest.mark.parametrize("lost", range(0, 60, 7))
def test_lost_segments_never_invent_anything(clear, tmp_path, lost):
    segments = packets.segments_of(packets.read_pcap(clear[0]))
    data = [index for index, segment in enumerate(segments) if segment.payload]
    del segments[data[min(lost, len(data) - 1)]]
    seen, whole = told(scan(written(tmp_path, packets.pcap([s.packet() for s in segments])))), told(scan(clear[0]))
    assert whole["requests"] - 2 <= seen["requests"] <= whole["requests"]
    assert seen["keys"] <= whole["keys"] | {""} and seen["tables"] <= whole["tables"]


# --- conversations by hand --------------------------------------------------------------------------------------------


def asked(operation="GetItem", more="", body=b'{"TableName":"Music"}', path="/", host=NAME) -> bytes:
    return (f"POST {path} HTTP/1.1\r\nHost: {host}\r\nX-Amz-Target: DynamoDB_20120810.{operation}\r\n"
            f"Authorization: AWS4-HMAC-SHA256 Credential={KEY}/20261124/us-east-1/dynamodb/aws4_request, SignedHeaders=host,"
            f" Signature=00\r\n{more}Content-Length: {len(body)}\r\n\r\n").encode() + body


def of(tmp_path, *conversations) -> dict:
    frames = [packet for conversation in conversations for packet in conversation.packets]
    return scan(written(tmp_path, packets.pcap(frames)))


def test_pipelined_chunked_and_expecting_clients(tmp_path):
    chunked = asked("PutItem").replace(b"Content-Length: 21", b"Transfer-Encoding: chunked").split(b"\r\n\r\n")[0]
    talk = packets.Conversation().client(asked() + asked("Query") + asked("Scan"))
    talk.client(chunked + b"\r\n\r\n15\r\n{\"TableName\":\"Music\"}\r\n0\r\n\r\n" + asked("DeleteItem"))
    head, body = asked("UpdateItem", "Expect: 100-continue\r\n").split(b"\r\n\r\n")
    talk.client(head + b"\r\n\r\n").server(b"HTTP/1.1 100 Continue\r\n\r\n").client(body).client(asked("ListTables"))
    seen = told(of(tmp_path, talk))
    assert {name: seen[name] for name in ("GetItem", "Query", "Scan", "PutItem", "DeleteItem", "UpdateItem", "ListTables")} \
        == dict.fromkeys(("GetItem", "Query", "Scan", "PutItem", "DeleteItem", "UpdateItem", "ListTables"), 1)


def test_proxies(tmp_path):
    absolute = packets.Conversation(server="10.2.0.9", port=3128).client(asked(path=f"http://{NAME}/"))
    result = of(tmp_path, absolute)
    assert result["facts"]["flows"][0]["throughProxy"] and result["facts"]["flows"][0]["host"] == NAME
    hello = wire.client_hello(0x0303, [0xC02F], host=NAME)
    tunnel = packets.Conversation(server="10.2.0.9", port=3128).client(f"CONNECT {NAME}:443 HTTP/1.1\r\n\r\n".encode())
    tunnel.server(b"HTTP/1.1 200 Connection established\r\n\r\n").client(hello, size=40)
    result = of(tmp_path, tunnel)
    assert [(flow["protocol"], flow["host"]) for flow in result["facts"]["flows"]] == [("TLS", NAME)]
    assert not any(finding["category"] == "cleartext" for finding in result["findings"])


@pytest.mark.parametrize("size", [1, 3, 60, 1460])
def test_hellos_in_pieces_with_grease_and_in_two_records(tmp_path, size):
    extra = wire.extension(0x1A1A) + wire.extension(wire.EXT_VERSIONS, b"\6\x0a\x0a\3\4\3\3")
    hello = wire.client_hello(0x0303, [0x0A0A, 0x1301, 0xC02F], groups=(0x3A3A, 0x11EC, 0x1D), extra=extra, host=NAME)
    body = hello[5:]
    records = wire.record(22, 0x0301, body[:50]) + wire.record(22, 0x0301, body[50:])
    for data in (hello, records):
        flow, = of(tmp_path, packets.Conversation(port=443).client(data, size))["facts"]["flows"]
        outcome, = flow["handshakes"]
        assert flow["host"] == NAME and outcome["postQuantumOffered"] and outcome["offered"] == "TLSv1.3"


def test_ports_that_are_used_again(tmp_path):
    first = packets.Conversation().client(asked()).end()
    second = packets.Conversation(isn=(5_000_000, 7_000_000)).client(asked("Scan")).end()
    result = of(tmp_path, first, second)
    assert result["targets"][0]["statistics"]["flows"] == 2
    assert told(result)["GetItem"] == told(result)["Scan"] == 1


def test_a_retransmission_with_other_bytes_does_not_replace_the_first(tmp_path):
    talk = packets.Conversation().client(asked())
    original = talk.segments[-1]
    talk.segments.append(packets.dataclasses.replace(
        original, payload=original.payload.replace(KEY.encode(), b"AKIA" + b"Z" * 16)))
    result = of(tmp_path, talk)
    assert told(result)["requests"] == 1 and told(result)["keys"] == {"ASIA…DFGH"}


def test_sequence_numbers_wrap(tmp_path):
    talk = packets.Conversation(isn=(2**32 - 300, 2**32 - 10)).client(asked() + asked("Scan"), 100)
    assert told(of(tmp_path, talk))["requests"] == 2


# --- silence ----------------------------------------------------------------------------------------------------------


def test_other_traffic_is_silence(network, certs, tmp_path):
    needs("curl", "openssl")
    chain, key = certs.pair("sound")
    secure = process.Process(["openssl", "s_server", "-accept", "127.0.0.1:9443", "-cert", chain, "-key", key, "-www"], 9443,
                             tmp_path / "secure.log")
    plain = process.Process([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "9080"], 9080,
                            tmp_path / "plain.log", folder=tmp_path)
    secure.wait_ready()
    plain.wait_ready()
    path = tmp_path / "other.pcap"
    with recording.Recorder(path):
        for words in (["https://localhost:9443/"], ["http://127.0.0.1:9080/dynamodb?x=aws4_request"],
                      ["-d", "X-Amz-Target: DynamoDB_20120810.GetItem", "http://127.0.0.1:9080/"]):
            subprocess.run(["curl", "-sk", *words], capture_output=True, timeout=20)
    secure.stop()
    plain.stop()
    result = scan(path)
    assert result["findings"] == [] and result["facts"]["flows"] == [] and result["facts"]["listeners"] == []
    assert result["verdict"] == "tight" and result["targets"][0]["statistics"]["packets"] > 20


def test_memory_does_not_grow_with_the_capture(clear, tmp_path):
    one = packets.read_pcap(clear[0])
    small = written(tmp_path, packets.pcap(one), "small")
    large = written(tmp_path, packets.pcap(one * 200), "large")
    assert large.stat().st_size > 20 << 20
    few, many = (program.scan(path) for path in (small, large))
    assert many.resident - few.resident < 16 << 20, f"{few.resident >> 20} MB and {many.resident >> 20} MB"
