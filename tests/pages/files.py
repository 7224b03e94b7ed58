"""Turns the lines of a page into files for the program to read."""

import dataclasses
import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))
from lab import flow_logs, trail as cloudtrail  # noqa: E402
from pages import captures, cases  # noqa: E402
from pages.notation import Complaint, Line  # noqa: E402


@dataclasses.dataclass
class FileCase:
    """What is scanned, and with which options."""

    target: str
    options: tuple = ()


def flowlog(line: Line, starter: cases.Starter) -> FileCase:
    """A flow log with one record: "fields=" a version or the names, "ranges=" AWS's list, the rest values of fields."""
    folder = starter.folder
    fields, options, values = flow_logs.V2, (), {}
    for word in line.words:
        name, equals, value = word.partition("=")
        name = {"dst-service": "pkt-dst-aws-service", "src-service": "pkt-src-aws-service",
                "status": "log-status"}.get(name, name)
        if name == "fields":
            fields = flow_logs.FORMATS.get(value) or value.split(",")
        elif name == "ranges":
            # Named after its contents: lines with the same list are read in one run.
            path = folder / f"ranges-{value.replace('/', '-').replace(':', '.')}.json"
            options = ("--ip-ranges", flow_logs.ranges(path, *value.split(",")))
        elif equals and name in flow_logs.FORMATS["v5"]:
            values[name.replace("-", "_")] = value
        else:
            raise Complaint(line.number, f"\"{word}\" is no word of a flow log")
    path = flow_logs.write(folder / f"line{line.number}.log", fields, [flow_logs.record(**values)])
    return FileCase(str(path), options)


def capture(line: Line, starter: cases.Starter) -> FileCase:
    path = starter.folder / f"line{line.number}.pcap"
    path.write_bytes(captures.made(line, starter))
    return FileCase(str(path))


def trail(line: Line, starter: cases.Starter) -> FileCase:
    """A log file with one record; "and" puts another one into the file of the line before."""
    earlier = sorted(starter.folder.glob("records*.json"))
    path = earlier[-1] if line.beside and earlier else starter.folder / f"records{line.number:06}.json"
    records = json.loads(path.read_bytes())["Records"] if path.exists() else []
    try:
        records.append(cloudtrail.described(line.words))
    except (ValueError, KeyError) as reason:
        raise Complaint(line.number, str(reason)) from None
    for number, record in enumerate(records):
        record["eventID"] = f"00000000-0000-4000-8000-{number:012}"
    return FileCase(str(cloudtrail.write(path, cloudtrail.document(records))))


KINDS = {"flowlog": flowlog, "capture": capture, "trail": trail}
