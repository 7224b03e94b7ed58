"""VPC flow logs: what the program counts is what Python's own reading of the same logs counts; what is damaged is told."""

import collections
import datetime
import gzip
import ipaddress
import itertools
import json
import os
import random

import jsonschema
import pytest

from lab import flow_logs, program

DYNAMODB = ipaddress.ip_network("52.94.0.0/22")
LAYOUT = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/05/28"
WHO = ("service", "account", "interface", "client")
NAME = "111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260528T2025Z_{}.log.gz"


def scan(*words, **options) -> program.Result:
    answer = program.scan_json("--facts", *words, **options)
    assert answer.code in (0, 1, 3) and not answer.timed_out, answer
    return answer


def target(answer: program.Result) -> dict:
    assert len(answer.json["targets"]) == 1
    return answer.json["targets"][0]


def messages(answer: program.Result) -> str:
    return "\n".join(f"{problem['place']}: {problem['message']}" for problem in target(answer)["problems"])


def fields_of(random_: random.Random) -> list:
    """A custom format: at least what is asked of one, in any order, with whatever else."""
    needed = ["interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end",
              "action", "log-status", "pkt-src-aws-service", "pkt-dst-aws-service"]
    others = [name for name in flow_logs.FORMATS["v5"] if name not in needed and not name.startswith("pkt-")]
    fields = needed + random_.sample(others, random_.randrange(len(others) + 1))
    random_.shuffle(fields)
    return fields


def some_records(random_: random.Random, count: int) -> list:
    """Records of hosts in two subnets with DynamoDB, S3, each other and the world, in both directions."""
    made = []
    for _ in range(count):
        client = f"10.0.{random_.randrange(2)}.{random_.randrange(1, 6)}"
        peer, label = random_.choice([("52.94.1.7", "DYNAMODB"), ("52.94.2.9", "DYNAMODB"), ("3.5.140.2", "S3"),
                                      ("198.51.100.4", "-"), ("10.0.9.9", "-"), ("52.95.0.1", "EC2")])
        values = {"interface_id": f"eni-{client.replace('.', '')}", "srcaddr": client, "dstaddr": peer,
                  "srcport": random_.randrange(32768, 61000), "dstport": random_.choice([80, 443, 8111, 5432]),
                  "pkt_src_aws_service": "-", "pkt_dst_aws_service": label,
                  "protocol": random_.choice([6, 6, 6, 17]), "packets": random_.randrange(1, 100),
                  "action": random_.choice(["ACCEPT", "ACCEPT", "REJECT"]),
                  "start": 1780000000 + random_.randrange(86400)}
        values["bytes"] = values["packets"] * random_.randrange(40, 1500)
        values["end"] = values["start"] + random_.randrange(60)
        values["log_status"] = random_.choice(["OK"] * 20 + ["NODATA"])
        if random_.random() < 0.5:
            for one, other in (("srcaddr", "dstaddr"), ("srcport", "dstport"),
                               ("pkt_src_aws_service", "pkt_dst_aws_service")):
                values[one], values[other] = values[other], values[one]
        made.append(flow_logs.record(**values))
    return made


def oracle(logs: list, by_ranges: bool = False) -> dict:
    """(service, account, interface, client) to what its records add up to, read from the text of the logs by column name."""
    groups = collections.defaultdict(collections.Counter)
    for log in logs:
        rows = iter(log.splitlines())
        names = next(rows).split(" ")
        for row in rows:
            values = dict(zip(names, row.split(" "), strict=True))
            if values["log-status"] != "OK" or values["protocol"] != "6":
                continue

            def is_dynamodb(side, values=values):
                label = values.get(f"pkt-{side}-aws-service") == "DYNAMODB"
                return label or (by_ranges and ipaddress.ip_address(values[f"{side}addr"]) in DYNAMODB)

            key = None
            if is_dynamodb("dst") or is_dynamodb("src"):
                service = "dynamodb"
                if is_dynamodb("dst"):
                    key = values["srcaddr"] if values["dstport"] == "80" else None
                    way = "to"
                elif values["srcport"] == "80":
                    key, way = values["dstaddr"], "from"
            else:
                service = "dax"
                for port, other, server, client, direction in (
                        ("dstport", "srcport", "dstaddr", "srcaddr", "to"),
                        ("srcport", "dstport", "srcaddr", "dstaddr", "from")):
                    if (values[port] == "8111" and int(values[other]) >= 32768
                            and ipaddress.ip_address(values[server]).is_private
                            and not values[server].startswith("198.51.100.")):
                        key, way = values[client], direction
                        break
            if key is None:
                continue
            group = groups[service, values.get("account-id", ""), values["interface-id"], key]
            outcome = "rejected" if values["action"] == "REJECT" else way
            group[outcome, "records"] += 1
            group[outcome, "packets"] += int(values["packets"])
            group[outcome, "bytes"] += int(values["bytes"])
            if outcome != "rejected":
                group["payload"] += max(0, int(values["bytes"]) - 120 * int(values["packets"]))
            group["first"] = min(group["first"] or 1 << 40, int(values["start"]))
            group["last"] = max(group["last"], int(values["end"]))
    return groups


def seconds(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def flattened(flow: dict) -> collections.Counter:
    out = collections.Counter({"payload": flow["payloadAtLeast"], "first": seconds(flow["firstSeen"]),
                               "last": seconds(flow["lastSeen"])})
    for name, key in (("to", "toServer"), ("from", "fromServer"), ("rejected", "rejected")):
        for what, value in flow[key].items():
            out[name, what] += value
    return out


def agree(answer: program.Result, logs: list, by_ranges: bool = False) -> None:
    ours = {tuple(flow[name] for name in WHO): +flattened(flow) for flow in answer.json["facts"]["loggedFlows"]}
    theirs = {key: +counts for key, counts in oracle(logs, by_ranges).items()}
    assert ours == theirs
    leaks = [key for key, counts in theirs.items() if counts["to", "records"] + counts["from", "records"]]
    found = [finding for finding in answer.json["findings"] if finding["rule"] == "cleartext-flow"]
    assert sorted(tuple(finding["evidence"][name] for name in WHO) for finding in found) == sorted(leaks)


@pytest.mark.parametrize("seed", range(6))
def test_every_order_of_fields_counts_the_same(tmp_path, seed):
    random_ = random.Random(seed)
    logs = []
    for number in range(5):
        fields, records = fields_of(random_), some_records(random_, 300)
        logs.append(flow_logs.text(fields, records))
        flow_logs.write(tmp_path / "logs" / f"{number}.log{random_.choice(['', '.gz'])}", fields, records)
    answers = [scan("--jobs", str(jobs), tmp_path / "logs") for jobs in (1, 4)]
    agree(answers[0], logs)
    for key in ("findings", "facts"):
        assert answers[0].json[key] == answers[1].json[key]
    assert target(answers[0])["statistics"]["rows"] == 5 * 300
    assert target(answers[0])["statistics"]["files"] == 5


def test_addresses_of_aws_list_stand_for_labels(tmp_path):
    random_ = random.Random(7)
    records = some_records(random_, 2000)
    for values in records:
        for name in ("pkt-src-aws-service", "pkt-dst-aws-service"):
            values.pop(name, None)
    log = flow_logs.write(tmp_path / "a.log", flow_logs.V2, records)
    listed = scan("--ip-ranges", flow_logs.ranges(tmp_path / "ip-ranges.json", str(DYNAMODB)), log)
    agree(listed, [log.read_text()], by_ranges=True)
    assert target(listed)["status"] == "complete"
    assert all(finding["evidence"]["recognisedBy"] == ["ip-ranges.json"] for finding in listed.json["findings"]
               if finding["evidence"]["service"] == "dynamodb")
    # Without it the log does not name DynamoDB: that is not a pass.
    unlisted = scan(log)
    assert unlisted.code == 3
    assert "--ip-ranges" in messages(unlisted)
    assert not [finding for finding in unlisted.json["findings"] if finding["evidence"]["service"] == "dynamodb"]


def test_amazon_alone_is_no_answer(tmp_path):
    """AWS shows one label where ranges overlap, and DynamoDB's addresses are Amazon's too."""
    log = flow_logs.write(tmp_path / "a.log", flow_logs.FORMATS["v5"],
                          [flow_logs.record(dstaddr="52.94.1.1", pkt_dst_aws_service="AMAZON")])
    assert scan(log).code == 3
    assert scan("--ip-ranges", flow_logs.ranges(tmp_path / "r.json", "52.94.0.0/22"), log).code == 1
    assert scan("--ip-ranges", flow_logs.ranges(tmp_path / "r.json", "203.0.113.0/24"), log).code == 0


def test_the_schema_holds(tmp_path):
    schema = json.loads((program.ROOT / "docs" / "schema" / "wiretight-1.schema.json").read_text())
    log = flow_logs.write(tmp_path / "a.log", flow_logs.V2, some_records(random.Random(1), 500))
    jsonschema.validate(scan(log).json, schema)


def test_the_layout_says_account_and_region(tmp_path):
    fields = ["interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "action",
              "pkt-dst-aws-service"]
    flow_logs.write(tmp_path / LAYOUT / NAME.format("aaaa"), fields, [flow_logs.record(pkt_dst_aws_service="DYNAMODB")])
    flow_logs.write(tmp_path / LAYOUT / NAME.format("bbbb"), flow_logs.FORMATS["v5"],
                    [flow_logs.record(pkt_dst_aws_service="DYNAMODB", dstport=443)])
    for place in (tmp_path, tmp_path / "AWSLogs", tmp_path / LAYOUT):
        answer = scan(place)
        assert target(answer)["kind"] == "flowlog"
        assert target(answer)["status"] == "complete"
        (finding,) = answer.json["findings"]
        assert finding["location"] == {"resource": "arn:aws:ec2:eu-west-1:111122223333:network-interface/"
                                                   "eni-0a1b2c3d4e5f60718"}
        assert finding["severity"] == "critical"
        assert finding["evidence"]["firstSeen"] is None


def test_hive_names_are_a_layout_too(tmp_path):
    folder = tmp_path / ("AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/"
                         "month=05/day=28")
    flow_logs.write(folder / "a.log.gz", flow_logs.FORMATS["v5"], [flow_logs.record(pkt_dst_aws_service="DYNAMODB")])
    assert len(scan(tmp_path).json["findings"]) == 1


def test_cloudtrail_beside_it_is_said(tmp_path):
    flow_logs.write(tmp_path / LAYOUT / NAME.format("aaaa"), flow_logs.V2, [flow_logs.record(dstport=443)])
    trail = tmp_path / "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/05/28/a.json.gz"
    trail.parent.mkdir(parents=True)
    trail.write_bytes(gzip.compress(b'{"Records":[]}'))
    answer = scan("--as", "flowlog", tmp_path)
    assert answer.code == 3
    assert "CloudTrail" in messages(answer)
    assert target(answer)["statistics"]["files"] == 1


def test_what_is_no_flow_log_is_left_to_others(tmp_path):
    (tmp_path / "notes.txt").write_text("version of today\nand more\n")
    (tmp_path / "empty.log").write_text("")
    for name in ("notes.txt", "empty.log"):
        answer = program.scan_json(tmp_path / name)
        assert answer.code == 2 or target(answer)["kind"] != "flowlog"
    forced = scan("--as", "flowlog", tmp_path / "notes.txt")
    assert forced.code == 3
    assert "is no VPC flow log" in messages(forced)


def test_the_default_format_needs_no_header(tmp_path):
    records = [flow_logs.record(dstaddr="52.94.1.1"), flow_logs.record(dstaddr="52.94.1.1", dstport=443)]
    log = flow_logs.write(tmp_path / "a.log", flow_logs.V2, records, header=False)
    answer = scan("--ip-ranges", flow_logs.ranges(tmp_path / "r.json", "52.94.0.0/22"), log)
    assert target(answer)["statistics"]["rows"] == 2
    assert len(answer.json["findings"]) == 1
    # As CloudWatch Logs exports it: each line behind a time.
    exported = tmp_path / "exported.gz"
    exported.write_bytes(gzip.compress("".join(f"2026-05-28T20:26:40.000Z {line}\n"
                                               for line in log.read_text().splitlines()).encode()))
    again = scan("--ip-ranges", tmp_path / "r.json", exported)
    assert again.json["findings"][0]["evidence"]["toServer"] == answer.json["findings"][0]["evidence"]["toServer"]


def test_skipped_records_lower_the_claim_and_silence_does_not(tmp_path):
    quiet = flow_logs.write(tmp_path / "quiet.log", flow_logs.V2, [flow_logs.record(log_status="NODATA")])
    assert scan(quiet).code == 0
    skipped = flow_logs.write(tmp_path / "skipped.log", flow_logs.V2, [flow_logs.record(log_status="SKIPDATA")])
    answer = scan(skipped)
    assert answer.code == 3
    assert "SKIPDATA" in messages(answer)
    fields = [name for name in flow_logs.V2 if name != "log-status"]
    either = scan(flow_logs.write(tmp_path / "either.log", fields, [flow_logs.record(log_status="NODATA")]))
    assert either.code == 3
    assert "no log-status field" in messages(either)


def test_rejected_traffic_is_counted_and_no_finding(tmp_path):
    log = flow_logs.write(tmp_path / "a.log", flow_logs.FORMATS["v5"],
                          [flow_logs.record(pkt_dst_aws_service="DYNAMODB", action="REJECT")] * 3)
    answer = scan(log)
    assert answer.code == 0
    assert not answer.json["findings"]
    assert "rejected: 3" in "\n".join(target(answer)["lookedAt"])
    assert answer.json["facts"]["loggedFlows"][0]["rejected"]["records"] == 3


def test_other_logs_are_named(tmp_path):
    gateway = tmp_path / "tgw.log"
    gateway.write_text("version resource-type account-id tgw-id tgw-attachment-id srcaddr dstaddr srcport dstport\n"
                       "6 TransitGateway 111122223333 tgw-1 tgw-attach-1 10.0.0.1 52.94.0.1 41000 80\n")
    answer = scan(gateway)
    assert answer.code == 3
    assert "Transit Gateway" in messages(answer)
    parquet = tmp_path / LAYOUT / "a.log.parquet"
    parquet.parent.mkdir(parents=True)
    parquet.write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    answer = scan(tmp_path / "AWSLogs")
    assert answer.code == 3
    assert "Parquet" in messages(answer)


def test_a_format_that_tells_nothing_is_a_gap(tmp_path):
    for fields in (["interface-id", "srcaddr", "bytes"], ["interface-id", "srcaddr", "dstport"]):
        answer = scan(flow_logs.write(tmp_path / "a.log", fields, [flow_logs.record()]))
        assert answer.code == 3
        assert "tells nothing of port 80" in messages(answer)


def damaged(content: bytes) -> dict:
    return {
        "cut.log.gz": (content[:-20], "cut off"),
        "checksum.log.gz": (content[:-8] + b"\0\0\0\0" + content[-4:], "checksum"),
        "size.log.gz": (content[:-4] + b"\x01\0\0\0", "length"),
        "trailing.log.gz": (content + b"garbage", "follow the last one"),
        "flipped.log.gz": (content[:40] + bytes([content[40] ^ 0xff]) + content[41:], "gzip data"),
        "plain.log.gz": (b"not gzip at all", "is no VPC flow log"),
    }


def test_damaged_files_are_gaps_and_the_rest_goes_on(tmp_path):
    random_ = random.Random(3)
    fields = flow_logs.FORMATS["v5"]
    content = gzip.compress(flow_logs.text(fields, some_records(random_, 500)).encode())
    cases = damaged(content)
    folder = tmp_path / LAYOUT
    for name, (bytes_, _) in cases.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes_)
    (folder / "empty.log.gz").write_bytes(b"")
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "waits.log")
    good = flow_logs.write(folder / "good.log.gz", fields, [flow_logs.record(pkt_dst_aws_service="DYNAMODB")])
    answer = scan(tmp_path, seconds=30)
    assert answer.code == 3
    told = {problem["place"].rsplit("/", 1)[-1]: problem["message"] for problem in target(answer)["problems"]}
    for name, (_, reason) in cases.items():
        assert reason in told[name], told
    assert "good.log.gz" not in told and "empty.log.gz" not in told
    assert [finding for finding in answer.json["findings"] if str(good) in finding["evidence"]["firstRecord"]
            or str(good) in finding["evidence"]["lastRecord"] or finding["severity"] == "critical"]


def test_a_wrong_size_in_the_trailer_is_told_and_members_are_read_one_after_another(tmp_path):
    random_ = random.Random(5)
    fields = flow_logs.FORMATS["v5"]
    text = flow_logs.text(fields, some_records(random_, 400))
    lines = text.splitlines(keepends=True)
    # Cut within lines and between: a member need not end where a row does.
    half = len(text) // 2 + 7
    joined = tmp_path / "joined.log.gz"
    joined.write_bytes(gzip.compress(text[:half].encode()) + gzip.compress(text[half:].encode()) + gzip.compress(b""))
    answer = scan(joined)
    agree(answer, [text])
    assert target(answer)["statistics"]["rows"] == 400
    # Files joined with their headers, of other orders too.
    other = fields_of(random_)
    more = flow_logs.text(other, some_records(random_, 100))
    (tmp_path / "cat.log").write_text(text + more)
    answer = scan(tmp_path / "cat.log")
    agree(answer, [text, more])
    assert target(answer)["status"] == "complete"
    # Without an end of line, and with those of Windows.
    (tmp_path / "ends.log").write_bytes(text.rstrip("\n").replace("\n", "\r\n").encode())
    agree(scan(tmp_path / "ends.log"), [text])
    assert len(lines) == 401


def test_rows_of_another_form_are_counted(tmp_path):
    text = flow_logs.text(flow_logs.V2, [flow_logs.record(dstport=443)] * 3)
    log = tmp_path / "a.log"
    log.write_text(text + "2 111122223333 eni-1 short\n" + text.splitlines()[1] + "\n" + "x " * 5000 + "\n")
    answer = scan(log)
    assert answer.code == 3
    assert "2 rows without the form of the others, the first of them 4" in messages(answer)
    assert target(answer)["statistics"]["rows"] == 4


def write_pieces(path, header: bytes, piece: bytes, count: int) -> None:
    """Without ever having it whole here: what a child was born with counts as its memory."""
    with gzip.open(path, "wb", 9) as file:
        file.write(header)
        for _ in range(count):
            file.write(piece)


def test_a_bomb_costs_no_memory(tmp_path):
    log = tmp_path / "bomb.log.gz"
    header = (" ".join(flow_logs.V2) + "\n").encode()
    write_pieces(log, header, bytes(1 << 20), 300)
    answer = scan(log)
    assert answer.code == 3
    assert "64 KiB" in messages(answer)
    assert answer.resident < 128 << 20
    # One that stays a flow log to its end is read as it comes.
    row = (flow_logs.line(flow_logs.V2, flow_logs.record(dstport=443)) + "\n").encode()
    write_pieces(log, header, row * 1000, 1000)
    answer = scan(log)
    assert answer.code == 0
    assert target(answer)["statistics"]["rows"] == 1_000_000
    assert answer.resident < 128 << 20


def test_more_clients_than_are_kept_are_a_gap_and_the_same_for_any_number_of_threads(tmp_path):
    fields = ["interface-id", "srcaddr", "dstport", "packets", "bytes", "pkt-dst-aws-service"]
    random_ = random.Random(11)
    addresses = [f"10.{high}.{low}.9" for high, low in itertools.product(range(60), range(250))]
    random_.shuffle(addresses)
    for number in range(5):
        flow_logs.write(tmp_path / f"{number}.log", fields,
                        [flow_logs.record(srcaddr=address, pkt_dst_aws_service="DYNAMODB")
                         for address in addresses[number * 3000:(number + 1) * 3000]])
    answers = [scan("--jobs", str(jobs), "--severity", "critical", tmp_path) for jobs in (1, 3)]
    assert "5000 records of more than 10000 clients" in messages(answers[0])
    kept = [flow["client"] for flow in answers[0].json["facts"]["loggedFlows"]]
    assert kept == sorted(addresses)[:10000]
    assert answers[0].json["facts"] == answers[1].json["facts"]


def test_hostile_text_is_shown_as_text(tmp_path):
    log = tmp_path / "a.log"
    log.write_bytes(b"interface-id instance-id srcaddr dstport pkt-dst-aws-service bytes packets\n"
                    b"eni-\x1b[31mred i-\xff\xe2\x80\xae 10.0.0.5;rm 80 DYNAMODB 18446744073709551615 1\n")
    answer = program.scan(log)
    assert b"\x1b" not in answer.out
    assert scan(log).json["findings"][0]["evidence"]["toServer"]["bytes"] == 0


@pytest.mark.parametrize("content, reason", [
    ("{", "is no JSON"), ("[]", "prefixes"), ('{"prefixes": []}', "DYNAMODB"),
    ('{"prefixes": [{"ip_prefix": "52.94.0.0/40", "service": "DYNAMODB"}]}', "no prefix")])
def test_a_list_that_is_none_stops_before_anything_is_scanned(tmp_path, content, reason):
    (tmp_path / "r.json").write_text(content)
    log = flow_logs.write(tmp_path / "a.log", flow_logs.V2, [flow_logs.record()])
    answer = program.scan("--ip-ranges", tmp_path / "r.json", log)
    assert answer.code == 2
    assert reason in answer.errors
