"""Writes VPC flow logs: the fields in AWS's names and order, the values as AWS writes them."""

import gzip
import json
import pathlib

V2 = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
      "log-status").split()
V3 = "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr".split()
V4 = "region az-id sublocation-type sublocation-id".split()
V5 = "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path".split()
FORMATS = {"v2": V2, "v3": V2 + V3, "v4": V2 + V3 + V4, "v5": V2 + V3 + V4 + V5}

# A request that got its answer: the client's half of it.
PLAIN = {"account-id": "111122223333", "interface-id": "eni-0a1b2c3d4e5f60718", "srcaddr": "10.0.0.5",
         "dstaddr": "10.0.0.6", "srcport": 41000, "dstport": 80, "protocol": 6, "packets": 20, "bytes": 9000,
         "start": 1780000000, "end": 1780000060, "action": "ACCEPT", "log-status": "OK",
         "vpc-id": "vpc-0a1b2c3d4e5f60718", "subnet-id": "subnet-0a1b2c3d4e5f60718",
         "instance-id": "i-0a1b2c3d4e5f60718", "type": "IPv4", "region": "eu-west-1", "az-id": "euw1-az1",
         "flow-direction": "egress"}
WITHOUT_DATA = {"srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "action", "tcp-flags", "type",
                "pkt-srcaddr", "pkt-dstaddr", "pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction",
                "traffic-path"}


def record(**values) -> dict:
    """A record; keywords are field names with underscores. One without data loses what AWS leaves out of it."""
    values = {name.replace("_", "-"): value for name, value in values.items()}
    made = {**PLAIN, **values}
    made.setdefault("pkt-srcaddr", made["srcaddr"])
    made.setdefault("pkt-dstaddr", made["dstaddr"])
    if made["log-status"] != "OK":
        made = {name: value for name, value in made.items() if name not in WITHOUT_DATA}
    return made


def line(fields: list, values: dict) -> str:
    version = max((int(name[1:]) for name, known in FORMATS.items() if set(fields) & set(known[len(V2):])), default=2)
    return " ".join(str(values.get(field, version if field == "version" else "-")) for field in fields)


def text(fields: list, records: list, header: bool = True) -> str:
    lines = [" ".join(fields)] if header else []
    return "\n".join(lines + [line(fields, values) for values in records]) + "\n"


def write(path: pathlib.Path, fields: list, records: list, header: bool = True) -> pathlib.Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text(fields, records, header).encode()
    path.write_bytes(gzip.compress(content, 6) if path.suffix == ".gz" else content)
    return path


def ranges(path: pathlib.Path, *prefixes: str) -> pathlib.Path:
    """An ip-ranges.json in which those prefixes are DynamoDB's."""
    document = {"syncToken": "1780000000", "createDate": "2026-05-28-20-26-40",
                "prefixes": [{"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "S3",
                              "network_border_group": "ap-northeast-2"}],
                "ipv6_prefixes": []}
    for prefix in prefixes:
        six = ":" in prefix
        for service in ("AMAZON", "DYNAMODB"):
            document["ipv6_prefixes" if six else "prefixes"].append(
                {"ipv6_prefix" if six else "ip_prefix": prefix, "region": "eu-west-1", "service": service,
                 "network_border_group": "eu-west-1"})
    path.write_text(json.dumps(document, indent=1), encoding="ascii")
    return path
