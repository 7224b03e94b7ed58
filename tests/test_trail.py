"""CloudTrail: counts that jq comes to as well, every form that records come in, and every trap of hostile archives."""

import collections
import csv
import functools
import gzip
import io
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess

import jsonschema
import pytest

from lab import program, trail

SCHEMA = program.ROOT / "docs" / "schema" / "wiretight-1.schema.json"

# Counts by class, written from the table of docs/cloudtrail.md and from nothing in the program. jq has no GUIDs to
# remember, so it groups by them.
JQ = r"""
def weak: test("^(SSLv3|TLSv1|TLSv1\\.0|TLSv1\\.1)$");
def legacy: (test("GCM|CCM|POLY1305") | not) or (test("^(ECDHE|DHE|TLS_ECDHE|TLS_DHE|TLS_AES|TLS_CHACHA20)") | not);
def class:
  .tlsDetails as $tls | ($tls.tlsVersion // "") as $version
  | if $version | weak then "W1"
    elif $version != "" then
      if $version == "TLSv1.2" and (($tls.cipherSuite // "") | . != "" and legacy) then "W2"
      elif ($tls.clientProvidedHostHeader // "") | . != "" and (test("^(streams\\.)?(dynamodb|dax)\\.[a-z0-9-]+\\.amazonaws\\.com$") | not) then "W3"
      elif $version == "TLSv1.3" and (($tls.keyExchange // "") | . != "" and (ascii_downcase | contains("mlkem") | not)) then "Q1"
      else "OK" end
    elif ($tls.clientProvidedHostHeader // $tls.cipherSuite // $tls.keyExchange) != null then "U3"
    elif .userIdentity.invokedBy != null or (.sourceIPAddress | test("amazonaws\\.com$|^AWS Internal"))
      or .eventType == "AwsServiceEvent" or .userIdentity.type == "AWSService" then "U1"
    elif (.sessionCredentialFromConsole | tostring | ascii_downcase) == "true" then "U2"
    elif (.eventVersion | split(".") | map(tonumber)) < [1, 8] then "U5"
    else "U4" end;
[.[].Records[]] as $all
| [$all[] | select(.eventSource == "dynamodb.amazonaws.com" or .eventSource == "dax.amazonaws.com")] as $ours
| ($ours | unique_by(.eventID)) as $once
| {events: ($all | length), dynamodbEvents: ($ours | length), duplicates: (($ours | length) - ($once | length)),
   classes: ($once | group_by(class) | map({key: (.[0] | class), value: length}) | from_entries),
   principals: ($once | group_by(.userIdentity.sessionContext.sessionIssuer.arn // .userIdentity.arn)
                | map({key: (.[0].userIdentity.sessionContext.sessionIssuer.arn // .[0].userIdentity.arn), value: length})
                | from_entries),
   operations: ($once | group_by(.eventName) | map({key: .[0].eventName, value: length}) | from_entries),
   rows: ($all | group_by([.recipientAccountId, .awsRegion])
          | map({key: (.[0].recipientAccountId + " " + .[0].awsRegion), value: length}) | from_entries)}
"""


def jq(paths) -> dict:
    assert shutil.which("jq"), "jq is the oracle of these tests"
    text = b"".join(gzip.decompress(path.read_bytes()) + b"\n" for path in paths)
    return json.loads(subprocess.run(["jq", "--slurp", JQ], input=text, capture_output=True, check=True).stdout)


def scan(path, *arguments, **options) -> program.Result:
    return program.scan_json("--as", "trail", "--facts", *arguments, path, **options)


def counted(result: dict) -> dict:
    """What the program says in the words of the oracle."""
    calls, target = result["facts"]["calls"], result["targets"][0]
    by = {name: collections.Counter() for name in ("classes", "principals", "operations")}
    for group in calls:
        by["classes"][group["class"]] += group["count"]
        by["principals"][group["principal"]] += group["count"]
        for operation in group["operations"]:
            by["operations"][operation["name"]] += operation["count"]
    return {**{name: target["statistics"][name] for name in ("events", "dynamodbEvents", "duplicates")},
            **{name: dict(counter) for name, counter in by.items()},
            "rows": {f"{row['account']} {row['region']}": row["events"] for row in result["facts"]["trailCoverage"]}}


def stable(result: dict) -> dict:
    """Without what differs from one run to the next."""
    out = json.loads(json.dumps(result))
    del out["scan"]
    for target in out["targets"]:
        target["statistics"].pop("milliseconds")
    return out


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    return folder, trail.archive(folder)


def one(folder: pathlib.Path, name: str, content: bytes) -> pathlib.Path:
    return trail.write(folder / name, content)


def classes(result: program.Result) -> dict:
    return counted(result.json)["classes"]


# --- counts ----------------------------------------------------------------------------------------------------------

def test_counts_are_those_of_jq(wiretight, archive):
    folder, paths = archive
    answer = scan(folder)
    assert answer.code == 1, answer
    oracle = jq(paths)
    assert set(oracle["classes"]) == {"W1", "W2", "W3", "Q1", "OK", "U1", "U2", "U3", "U4", "U5"}, "too few cases"
    assert oracle["duplicates"] > 0
    assert counted(answer.json) == oracle
    jsonschema.validate(answer.json, json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("seed", range(2, 8))
def test_counts_of_other_archives(wiretight, tmp_path, seed):
    paths = trail.archive(tmp_path, seed=seed, files=2, records=25, dynamodb=0.8, repeated=0.1)
    assert counted(scan(tmp_path).json) == jq(paths)


def test_the_number_of_threads_changes_nothing(wiretight, archive):
    folder, _ = archive
    answers = [stable(scan(folder, "--jobs", jobs).json) for jobs in (1, 2, 7)]
    assert answers[0] == answers[1] == answers[2]


def test_it_is_recognised(wiretight, archive, tmp_path):
    folder, paths = archive
    inside = folder / "AWSLogs" / "o-example123" / trail.ACCOUNT / "CloudTrail" / trail.REGION
    plain = one(tmp_path, "some where/events.json", trail.document([trail.record()]))
    for target in (folder, inside, paths[0], plain, plain.parent):
        result = program.scan_json(target).json
        assert result["targets"][0]["kind"] == "trail", target


# --- forms -----------------------------------------------------------------------------------------------------------

RECORDS = [trail.record(event_id=f"00000000-0000-4000-8000-{n:012}") for n in range(3)]
RECORDS[1]["tlsDetails"]["tlsVersion"] = "TLSv1"
del RECORDS[2]["tlsDetails"]
EXPECTED = {"OK": 1, "W1": 1, "U4": 1}


def sorted_keys(value):
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    return [sorted_keys(item) for item in value] if isinstance(value, list) else value


def lower_keys(record: dict) -> dict:
    def fold(value):
        if isinstance(value, dict):
            return {key.lower(): fold(item) for key, item in value.items()}
        return value
    return fold(record)


def lake_row(record: dict) -> list:
    """A row of GetQueryResults over the columns of a query."""
    flat = {"eventVersion": record["eventVersion"], "eventTime": "2026-05-06 07:08:09.000",
            "eventSource": record["eventSource"], "eventName": record["eventName"], "awsRegion": record["awsRegion"],
            "sourceIPAddress": record["sourceIPAddress"], "eventID": record["eventID"],
            "recipientAccountId": record["recipientAccountId"], "userIdentity.type": "AssumedRole",
            "userIdentity.arn": record["userIdentity"]["arn"]}
    for key, value in record.get("tlsDetails", {}).items():
        flat[f"tlsDetails.{key}"] = value
    return [{key: value} for key, value in flat.items()]


def lake_csv(records: list, whole: bool) -> bytes:
    """Results that Lake writes to S3: structs as "{key=value}", or the record itself in eventJson."""
    out = io.StringIO()
    if whole:
        table = csv.writer(out, quoting=csv.QUOTE_ALL)
        table.writerow(["eventJson"])
        table.writerows([json.dumps(record)] for record in records)
        return out.getvalue().encode()
    names = ["eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
             "eventID", "recipientAccountId", "tlsDetails"]
    table = csv.DictWriter(out, names, quoting=csv.QUOTE_ALL)
    table.writeheader()
    for record in records:
        identity, tls = record["userIdentity"], record.get("tlsDetails")
        issuer = identity["sessionContext"]["sessionIssuer"]
        table.writerow({
            **{name: record[name] for name in names if isinstance(record.get(name), str)},
            "eventTime": "2026-05-06 07:08:09.000",
            "userIdentity": f"{{type={identity['type']}, principalid={identity['principalId']}, arn={identity['arn']}, "
                            f"accountid={identity['accountId']}, accesskeyid={identity['accessKeyId']}, username=null, "
                            f"sessioncontext={{attributes={{mfaauthenticated=false}}, sessionissuer={{type=Role, "
                            f"arn={issuer['arn']}, accountid={issuer['accountId']}}}}}, invokedby=null}}",
            "tlsDetails": "" if tls is None else "{" + ", ".join(f"{k.lower()}={v}" for k, v in tls.items()) + "}"})
    return out.getvalue().encode()


FORMS = {
    "document.json": trail.document(RECORDS),
    "document.json.gz": trail.document(RECORDS),
    "pretty.json": json.dumps({"Records": RECORDS}, indent=2).encode(),
    "not-really.gz.json": trail.document(RECORDS),
    "bom.json": b"\xef\xbb\xbf" + trail.document(RECORDS),
    "array.json": json.dumps(RECORDS).encode(),
    "lines.jsonl": b"".join(json.dumps(record).encode() + b"\n" for record in RECORDS),
    "lines-of-documents.jsonl.gz": b"".join(trail.document([record]) + b"\n" for record in RECORDS),
    "alphabetical.log": b"\n".join(json.dumps(sorted_keys(record)).encode() for record in RECORDS),
    "alphabetical.json": json.dumps({"Records": [sorted_keys(record) for record in RECORDS]}).encode(),
    "records-last.json": json.dumps({"account": "x", "nested": {"Records": [1]}, "Records": RECORDS}).encode(),
    "athena.jsonl": b"\n".join(json.dumps(lower_keys(record)).encode() for record in RECORDS),
    "lookup-events.json": json.dumps({"Events": [
        {"EventId": record["eventID"], "EventName": record["eventName"], "Username": "x", "Resources": [],
         "CloudTrailEvent": json.dumps(record)} for record in RECORDS], "NextToken": "abc"}).encode(),
    "lookup-events-pages.json": b"\n".join(json.dumps(
        {"Events": [{"EventId": record["eventID"], "CloudTrailEvent": json.dumps(record)}]}, indent=1).encode()
        for record in RECORDS),
    "cloudwatch-export.gz": b"\n".join(b"2026-05-06T07:08:09.123Z " + json.dumps(record).encode() for record in RECORDS),
    "cloudwatch-subscription.json": json.dumps({
        "messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "trail",
        "logEvents": [{"id": "1", "timestamp": 1, "message": json.dumps(record)} for record in RECORDS]}).encode(),
    "eventbridge.jsonl": b"\n".join(json.dumps(
        {"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": "aws.dynamodb", "detail": record}).encode()
        for record in RECORDS),
    "lake-rows.json": json.dumps({"QueryStatus": "FINISHED", "QueryResultRows": [lake_row(r) for r in RECORDS]}).encode(),
    "lake.csv.gz": lake_csv(RECORDS, False),
    "lake-event-json.csv": lake_csv(RECORDS, True),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form(wiretight, tmp_path, name):
    path = one(tmp_path, name, FORMS[name])
    answer = program.scan_json("--facts", path)
    assert answer.code == 1, answer
    result = answer.json
    assert result["targets"][0]["kind"] == "trail"
    assert result["targets"][0]["status"] == "complete", answer
    assert counted(result)["classes"] == EXPECTED
    assert {group["account"] for group in result["facts"]["calls"]} == {trail.ACCOUNT}
    assert {group["principal"] for group in result["facts"]["calls"]} <= {
        f"arn:aws:iam::{trail.ACCOUNT}:role/orders", f"arn:aws:sts::{trail.ACCOUNT}:assumed-role/orders"}


def test_members_of_gzip_and_zeros_behind_them(wiretight, tmp_path):
    members = b"".join(gzip.compress(part) for part in (b'{"Records":[', json.dumps(RECORDS[1]).encode(), b"]}"))
    path = one(tmp_path, "members.json", b"")
    path.write_bytes(members + bytes(700))
    answer = scan(path)
    assert answer.json["targets"][0]["status"] == "complete", answer
    assert classes(answer) == {"W1": 1}


def test_event_history_csv_is_refused_with_its_reason(wiretight, tmp_path):
    header = "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent\n"
    answer = scan(one(tmp_path, "event_history.csv", header.encode() + b"a,b,c,d,e,f,g,h\n"))
    assert answer.code == 3
    assert "no column for TLS" in answer.json["targets"][0]["problems"][0]["message"]


def test_escapes_do_not_make_an_event(wiretight, tmp_path):
    """What a client writes into its user agent is no event source."""
    record = trail.record("ListBuckets", service="s3", management=True)
    record["userAgent"] = '"},{"eventSource":"dynamodb.amazonaws.com","eventName":"GetItem"},{"x":"\\'
    record["requestParameters"] = {"eventSource": "dynamodb.amazonaws.com", "Records": [{"eventName": "GetItem"}]}
    for name, text in (("a.json", trail.document([record])), ("a.jsonl", json.dumps(record).encode() + b"\n{}\n")):
        result = scan(one(tmp_path, name, text)).json
        assert result["targets"][0]["statistics"]["events"] == 1
        assert result["targets"][0]["statistics"]["dynamodbEvents"] == 0


def test_an_escaped_event_source_is_one(wiretight, tmp_path):
    text = trail.document([trail.record()]).replace(b'"dynamodb.amazonaws.com"', b'"\\u0064ynamodb\\u002eamazonaws.com"', 1)
    assert classes(scan(one(tmp_path, "a.json", text))) == {"OK": 1}


def test_the_last_of_duplicate_keys_wins_as_in_jq(wiretight, tmp_path):
    text = trail.document([trail.record()]).replace(b'"eventVersion":', b'"tlsDetails":{"tlsVersion":"TLSv1"},"eventVersion":')
    path = one(tmp_path, "a.json", text)
    last = subprocess.run(["jq", "-r", ".Records[0].tlsDetails.tlsVersion"], input=text, capture_output=True, check=True)
    assert last.stdout.strip() == b"TLSv1.3"
    assert classes(scan(path)) == {"OK": 1}


@pytest.mark.parametrize("words, expected", [
    ("GetItem no-tls", "U4"), ("GetItem tls-empty", "U4"), ("GetItem version= suite= kx=", "U3"),
    ("GetItem version=", "U3"), ("GetItem version=TLSv9", "U3"), ("GetItem version=tlsv1.1", "W1"),
    ("GetItem no-tls console=True", "U2"), ("GetItem no-tls console=false", "U4"), ("GetItem console", "OK"),
    ("GetItem no-tls event-version=1.07", "U5"), ("GetItem no-tls event-version=", "U5"),
    ("GetItem no-tls event-version=1.10", "U4"), ("GetItem no-tls source=2001:db8::1", "U4"),
    ("GetItem no-tls source=", "U3"), ("GetItem no-tls source=ec2.amazonaws.com", "U1"),
    ("GetItem version=TLSv1.2 suite=ECDHE-RSA-AES128-GCM-SHA256 kx=", "OK"),
    ("GetItem version=TLSv1.2 suite=AES128-GCM-SHA256 kx=", "W2"), ("GetItem version=TLSv1.2 suite=NEW kx=", "OK"),
    ("GetItem kx=x25519", "Q1"), ("GetItem kx=x25519mlkem768", "OK"), ("GetItem host=10.0.0.1", "W3"),
])
def test_classes(wiretight, tmp_path, words, expected):
    made = trail.described(words.split())
    assert classes(scan(one(tmp_path, "a.json", trail.document([made])))) == {expected: 1}


def test_words_for_truth_and_null(wiretight, tmp_path):
    made = [trail.record(event_id=f"00000000-0000-4000-8000-{n:012}") for n in range(4)]
    made[0]["tlsDetails"] = None
    made[1].update(tlsDetails=None, sessionCredentialFromConsole=True)
    made[2].update(tlsDetails="TLSv1.3")
    made[3]["userIdentity"] = None
    assert classes(scan(one(tmp_path, "a.json", trail.document(made)))) == {"U4": 2, "U2": 1, "OK": 1}


# --- scope and coverage ----------------------------------------------------------------------------------------------

def test_from_to_account_and_region(wiretight, archive):
    folder, paths = archive
    result = scan(folder, "--account", trail.ACCOUNT, "--region", "us-east-1", "--from", "2026-05-07").json
    mine = [path for path in paths if f"/{trail.ACCOUNT}/" in str(path) and "/us-east-1/2026/05/07/" in str(path)]
    assert counted(result) == jq(mine)
    assert result["targets"][0]["statistics"]["files"] == len(mine), "others were read for nothing"
    before = scan(folder, "--to", "2026-05-07").json
    first_day = [path for path in paths if "/2026/05/06/" in str(path)]
    assert counted(before)["events"] == jq(first_day)["events"]


def test_a_scope_without_files_is_no_pass(wiretight, archive):
    answer = scan(archive[0], "--account", "999999999999")
    assert answer.code == 3
    assert "scope" in answer.json["targets"][0]["problems"][0]["message"]


@pytest.mark.parametrize("arguments", [("--from", "yesterday"), ("--account", "12"),
                                       ("--from", "2026-05-07", "--to", "2026-05-06")])
def test_scopes_that_mean_nothing(wiretight, archive, arguments):
    assert scan(archive[0], *arguments).code == 2


def test_coverage_is_always_stated(wiretight, tmp_path):
    trail.write(tmp_path / "a.json", trail.document([trail.record("ListTables", management=True)]))
    answer = program.scan("--as", "trail", tmp_path)
    assert "no data events here: cleartext calls could not have been seen" in " ".join(answer.text.split())
    assert "detection-blind" in answer.text


def test_an_empty_list_is_no_pass(wiretight, tmp_path):
    answer = scan(one(tmp_path, "a.json", b'{"Records":[]}'))
    assert answer.code == 3 and answer.json["verdict"] == "incomplete"


def test_siblings_are_told_by_path_components(wiretight, tmp_path):
    day = f"AWSLogs/{trail.ACCOUNT}/CloudTrail-Insight/{trail.REGION}/2026/05/06"
    trail.write(tmp_path / "with blanks" / day / "insight.json", b"{broken")
    kept = f"CloudTrail-Insight copies/AWSLogs/{trail.ACCOUNT}/CloudTrail/{trail.REGION}/2026/05/06/a.json.gz"
    trail.write(tmp_path / kept, trail.document([trail.record()]))
    answer = scan(tmp_path)
    assert answer.json["targets"][0]["status"] == "complete", answer
    assert classes(answer) == {"OK": 1}


# --- digest files ----------------------------------------------------------------------------------------------------

@pytest.fixture
def digested(tmp_path):
    logs = trail.archive(tmp_path, accounts=(trail.ACCOUNT,), regions=(trail.REGION,), days=("2026-05-06",), files=3)
    return tmp_path, logs, trail.digests(tmp_path)


def problems(answer: program.Result) -> list:
    return [f"{problem['place']}: {problem['message']}" for problem in answer.json["targets"][0]["problems"]]


def test_digest_files_prove_that_all_is_there(wiretight, digested):
    answer = scan(digested[0])
    assert answer.json["targets"][0]["status"] == "complete", answer
    assert any("3 of 3 objects named in 3 digest files were read" in line
               for line in answer.json["targets"][0]["lookedAt"])


def test_a_missing_object(wiretight, digested):
    folder, logs, _ = digested
    logs[1].unlink()
    answer = scan(folder)
    assert answer.code == 3
    assert problems(answer) == [f"{logs[1].relative_to(folder)}: a digest file names it, and it was not read"]


def test_a_changed_object(wiretight, digested):
    folder, logs, _ = digested
    trail.write(logs[2], gzip.decompress(logs[2].read_bytes()).replace(b"TLSv1.3", b"TLSv1.2", 1))
    assert ["another SHA-256" in problem for problem in problems(scan(folder))] == [True]


def test_a_missing_hour_is_named(wiretight, digested):
    folder, _, digests = digested
    digests[1].unlink()
    assert "no digest file covers 2026-05-06T01:00:00Z to 2026-05-06T02:00:00Z" in problems(scan(folder))[0]


def test_a_changed_digest(wiretight, digested):
    folder, _, digests = digested
    trail.write(digests[0], gzip.decompress(digests[0].read_bytes()) + b" ")
    assert "the digest file was changed" in problems(scan(folder))[0]


# --- hostile files ---------------------------------------------------------------------------------------------------

GOOD = trail.document([trail.record()])


def bomb() -> bytes:
    """300 MB of one letter. Never whole in memory here: a child's peak begins with that of its parent."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        file.write(b'{"Records":["')
        for _ in range(300):
            file.write(b"a" * (1 << 20))
        file.write(b'"]}')
    return out.getvalue()


@functools.cache
def broken_files() -> dict:
    packed = gzip.compress(trail.document([trail.record(event_id=f"00000000-0000-4000-8000-{n:012}") for n in range(50)]))
    wrong_size = packed[:-4] + (123456789).to_bytes(4, "little")
    wrong_sum = packed[:-8] + bytes(4) + packed[-4:]
    return {
        "truncated.json.gz": (packed[:-50], "cut off"),
        "truncated-header.json.gz": (packed[:5], "cut off"),
        "wrong-size.json.gz": (wrong_size, "length of the gzip data"),
        "wrong-sum.json.gz": (wrong_sum, "checksum of the gzip data"),
        "followed.json.gz": (packed + b"more", "no gzip member follow"),
        "bomb.json.gz": (bomb(), "longer than any"),
        "empty.json": (b"", "is empty"),
        "empty.json.gz": (b"", "is empty"),
        "text.json": (b"hello, world", "no JSON"),
        "noise.json.gz": (b"\x1f\x8b" + bytes(range(256)), "no JSON"),
        "cut-off.json": (GOOD[:-20], "ends within"),
        "other.json": (b'{"name":"package","version":"1.0.0"}', "no CloudTrail records"),
        "zstd.json.gz": (b"\x28\xb5\x2f\xfd" + bytes(40), "zstd"),
        "parquet.json": (b"PAR1" + bytes(40), "Parquet"),
        "deep.json": (b'{"Records":[' + b"[" * 100000 + b"]" * 100000 + b"]}", "could not be read"),
        "no-utf8.json": (GOOD[:-2] + b',{"eventSource":"dynamodb.amazonaws.com","eventName":"\xff\xfe"}]}', "could not be read"),
        "long-event.json": (b'{"Records":[{"a":"' + b"x" * (8 << 20) + b'"},' + GOOD[12:], "longer than any"),
    }


@pytest.mark.parametrize("name", broken_files())
def test_a_bad_file_is_a_gap_and_the_rest_goes_on(wiretight, tmp_path, name):
    content, why = broken_files()[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "zz-good.json").write_bytes(trail.document([trail.described(["PutItem", "version=TLSv1"])]))
    answer = scan(tmp_path)
    assert answer.code == 3, answer
    assert [problem["place"] for problem in answer.json["targets"][0]["problems"]] == [name]
    assert why in answer.json["targets"][0]["problems"][0]["message"], answer
    assert classes(answer)["W1"] == 1
    assert "protocol-obsolete" in answer.rules()
    assert answer.resident < 200 << 20
    assert not answer.timed_out


def test_good_records_beside_a_bad_one_count(wiretight, tmp_path):
    answer = scan(one(tmp_path, "a.json", GOOD[:-2] + b',{"eventSource":"\xff"},' + GOOD[12:]))
    assert answer.code == 3
    assert "record 2" in problems(answer)[0]
    assert counted(answer.json)["events"] == 2


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root reads everything")
def test_an_unreadable_file(wiretight, tmp_path):
    """As a user who may not: root reads every file."""
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:-2]:
        parent.chmod(parent.stat().st_mode | 0o055)
    one(tmp_path, "a.json", GOOD).chmod(0o644)
    one(tmp_path, "b.json", GOOD).chmod(0)
    drop = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
    made = subprocess.run([*drop, program.path(), "scan", "--as", "trail", "--format", "json", tmp_path],
                          capture_output=True, check=False)
    assert made.returncode == 3, made
    assert json.loads(made.stdout)["targets"][0]["problems"][0]["place"] == "b.json"


def test_names_that_are_no_utf8_and_links(wiretight, tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    with open(bytes(folder) + b"/caf\xe9.json", "wb") as file:
        file.write(trail.document([trail.described(["GetItem", "version=TLSv1"])]))
    (folder / "itself").symlink_to(folder)
    (folder / "nowhere.json").symlink_to("missing")
    os.mkfifo(folder / "pipe.json")
    answer = scan(folder, seconds=20)
    assert not answer.timed_out
    assert classes(answer) == {"W1": 1}
    assert {problem["place"] for problem in answer.json["targets"][0]["problems"]} == {"itself", "nowhere.json", "pipe.json"}


def test_foreign_text_is_harmless_in_every_format(wiretight, tmp_path):
    made = trail.described(["GetItem", "version=TLSv1", "user=mallory"])
    made["userIdentity"]["arn"] = "arn:aws:iam::111122223333:user/\x1b[31m=cmd|'/c calc'!A1\u202e\x07"
    made["userAgent"] = "\x1b]0;owned\x07=HYPERLINK(\"http://evil\")/1.0"
    made["tlsDetails"]["clientProvidedHostHeader"] = "=1+1\r\nSet-Cookie: x"
    made["eventName"] = "\x1b[2J"
    path = one(tmp_path, "\u202egnp.json", trail.document([made]))
    for form in ("console", "json", "jsonl", "sarif", "junit", "markdown", "github"):
        answer = program.scan("--as", "trail", "--color", "never", "-f", form, *(["--facts"] if form == "json" else []), path)
        assert answer.code == 1, answer
        assert not any(bad in answer.out for bad in (b"\x1b", b"\x07", "\u202e".encode(), b"\r")), form


def test_no_secret_comes_through(wiretight, tmp_path):
    made = trail.described(["GetItem", "version=TLSv1", "user=alice"])
    made["userIdentity"]["accessKeyId"] = "AKIAQ7ZJ3XW5TK2MPLEY"
    made["responseElements"] = {"credentials": {"sessionToken": "FwoGZXIvYXdzEXAMPLETOKEN", "secretAccessKey": "wJalrSECRET"}}
    path = one(tmp_path, "a.json", trail.document([made]))
    for form in ("console", "json", "sarif", "markdown"):
        text = program.scan("--as", "trail", "-v", "-f", form, *(["--facts"] if form == "json" else []), path).text
        assert "AKIA…PLEY" in text or form == "sarif"
        assert "AKIAQ7ZJ3XW5TK2MPLEY" not in text and "TOKEN" not in text and "SECRET" not in text


def test_temporary_keys_are_one_group(wiretight, tmp_path):
    chance, made = random.Random(1), []
    for number in range(50):
        record = trail.record(event_id=f"00000000-0000-4000-8000-{number:012}")
        record["userIdentity"]["accessKeyId"] = "ASIA" + "".join(chance.choices("ABCDEFGH234567", k=16))
        made.append(record)
    result = scan(one(tmp_path, "a.json", trail.document(made))).json
    assert [(group["accessKey"], group["count"]) for group in result["facts"]["calls"]] == [("ASIA…", 50)]
    assert any("50 access keys" in line for line in result["targets"][0]["lookedAt"])


def test_a_huge_document_needs_little_memory(wiretight, tmp_path):
    """361 MB in one document, as large as AWS's limit of 50 MB lets it become."""
    chance = random.Random(5)
    block = [json.dumps(trail.varied(chance, trail.ACCOUNT, trail.REGION, "2026-05-06T07:08:09Z", 0.5)) for _ in range(300)]
    size = 0
    path = tmp_path / "huge.json.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b'{"Records":[')
        number = 0
        while size < 361 << 20:
            # Ids of their own, so that each is counted.
            text = ",".join(block).replace('"eventID": "', f'"eventID": "{number:x}-').encode()
            size += file.write((b"," if number else b"") + text)
            number += 1
        file.write(b"]}")
    answer = scan(path, "--jobs", "1", seconds=120)
    assert answer.json["targets"][0]["status"] == "complete", answer
    assert answer.json["targets"][0]["statistics"]["events"] == 300 * number
    assert answer.resident < 64 << 20, answer.resident


# --- scale-out -------------------------------------------------------------------------------------------------------

def worker(paths, output: pathlib.Path, *arguments) -> program.Result:
    answer = program.run("trail", "worker", "-o", output, *arguments, stdin="".join(f"{path}\n" for path in paths).encode())
    assert answer.code == 0, answer
    return answer


def merge(output: pathlib.Path, *parts) -> program.Result:
    return program.run("trail", "merge", "-o", output, *parts)


@pytest.fixture(scope="module")
def whole(archive, tmp_path_factory):
    """The partial of one worker that reads everything."""
    output = tmp_path_factory.mktemp("whole") / "part.json"
    worker(archive[1], output)
    return output


def test_the_merged_result_is_that_of_jq(wiretight, archive, whole):
    answer = program.scan_json("--facts", whole)
    assert answer.json["targets"][0]["kind"] == "trail"
    assert counted(answer.json) == jq(archive[1])


@pytest.mark.parametrize("shards", [1, 2, 3, 8, 64])
def test_any_number_of_shards_gives_the_same_bytes(wiretight, archive, whole, tmp_path, shards):
    chance, parts = random.Random(shards), []
    for number in range(1, shards + 1):
        shuffled = chance.sample(archive[1], len(archive[1]))
        parts.append(tmp_path / f"{number}.json")
        worker(shuffled, parts[-1], "--shard", f"{number}/{shards}", "--jobs", chance.choice("123"))
    assert merge(tmp_path / "all.json", *chance.sample(parts, len(parts))).code == 0
    assert (tmp_path / "all.json").read_bytes() == whole.read_bytes()


def test_merging_in_a_tree_and_twice(wiretight, archive, whole, tmp_path):
    parts = [tmp_path / f"{number}.json" for number in range(1, 6)]
    for number, part in enumerate(parts, 1):
        worker(archive[1], part, "--shard", f"{number}/5")
    left, right, top = (tmp_path / name for name in ("left.json", "right.json", "top.json"))
    assert merge(left, parts[3], parts[0], parts[3]).code == 0
    assert merge(right, parts[2], parts[1], parts[4]).code == 0
    assert merge(top, parts[0], right, left, right, parts[2]).code == 0
    assert top.read_bytes() == whole.read_bytes()
    again = tmp_path / "again.json"
    assert merge(again, top, top, left).code == 0
    assert again.read_bytes() == whole.read_bytes()


def test_overlaps_are_refused(wiretight, archive, whole, tmp_path):
    parts = [tmp_path / f"{number}.json" for number in range(1, 4)]
    for number, part in enumerate(parts, 1):
        worker(archive[1], part, "--shard", f"{number}/3")
    ab, bc = tmp_path / "ab.json", tmp_path / "bc.json"
    merge(ab, parts[0], parts[1])
    merge(bc, parts[1], parts[2])
    answer = merge(tmp_path / "out.json", ab, bc)
    assert answer.code == 2 and "was counted already" in answer.errors
    assert not (tmp_path / "out.json").exists()
    worker(archive[1][:1], parts[0])
    answer = merge(tmp_path / "out.json", whole, parts[0])
    assert answer.code == 2 and "it was split" in answer.errors


def test_another_scope_is_refused(wiretight, archive, whole, tmp_path):
    worker(archive[1], tmp_path / "part.json", "--region", "us-east-1")
    answer = merge(tmp_path / "out.json", whole, tmp_path / "part.json")
    assert answer.code == 2 and "another scope" in answer.errors


@pytest.mark.parametrize("harm", [lambda text: text[:-40], lambda text: b"{}", lambda text: b"",
                                  lambda text: text.replace(b'"events":', b'"events":1', 1)])
def test_a_broken_partial_is_refused(wiretight, whole, tmp_path, harm):
    part = tmp_path / "part.json"
    part.write_bytes(harm(whole.read_bytes()))
    assert merge(tmp_path / "out.json", part).code == 2


def test_a_worker_says_what_it_could_not_read(wiretight, archive, tmp_path):
    bad = one(tmp_path, "bad.json", b"broken")
    listed = "".join(f"{path}\n" for path in [*archive[1], bad, tmp_path / "missing.json"]).encode()
    answer = program.run("trail", "worker", "-o", tmp_path / "part.json", stdin=listed)
    assert answer.code == 3
    assert "2 files could not be wholly read" in answer.errors
    report = program.scan_json("--facts", tmp_path / "part.json")
    assert report.code == 3
    assert {problem["place"] for problem in report.json["targets"][0]["problems"]} == {str(bad), str(tmp_path / "missing.json")}
    assert counted(report.json) == jq(archive[1])


@pytest.mark.parametrize("listed", [b"s3://bucket/AWSLogs/x.json.gz\n", b"x" * 5000 + b"\n"])
def test_lists_that_a_worker_refuses(wiretight, listed):
    answer = program.run("trail", "worker", stdin=listed)
    assert answer.code == 2 and not answer.out


def test_a_killed_worker_leaves_nothing_and_can_run_again(wiretight, archive, whole, tmp_path):
    output = tmp_path / "part.json"
    listed = "".join(f"{path}\n" for path in archive[1])
    for delay in (0.001, 0.005, 0.01):
        child = subprocess.Popen([program.path(), "trail", "worker", "-o", output], stdin=subprocess.PIPE, text=True)
        child.stdin.write(listed)
        child.stdin.close()
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.kill()
        child.wait()
        assert not output.exists() or output.read_bytes() == whole.read_bytes()
    worker(archive[1], output)
    assert output.read_bytes() == whole.read_bytes()


# --- SQL -------------------------------------------------------------------------------------------------------------

VARIANTS = [words for words in """
GetItem
GetItem no-tls
GetItem tls-empty
GetItem no-tls console
GetItem no-tls console=false
GetItem no-tls invoked-by=x.amazonaws.com
GetItem no-tls source=AWS_Internal
GetItem no-tls source=x.amazonaws.com
GetItem no-tls source=
GetItem no-tls source=2001:db8::1
GetItem no-tls source=client.example
GetItem no-tls type=AWSService
GetItem no-tls type=Unknown
GetItem version= suite= kx=
GetItem version= suite= host=
GetItem version=TLSv9
GetItem version=tlsv1
GetItem version=SSLv3
GetItem kx=x25519
GetItem kx=x25519mlkem768
GetItem version=TLSv1.2 kx=x25519
GetItem version=TLSv1.2 suite= kx=
GetItem version=TLSv1.2 suite=NEW kx=
GetItem host=
""".strip().splitlines()]
VARIANTS += [f"GetItem no-tls event-version={version}" for version in ("", "1.0", "1.05", "1.07", "1.08", "1.8", "1.09",
                                                                      "1.10", "1.11", "2.0", "new", "11.1")]
VARIANTS += [f"GetItem version=TLSv1.2 kx= suite={name}" for name in (
    "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "DES-CBC3-SHA", "RC4-SHA",
    "ECDHE-ECDSA-CHACHA20-POLY1305", "DHE-RSA-AES256-CCM8", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_CCM_SHA256", "NULL-SHA256", "ADH-AES128-GCM-SHA256",
    "TLS_SHA256_SHA256")]
VARIANTS += [f"GetItem host={name}" for name in (
    "dynamodb.us-east-1.amazonaws.com:443", "DynamoDB.us-east-1.amazonaws.com", "streams.dynamodb.us-gov-west-1.amazonaws.com",
    "dynamodb.amazonaws.com", "111122223333.ddb.eu-west-1.amazonaws.com", "dynamodb-fips.us-east-1.amazonaws.com",
    "dynamodb.eu-west-1.api.aws", "dynamodb.cn-north-1.amazonaws.com.cn", "dax.eu-west-1.amazonaws.com",
    "vpce-0a1b-2c3d.dynamodb.eu-west-1.vpce.amazonaws.com", "dynamodb.eu-west-1.amazonaws.com.example", "10.0.0.1",
    "localhost:8000", "x.dynamodb.eu-west-1.amazonaws.com", "dynamodb.example", "1111.ddb.eu-west-1.amazonaws.com")]


def class_in_sqlite(expression: str, record: dict) -> str:
    """SQLite stands in for the engines: a part of a record is a table of one row there."""
    base = sqlite3.connect(":memory:")
    for name in ("regexp_like", "regexp_matches"):
        base.create_function(name, 2, lambda text, pattern: re.search(pattern, text) is not None)
    tls, identity = record.get("tlsDetails") or {}, record["userIdentity"]
    rows = {"tlsdetails": {name.lower(): tls.get(name) for name in
                           ("tlsVersion", "cipherSuite", "clientProvidedHostHeader", "keyExchange")},
            "useridentity": {"invokedby": identity.get("invokedBy"), "type": identity.get("type")},
            "trail": {name.lower(): record.get(name) for name in
                      ("eventType", "sourceIPAddress", "sessionCredentialFromConsole", "eventVersion", "eventCategory")}}
    for name, row in rows.items():
        base.execute(f"CREATE TABLE {name} ({', '.join(row)})")
        base.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", list(row.values()))
    return base.execute(f"SELECT {expression} FROM trail, tlsdetails, useridentity").fetchone()[0]


@pytest.mark.parametrize("dialect", ["athena", "trino", "duckdb", "spark"])
def test_sql_says_what_the_program_says(wiretight, tmp_path, dialect):
    """Of each variant of a record, those with NULL where AWS's own queries lose them among them."""
    text = program.run("trail", "sql", "--dialect", dialect).text
    expression = re.search(r"CASE\n.*? END", text, re.DOTALL)[0]
    made = [trail.described(words.split()) for words in VARIANTS]
    for number, record in enumerate(made):
        record["eventID"] = f"00000000-0000-4000-8000-{number:012}"
    result = scan(one(tmp_path, "a.json", trail.document(made))).json
    ours = collections.Counter()
    for group in result["facts"]["calls"]:
        ours[group["class"]] += group["count"]
    theirs = [class_in_sqlite(expression, record) for record in made]
    for words, record, theirs_of_it in zip(VARIANTS, made, theirs):
        alone = classes(scan(one(tmp_path, "b.json", trail.document([record])))) if dialect == "athena" else None
        assert alone is None or alone == {theirs_of_it: 1}, words
    assert ours == collections.Counter(theirs)
    assert len(ours) == 10


@pytest.mark.parametrize("arguments", [("--table", "x; DROP TABLE y"), ("--location", "s3://x'"), ("--dialect", "mysql")])
def test_sql_takes_no_injection(wiretight, arguments):
    assert program.run("trail", "sql", *arguments).code == 2
