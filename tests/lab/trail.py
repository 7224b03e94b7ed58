"""Records and archives of CloudTrail: a single record with what is asked for, and seeded archives in AWS's layout. The
records follow AWS's "Contents of a CloudTrail record" and its example entries for DynamoDB; numbers and names are made up."""

import copy
import gzip
import hashlib
import json
import pathlib
import random
import uuid

ACCOUNT, REGION = "111122223333", "eu-west-1"
AGENTS = ("aws-sdk-java/2.20.43 Linux/5.10 OpenJDK_64-Bit_Server_VM/17.0.6 Java/17.0.6",
          "Boto3/1.26.90 Python/3.9.16 Linux/5.10 Botocore/1.29.90",
          "aws-cli/2.9.1 Python/3.11.2 Linux/6.1 exe/x86_64 prompt/off command/dynamodb.get-item",
          "aws-sdk-js/3.500.0 ua/2.0 os/linux#5.10 lang/js md/nodejs#18.18.2 api/dynamodb#3.500.0",
          "APN/1.0 HashiCorp/1.0 Terraform/1.4.0 terraform-provider-aws/4.60 aws-sdk-go/1.44.220 (go1.19.6; linux; amd64)")


def record(operation="GetItem", *, service="dynamodb", account=ACCOUNT, region=REGION, time="2026-05-06T07:08:09Z",
           event_id=None, management=False) -> dict:
    """A sound call of a role's session over TLS 1.3."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole", "principalId": "AROAEXAMPLEEXAMPLEEX:orders", "accountId": account,
            "arn": f"arn:aws:sts::{account}:assumed-role/orders/i-0a1b2c3d", "accessKeyId": "ASIAEXAMPLEEXAMPLEEX",
            "sessionContext": {"sessionIssuer": {"type": "Role", "principalId": "AROAEXAMPLEEXAMPLEEX",
                                                 "arn": f"arn:aws:iam::{account}:role/orders", "accountId": account,
                                                 "userName": "orders"},
                               "attributes": {"creationDate": "2026-05-06T07:00:00Z", "mfaAuthenticated": "false"}}},
        "eventTime": time,
        "eventSource": f"{service}.amazonaws.com",
        "eventName": operation,
        "awsRegion": region,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": AGENTS[0],
        "requestParameters": {"tableName": "orders", "key": {"id": "HIDDEN_DUE_TO_SECURITY_REASONS"}},
        "responseElements": None,
        "requestID": "4KBNVRGD25RG1KEO9UT4V3FQDJVV4KQNSO5AEMVJF66Q9ASUAAJG",
        "eventID": event_id or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{operation} {service} {account} {region} {time}")),
        "readOnly": True,
        "resources": [{"accountId": account, "type": "AWS::DynamoDB::Table",
                       "ARN": f"arn:aws:dynamodb:{region}:{account}:table/orders"}],
        "eventType": "AwsApiCall",
        "managementEvent": management,
        "recipientAccountId": account,
        "eventCategory": "Management" if management else "Data",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                       "clientProvidedHostHeader": f"{service}.{region}.amazonaws.com", "keyExchange": "X25519MLKEM768"},
    }


POLICIES = {
    "secure-transport": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": "*",
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]},
    "other": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}}}]},
}


def described(words: list) -> dict:
    """The record of a line of a page: "GetItem no-tls source=AWS_Internal"; see docs/rule-pages.md. Raises ValueError."""
    operation, *rest = words
    options = dict(word.partition("=")[::2] for word in rest)
    made = record(operation, service=options.pop("service", "dynamodb"), management="management" in options)
    options.pop("management", None)
    tls, identity = made["tlsDetails"], made["userIdentity"]
    fields = {"version": (tls, "tlsVersion"), "suite": (tls, "cipherSuite"), "kx": (tls, "keyExchange"),
              "host": (tls, "clientProvidedHostHeader"), "event-version": (made, "eventVersion"),
              "source": (made, "sourceIPAddress"), "agent": (made, "userAgent"), "time": (made, "eventTime"),
              "account": (made, "recipientAccountId"), "region": (made, "awsRegion"), "type": (identity, "type"),
              "invoked-by": (identity, "invokedBy"), "vpce": (made, "vpcEndpointId")}
    for name, value in options.items():
        if name in fields:
            part, key = fields[name]
            part[key] = value.replace("_", " ") if name in ("source", "agent") else value
            if value == "" and part is tls:
                del part[key]
        elif name == "no-tls":
            del made["tlsDetails"]
        elif name == "tls-empty":
            made["tlsDetails"] = {}
        elif name == "console":
            made["sessionCredentialFromConsole"] = value or "true"
        elif name == "no-category":
            del made["eventCategory"], made["managementEvent"]
        elif name == "user":
            made["userIdentity"] = {"type": "IAMUser", "principalId": "AIDAEXAMPLEEXAMPLEEX", "accountId": ACCOUNT,
                                    "arn": f"arn:aws:iam::{ACCOUNT}:user/{value}", "userName": value,
                                    "accessKeyId": "AKIAEXAMPLEEXAMPLEEX"}
        elif name == "policy":
            made["requestParameters"] = {"resourceArn": options["resource"], "policy": json.dumps(POLICIES[value])}
        elif name == "denied-by":
            kind = value.replace("-", " ").replace("resource based", "resource-based").replace("identity based",
                                                                                              "identity-based")
            made["errorCode"] = "AccessDenied"
            made["errorMessage"] = (f"User: {identity['arn']} is not authorized to perform: dynamodb:{operation} on "
                                    f"resource: {options['resource']} with an explicit deny in a {kind}")
        elif name != "resource":
            raise ValueError(f"\"{name}\" is no word of a record")
    if "tlsDetails" in made and not made["tlsDetails"] and "tls-empty" not in options:
        del made["tlsDetails"]
    return made


# --- archives --------------------------------------------------------------------------------------------------------

WEAK, LEGACY, FOREIGN, CLASSICAL, SOUND, INTERNAL, CONSOLE, PARTIAL, DARK, OLD = (
    "W1", "W2", "W3", "Q1", "OK", "U1", "U2", "U3", "U4", "U5")
DATA = ("GetItem", "PutItem", "Query", "UpdateItem", "BatchGetItem", "TransactWriteItems", "DeleteItem", "Scan")
OTHER = (("s3", "ListBuckets"), ("kms", "Decrypt"), ("sts", "AssumeRole"), ("ec2", "DescribeInstances"))


def varied(chance: random.Random, account: str, region: str, time: str, dynamodb: float) -> dict:
    """One record as an archive may have it."""
    event_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    if chance.random() >= dynamodb:
        service, operation = chance.choice(OTHER)
        made = record(operation, service=service, account=account, region=region, time=time, event_id=event_id,
                      management=True)
        made["requestParameters"] = {"note": "\"eventSource\":\"dynamodb.amazonaws.com\"", "filler": "x" * 200}
        return made
    management = chance.random() < 0.1
    made = record("DescribeTable" if management else chance.choice(DATA), account=account, region=region, time=time,
                  event_id=event_id, management=management)
    tls, identity = made["tlsDetails"], made["userIdentity"]
    made["userAgent"] = chance.choice(AGENTS)
    made["sourceIPAddress"] = f"198.51.100.{chance.randrange(1, 255)}"
    role = chance.choice(("orders", "billing", "reports"))
    identity["arn"] = f"arn:aws:sts::{account}:assumed-role/{role}/session{chance.randrange(1000)}"
    identity["sessionContext"]["sessionIssuer"]["arn"] = f"arn:aws:iam::{account}:role/{role}"
    identity["accessKeyId"] = "ASIA" + "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
    kind = chance.choices((SOUND, CLASSICAL, WEAK, LEGACY, FOREIGN, INTERNAL, CONSOLE, PARTIAL, DARK, OLD),
                          weights=(60, 20, 1, 2, 2, 6, 3, 2, 2, 2))[0]
    if kind == CLASSICAL:
        tls["keyExchange"] = "x25519"
    elif kind in (WEAK, LEGACY):
        tls["tlsVersion"] = chance.choice(("TLSv1", "TLSv1.1")) if kind == WEAK else "TLSv1.2"
        tls["cipherSuite"] = chance.choice(("ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "DES-CBC3-SHA"))
        del tls["keyExchange"]
    elif kind == FOREIGN:
        tls["clientProvidedHostHeader"] = "dynamodb.proxy.corp.example"
    elif kind == PARTIAL:
        del tls["tlsVersion"], tls["cipherSuite"], tls["keyExchange"]
    elif kind != SOUND:
        del made["tlsDetails"]
        if kind == INTERNAL:
            identity["invokedBy"] = made["sourceIPAddress"] = made["userAgent"] = "backup.amazonaws.com"
        elif kind == CONSOLE:
            made["sessionCredentialFromConsole"] = "true"
        elif kind == OLD:
            made["eventVersion"] = "1.05"
    return made


def document(records: list) -> bytes:
    return json.dumps({"Records": records}, separators=(",", ":"), ensure_ascii=False).encode()


def write(path: pathlib.Path, content: bytes) -> pathlib.Path:
    """As gzip where the name says so, always the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, 6, mtime=0) if path.name.endswith(".gz") else content)
    return path


def log_path(account: str, region: str, day: str, number: int) -> str:
    stamp = f"{day.replace('-', '')}T{number // 60 % 24:02}{number % 60:02}Z"
    code = hashlib.sha256(f"{account}{region}{day}{number}".encode()).hexdigest()[:16]
    return (f"AWSLogs/o-example123/{account}/CloudTrail/{region}/{day.replace('-', '/')}/"
            f"{account}_CloudTrail_{region}_{stamp}_{code}.json.gz")


def archive(folder: pathlib.Path, *, seed=1, accounts=(ACCOUNT, "444455556666"), regions=(REGION, "us-east-1"),
            days=("2026-05-06", "2026-05-07"), files=3, records=40, dynamodb=0.5, repeated=0.02) -> list:
    """Writes an archive in the layout of an organisation's trail; some events are delivered twice. The paths, in order."""
    chance = random.Random(seed)
    paths = []
    for account in accounts:
        for region in regions:
            for day in days:
                earlier = []
                for number in range(files):
                    made = []
                    for _ in range(records):
                        if earlier and chance.random() < repeated:
                            made.append(copy.deepcopy(chance.choice(earlier)))
                            continue
                        time = f"{day}T{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}Z"
                        made.append(varied(chance, account, region, time, dynamodb))
                    earlier += made
                    paths.append(write(folder / log_path(account, region, day, number), document(made)))
    return paths


def digests(folder: pathlib.Path, account=ACCOUNT, region=REGION, day="2026-05-06", hours=3) -> list:
    """Digest files for what archive() wrote on a day: all objects in the first of so many hours, the others empty."""
    logs = sorted((folder / f"AWSLogs/o-example123/{account}/CloudTrail/{region}/{day.replace('-', '/')}").iterdir())
    out, previous = [], None
    for hour in range(hours):
        key = (f"AWSLogs/o-example123/{account}/CloudTrail-Digest/{region}/{day.replace('-', '/')}/"
               f"{account}_CloudTrail-Digest_{region}_trail_{region}_{day.replace('-', '')}T{hour + 1:02}0000Z.json.gz")
        made = {"awsAccountId": account, "digestStartTime": f"{day}T{hour:02}:00:00Z",
                "digestEndTime": f"{day}T{hour + 1:02}:00:00Z", "digestS3Bucket": "logs", "digestS3Object": key,
                "digestSignatureAlgorithm": "SHA256withRSA",
                "previousDigestS3Object": previous and previous[0],
                "previousDigestHashValue": previous and previous[1], "previousDigestHashAlgorithm": "SHA-256",
                "logFiles": [{"s3Bucket": "logs", "s3Object": str(path.relative_to(folder)),
                              "hashValue": hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest(),
                              "hashAlgorithm": "SHA-256", "newestEventTime": f"{day}T00:30:00Z",
                              "oldestEventTime": f"{day}T00:01:00Z"} for path in logs] if hour == 0 else []}
        text = json.dumps(made).encode()
        previous = key, hashlib.sha256(text).hexdigest()
        out.append(write(folder / key, text))
    return out
