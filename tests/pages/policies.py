"""The notation of policies: a line of a page becomes the JSON document that `wiretight prove` reads."""

import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))
from lab import program  # noqa: E402
from pages import notation  # noqa: E402

ACCOUNT = "111122223333"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
STREAM = f"{TABLE}/stream/2025-01-01T00:00:00.000"
REPLICA = TABLE.replace("eu-west-1", "us-east-1")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
ATTACHED = {"table": TABLE, "stream": STREAM, "replica": REPLICA}
FOR_EVERYBODY = (*ATTACHED, "rcp", "endpoint")


class Wrong(Exception):
    """What cannot be read of a line."""


def document(text: str) -> dict:
    """`identity=Allow,dynamodb:*,T|T/index/* rcp=Deny,!s3:*,*,Bool:SecureTransport=false` as an object; docs/rule-pages.md."""
    out = {"table": TABLE, "principal": ROLE, "identity": [], "resourcePolicies": {}}
    for word in text.split():
        layer, equals, statements = word.partition("=")
        if not equals:
            raise Wrong(f"\"{word}\" is no LAYER=STATEMENTS")
        layer, _, principal = layer.partition("@")
        if not principal and layer in FOR_EVERYBODY:
            principal = "*"
        policy = _policy(statements, principal)
        if policy is None:
            continue
        if layer in ATTACHED:
            out["resourcePolicies"][ATTACHED[layer]] = policy
        elif layer == "endpoint":
            out["vpcEndpointPolicy"] = policy
        elif layer.startswith("unattached."):
            out.setdefault("unattached", {}).setdefault(layer.removeprefix("unattached."), []).append(policy)
        elif layer in ("identity", "groups", "boundary", "session", "scp", "rcp", "unattached"):
            out.setdefault(layer, []).append(policy)
        else:
            raise Wrong(f"\"{layer}\" is nothing that has a policy")
    return out


def _policy(text: str, principal: str):
    if not text:
        return None
    if "," not in text:
        return f"arn:aws:iam::aws:policy/{text}"
    return {"Version": "2012-10-17", "Statement": [_statement(one, principal) for one in text.split("+")]}


def _statement(text: str, principal: str) -> dict:
    parts = text.split(",")
    if len(parts) < 3 or parts[0] not in ("Allow", "Deny"):
        raise Wrong(f"\"{text}\" is no EFFECT,ACTIONS,RESOURCES")
    out = {"Effect": parts[0]}
    if principal not in ("", "-"):
        out["Principal"] = "*" if principal == "*" else {"AWS": principal}
    for name, value in (("Action", parts[1]), ("Resource", parts[2])):
        negated = value.startswith("!")
        out["Not" + name if negated else name] = [_expanded(one) for one in value.removeprefix("!").split("|")]
    for test in parts[3:]:
        left, _, values = test.partition("=")
        segments = left.split(":")
        size = 2 if segments[0].startswith("For") else 1
        operator, key = ":".join(segments[:size]), ":".join(segments[size:])
        key = key if ":" in key else f"aws:{key}"
        out.setdefault("Condition", {}).setdefault(operator, {})[key] = values.split("|")
    return out


def _expanded(text: str) -> str:
    for letter, arn in (("T", TABLE), ("S", STREAM)):
        if text == letter or text.startswith(letter + "/"):
            return arn + text[1:]
    return text


def is_policy_page(path: pathlib.Path) -> bool:
    return "\n```policy\n" in path.read_text(encoding="utf-8")


def read(path: pathlib.Path) -> list:
    """The cases as (line number, text, expectations, whether from the section Reported)."""
    cases, heading, fenced = [], "", False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            fenced = line == "```policy"
        elif fenced and line.strip():
            text, mark, comment = line.partition("# expect:")
            expected = notation._read_expectations(number, "expect:" + comment) if mark else []
            cases.append((number, text.strip(), expected, heading == "Reported"))
        elif line.startswith("## "):
            heading = line[3:].strip()
    for reported in (True, False):
        if not any(case[3] is reported for case in cases):
            raise notation.Complaint(1, "the page needs a fence \"```policy\" under Reported and under Not reported")
    return cases


def check(rule: str, folder: pathlib.Path) -> list:
    """All complaints about the page as (line, text)."""
    complaints = []
    for number, text, expected, reported in read(program.ROOT / "rules" / rule / "rule.md"):
        try:
            made = document(text)
        except Wrong as wrong:
            complaints.append((number, str(wrong)))
            continue
        file = folder / f"line{number}.json"
        file.write_text(json.dumps(made), encoding="utf-8")
        answer = program.run("prove", "--format", "json", file)
        if answer.code not in (0, 1):
            complaints.append((number, f"prove did not end well: {answer}"))
            continue
        findings = json.loads(answer.out)["findings"]
        found = sorted(f"{finding['rule']} ({finding['severity']})" for finding in findings)
        complaints += [(number, f"{one} is not reported; what is: {', '.join(found) or 'nothing'}")
                       for one in expected if not any(one.met_by(finding) for finding in findings)]
        own = [finding for finding in findings if finding["rule"] == rule]
        if reported and not any(one.rule == rule for one in expected):
            complaints.append((number, f"a case under Reported expects nothing of this rule: # expect: {rule}"))
        if not reported and own:
            complaints.append((number, f"{rule} must not be reported: {own[0]['message']}"))
    return complaints
