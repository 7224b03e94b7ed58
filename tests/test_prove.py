"""`wiretight prove`: exit codes, the contract's JSON, folders, hostile documents, and Z3 as a second judge."""

import fnmatch
import json
import pathlib
import random
import re

import jsonschema
import pytest

from lab import program
from pages import policies

SCHEMA = json.loads((program.ROOT / "docs" / "schema" / "wiretight-1.schema.json").read_text(encoding="utf-8"))
OPEN = "identity=Allow,dynamodb:*,*"
GUARDED = OPEN + " rcp=Deny,dynamodb:*,*,Bool:SecureTransport=false"


@pytest.fixture
def prove(wiretight, tmp_path):
    """prove(document or text, options...): the result, its JSON held against the schema."""

    def run(document, *options, name="case.json"):
        if isinstance(document, str) and "=" in document:
            document = policies.document(document)
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        result = program.run("prove", "--format", "json", *options, path)
        if result.out:
            jsonschema.Draft202012Validator(SCHEMA).validate(result.json)
        return result

    return run


def verdicts(result):
    return [proof["verdict"] for proof in result.json["proofs"]]


def unknown():
    document = policies.document(GUARDED)
    document["rcp"][0]["Statement"][0]["Resource"] = {"Fn::GetAtt": "Table.Arn"}
    return document


def test_proved(prove):
    result = prove(GUARDED, "--require-proof")
    assert (result.code, verdicts(result), result.json["verdict"]) == (0, ["PROVED"], "tight")
    [statement] = result.json["proofs"][0]["statements"]
    assert statement["statement"] == "rcp[0].Statement[0]" and statement["effect"] == "Deny"
    assert "table" in statement["kinds"] and "dynamodb:GetRecords" in statement["actions"]
    assert any("DescribeEndpoints is outside any policy" in line for line in result.json["targets"][0]["lookedAt"])
    assert "dynamodb:DescribeEndpoints" not in statement["actions"]


def test_witness_is_the_whole_request(prove):
    result = prove(OPEN)
    assert (result.code, verdicts(result), result.json["verdict"]) == (0, ["WITNESS"], "leaking")
    witness = result.json["proofs"][0]["witness"]
    assert witness["action"] == "dynamodb:GetItem" and witness["resource"] == policies.TABLE
    assert witness["principal"].startswith("arn:aws:sts::111122223333:assumed-role/app/")
    assert witness["context"]["aws:SecureTransport"] == "false"
    assert [one["statement"] for one in witness["allowedBy"]] == ["identity[0].Statement[0]"]
    assert witness["allowedBy"][0]["location"]["file"] == "case.json"
    assert {one["kind"] for one in result.json["proofs"][0]["openings"]} >= {"table", "index", "stream", "backup"}


def test_unknown_names_what_is_missing(prove):
    result = prove(unknown())
    assert (result.code, verdicts(result), result.json["verdict"]) == (3, ["UNKNOWN"], "incomplete")
    [missing] = result.json["proofs"][0]["unknown"]
    assert missing == 'rcp[0].Statement[0]: the value of {"Fn::GetAtt":"Table.Arn"} in Resource'
    assert missing in result.json["targets"][0]["problems"][0]["message"]


def test_nobody_knows_identity_policies_that_are_not_given(prove):
    document = policies.document(OPEN)
    del document["identity"]
    assert verdicts(prove(document)) == ["UNKNOWN"]
    document["rcp"] = policies.document(GUARDED)["rcp"]
    assert verdicts(prove(document)) == ["PROVED"]


def test_require_proof_fails_whatever_is_short_of_it(prove):
    """A witness alone is a finding of severity medium, which --fail-on-severity high lets pass."""
    assert prove(OPEN).code == 0
    assert prove(OPEN, "--require-proof").code == 1
    assert prove(OPEN, "--require-proof", "--fail-on-severity", "none").code == 1
    assert prove(unknown(), "--require-proof").code == 3
    assert prove(OPEN, "--fail-on-severity", "medium").code == 1


def test_one_finding_for_an_account(prove):
    document = policies.document(OPEN)
    document["table"] = [policies.TABLE + str(number) for number in range(20)]
    result = prove(document)
    assert verdicts(result) == ["WITNESS"] * 20
    [finding] = result.json["findings"]
    assert (finding["rule"], finding["severity"]) == ("policy-permits-cleartext", "medium")
    assert finding["evidence"]["tables"] == document["table"]


def test_a_folder_of_documents(wiretight, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "open.json").write_text(json.dumps(policies.document(OPEN)))
    (tmp_path / "guarded.json").write_text(json.dumps([policies.document(GUARDED)] * 2))
    (tmp_path / "package.json").write_text('{"name": "app", "version": "1"}')
    (tmp_path / "notes.txt").write_text("no JSON")
    result = program.run("prove", "-f", "json", tmp_path)
    assert [(one["document"], one["verdict"]) for one in result.json["proofs"]] == [
        ("deep/open.json", "WITNESS"), ("guarded.json[0]", "PROVED"), ("guarded.json[1]", "PROVED")]
    statistics = result.json["targets"][0]["statistics"]
    assert (statistics["files"], statistics["skipped"]) == (2, 1)
    (tmp_path / "broken.json").write_text('{"table": ')
    result = program.run("prove", "-f", "json", tmp_path)
    assert result.code == 3 and "broken.json:1:11" in result.json["targets"][0]["problems"][0]["place"]
    assert len(result.json["proofs"]) == 3


def test_a_folder_without_documents_is_no_pass(wiretight, tmp_path):
    (tmp_path / "package.json").write_text("{}")
    result = program.run("prove", "--require-proof", tmp_path)
    assert result.code == 3 and "holds no JSON document" in result.text


def test_what_cannot_be_read_is_named(prove, wiretight, tmp_path):
    for change, said in (({"tabel": 1}, '"tabel" means nothing here; table?'),
                         ({"principal": "*"}, "is no principal that can be judged"),
                         ({"table": "orders"}, "is not the ARN of a table"),
                         ({"identity": [{"Statement": [{"Effect": "Allow", "Action": "*"}]}]}, "has no Resource"),
                         ({"identity": [{"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*"}]}]},
                          'Effect is "Allow" or "Deny"')):
        result = prove({**policies.document(OPEN), **change})
        assert result.code == 3 and result.json["targets"][0]["status"] == "failed"
        assert said in result.json["targets"][0]["problems"][0]["message"]
    assert program.run("prove", tmp_path / "nothing.json").code == 2
    assert program.run("prove").code == 2
    assert program.run("prove", "--format", "jsonl", tmp_path).code == 2


def test_the_console_is_readable_by_an_auditor(wiretight, tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(policies.document("identity=Allow,dynamodb:Query,T|T/index/* "
                                                 "table=Deny,dynamodb:*,T,Bool:SecureTransport=false")))
    result = program.run("prove", "--width", "200", path)
    lines = result.text.splitlines()
    assert f"  WITNESS  {policies.TABLE}" in lines
    assert f"           dynamodb:Query on {policies.TABLE}/index/aaa gets through without TLS." in lines
    assert "           allowed  identity[0].Statement[0] of the identity policy, case.json:1:" in result.text
    assert "           mistake  3 table-arn-only: " in result.text
    assert result.text.splitlines()[-1].startswith("wiretight: LEAKING")
    assert "\x1b" not in result.text


@pytest.mark.parametrize("make", [
    lambda: '{"table": ' + "[" * 100_000,
    lambda: json.dumps({**policies.document(OPEN), "identity": [{"Statement": [
        {"Effect": "Allow", "Action": "dynamodb:" + "*a" * 1500, "Resource": "*" + "?*" * 1500}]}]}),
    lambda: json.dumps({**policies.document("identity=Allow,dynamodb:Query,T/index/*"), "rcp": [{"Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "*",
         "Resource": [f"{policies.TABLE}/index/*{a}*{b}*" for a in "abcdefgh" for b in "ijklmnop"],
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}]}),
    lambda: json.dumps({**policies.document(OPEN), "rcp": [{"Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {
            "StringLike": {f"aws:PrincipalTag/t{i}": f"*{'ab' * (i % 7)}*", f"aws:PrincipalTag/t{(i * 7 + 1) % 60}": "?*"}}}
        for i in range(60)]}]}),
    lambda: json.dumps({**policies.document(OPEN), "rcp": [{"Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
         "Condition": {"StringLike": {"aws:PrincipalTag/t": [f"*{a}*{b}*" for a in "abcdefghij" for b in "klmnopqrst"]}}}]}]}),
], ids=["nesting", "stars", "patterns", "keys", "values"])
def test_hostile_documents_take_bounded_time(wiretight, tmp_path, make):
    path = tmp_path / "hostile.json"
    path.write_text(make())
    result = program.run("prove", "-f", "json", path, seconds=60)
    assert not result.timed_out and result.seconds < 40
    assert result.code in (0, 1, 3)
    assert result.resident < 1 << 30
    jsonschema.Draft202012Validator(SCHEMA).validate(result.json)


# Z3 as a second judge. It is given the same policies in an encoding of its own: one variable each for action, resource
# and the condition keys, a formula for each statement, and the question whether an Allow holds and no Deny. The actions
# and names below are one of each kind that the generated patterns tell apart.

ACTIONS = {"dynamodb:GetItem": "table", "dynamodb:Query": "table index", "dynamodb:Scan": "table index",
           "dynamodb:PutItem": "table", "dynamodb:GetRecords": "stream", "dynamodb:DescribeStream": "stream",
           "dynamodb:DescribeContributorInsights": "table index", "dynamodb:DescribeBackup": "backup",
           "dynamodb:DeleteBackup": "backup", "dynamodb:DescribeExport": "export", "dynamodb:DescribeImport": "import",
           "dynamodb:DescribeGlobalTable": "global-table", "dynamodb:GetResourcePolicy": "table stream"}
T = policies.TABLE
RESOURCES = {T: "table", f"{T}/index/aaa": "index", f"{T}/index/by-": "index", f"{T}/index/by-a": "index",
             f"{T}/index/by-ab": "index", f"{T}/stream/2025-01-01T00:00:00.000": "stream",
             f"{T}/backup/01500000000000-00000000": "backup", f"{T}/export/01500000000000-00000000": "export",
             f"{T}/import/01500000000000-00000000": "import",
             "arn:aws:dynamodb::111122223333:global-table/orders": "global-table"}
TEAMS = [None, "a", "b", "bb", "c"]
CONDITIONS = [("Bool", "aws:SecureTransport", "false"), ("Bool", "aws:SecureTransport", "true"),
              ("StringNotEquals", "aws:SecureTransport", "true"), ("StringEquals", "aws:PrincipalTag/team", "a"),
              ("StringNotEquals", "aws:PrincipalTag/team", "a"), ("StringLike", "aws:PrincipalTag/team", "b*"),
              ("StringEqualsIfExists", "aws:PrincipalTag/team", "b"), ("Null", "aws:PrincipalTag/team", "true"),
              ("NumericLessThan", "aws:MultiFactorAuthAge", "60"), ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "30"),
              ("NumericLessThanIfExists", "aws:MultiFactorAuthAge", "30")]


def random_policy(chance, everybody):
    statements = []
    for _ in range(chance.randrange(4)):
        statement = {"Effect": chance.choice(["Allow", "Allow", "Deny"])}
        if everybody:
            statement["Principal"] = "*"
        statement[chance.choice(["Action"] * 4 + ["NotAction"])] = chance.sample(
            ["dynamodb:*", "dynamodb:GetItem", "dynamodb:Q*", "dynamodb:?can", "dynamodb:Get*", "*", "s3:*"], 2)
        statement[chance.choice(["Resource"] * 4 + ["NotResource"])] = chance.sample(
            ["*", T, f"{T}*", f"{T}/index/*", f"{T}/index/by-*", f"{T}/index/by-?", f"{T}/stream/*", "arn:aws:s3:::x"], 2)
        for operator, key, value in chance.sample(CONDITIONS, chance.randrange(3)):
            statement.setdefault("Condition", {}).setdefault(operator, {})[key] = value
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def test_z3_agrees(wiretight, tmp_path):
    z3 = pytest.importorskip("z3")
    action, resource, team, age = z3.Ints("action resource team age")
    has_age = z3.Bool("has_age")
    actions, resources = list(ACTIONS), list(RESOURCES)

    def one_of(variable, numbers):
        return z3.Or([variable == number for number in numbers])

    def like(pattern, text):
        return re.fullmatch(fnmatch.translate(pattern), text) is not None

    def element(statement, name, variable, names, fold):
        patterns = statement.get(name) or statement["Not" + name]
        hits = [i for i, text in enumerate(names) if any(like(fold(one), fold(text)) for one in patterns)]
        return one_of(variable, hits) if name in statement else z3.Not(one_of(variable, hits))

    def test(operator, key, value):
        if key == "aws:SecureTransport":
            return z3.BoolVal({"Bool": value == "false", "StringNotEquals": value != "false"}[operator])
        if key == "aws:MultiFactorAuthAge":
            compared = age >= int(value) if "Greater" in operator else age < int(value)
            return z3.Or(z3.Not(has_age), compared) if operator.endswith("IfExists") else z3.And(has_age, compared)
        holds = {"StringEquals": lambda it: it == value, "StringNotEquals": lambda it: it != value,
                 "StringLike": lambda it: it is not None and like(value, it),
                 "StringEqualsIfExists": lambda it: it in (None, value), "Null": lambda it: it is None}[operator]
        return one_of(team, [i for i, it in enumerate(TEAMS) if holds(it)])

    def statement_holds(statement):
        return z3.And(element(statement, "Action", action, actions, str.lower),
                      element(statement, "Resource", resource, resources, str),
                      *[test(operator, key, value) for operator, keys in statement.get("Condition", {}).items()
                        for key, value in keys.items()])

    def any_of(policy, effect):
        return z3.Or([statement_holds(one) for one in policy["Statement"] if one["Effect"] == effect])

    valid = z3.And(one_of(team, range(len(TEAMS))), age >= 0, z3.Or([
        z3.And(action == a, resource == r) for a, name in enumerate(actions) for r, kind in enumerate(resources)
        if RESOURCES[kind] in ACTIONS[name].split()]))
    chance = random.Random(20261124)
    expected = {}
    for number in range(150):
        document = {"table": T, "principal": policies.ROLE, "identity": [random_policy(chance, False)]}
        formula = [any_of(document["identity"][0], "Allow"), z3.Not(any_of(document["identity"][0], "Deny"))]
        if chance.random() < 0.4:
            document["boundary"] = random_policy(chance, False)
            formula += [any_of(document["boundary"], "Allow"), z3.Not(any_of(document["boundary"], "Deny"))]
        if chance.random() < 0.6:
            document["rcp"] = [random_policy(chance, True)]
            formula.append(z3.Not(any_of(document["rcp"][0], "Deny")))
        solver = z3.Solver()
        solver.add(valid, *formula)
        expected[f"case{number:03}.json"] = "WITNESS" if solver.check() == z3.sat else "PROVED"
        (tmp_path / f"case{number:03}.json").write_text(json.dumps(document))
    assert min(list(expected.values()).count(verdict) for verdict in ("WITNESS", "PROVED")) > 30
    result = program.run("prove", "-f", "json", tmp_path)
    assert {proof["document"]: proof["verdict"] for proof in result.json["proofs"]} == expected
