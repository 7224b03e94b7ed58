"""Every format of every sample of src/report/sample.h, held against its published schema."""

import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "docs" / "schema" / "wiretight-1.schema.json"
SARIF = ROOT / "tests/peers/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """Folder with <sample>.<format>, written by the unit test of that name."""
    folder = tmp_path_factory.mktemp("samples")
    unit_tests = pathlib.Path(os.environ["WIRETIGHT_BUILD"]) / "tests" / "unit_tests"
    subprocess.run([unit_tests, "--source-file=*src/report/samples_test.cpp"], cwd=ROOT, check=True,
                   stdout=subprocess.PIPE, env=dict(os.environ, WIRETIGHT_SAMPLES=str(folder)))
    return folder


def read(samples, form):
    found = {path.stem: path.read_text() for path in samples.glob(f"*.{form}")}
    assert len(found) >= 8, form
    return found


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def test_json_has_its_schema(samples, validator):
    for name, text in read(samples, "json").items():
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(text))]
        assert not errors, (name, errors)


def _seen(schema, part, value, seen):
    """Notes every key of `value` under the object of the schema that describes it."""
    if "$ref" in part:
        target = schema
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        _seen(schema, target, value, seen)
    for branch in ("allOf", "oneOf", "anyOf"):
        for one in part.get(branch, []):
            if branch == "allOf" or jsonschema.Draft202012Validator({**one, "$defs": schema["$defs"]}).is_valid(value):
                _seen(schema, one, value, seen)
    if isinstance(value, dict):
        for key, member in value.items():
            if key in part.get("properties", {}):
                seen.add((id(part), key))
                _seen(schema, part["properties"][key], member, seen)
    if isinstance(value, list) and "items" in part:
        for member in value:
            _seen(schema, part["items"], member, seen)


def _described(part, path=""):
    """Every (object, key, path) that a schema describes."""
    if isinstance(part, dict):
        for key in part.get("properties", {}) if isinstance(part.get("properties"), dict) else []:
            yield id(part), key, f"{path}/{key}"
        for key, member in part.items():
            if key not in ("if", "then"):
                yield from _described(member, f"{path}/{key}")
    elif isinstance(part, list):
        for index, member in enumerate(part):
            yield from _described(member, f"{path}/{index}")


def test_the_schema_describes_nothing_that_is_never_written(samples):
    schema = json.loads(SCHEMA.read_text())
    seen = set()
    for text in read(samples, "json").values():
        _seen(schema, schema, json.loads(text), seen)
    assert not [path for part, key, path in _described(schema) if (part, key) not in seen]


def test_json_lines_are_the_parts_of_the_json(samples, validator):
    whole = {name: json.loads(text) for name, text in read(samples, "json").items()}
    for name, text in read(samples, "jsonl").items():
        *targets, summary = map(json.loads, text.splitlines())
        assert [line["record"] for line in targets] == ["target"] * len(whole[name]["targets"])
        assert summary["record"] == "summary"
        for line, target in zip(targets, whole[name]["targets"]):
            assert {key: line[key] for key in target} == target
            assert line["findings"] == [one for one in whole[name]["findings"] if one["target"] == line["target"]]
        for key in ("tool", "scan", "verdict", "score", "grade", "gradeLines", "summary"):
            assert summary[key] == whole[name][key], key


def test_sarif_has_its_schema_and_what_github_needs(samples):
    if not SARIF.exists():
        pytest.skip("npm package @microsoft/jest-sarif is not installed (npm ci in tests/peers)")
    validator = jsonschema.Draft7Validator(json.loads(SARIF.read_text()),
                                           format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    for name, text in read(samples, "sarif").items():
        log = json.loads(text)
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)]
        assert not errors, (name, errors)
        run = log["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        for rule in rules:
            for text_of in ("shortDescription", "fullDescription", "help"):
                assert 0 < len(rule[text_of]["text"]) and (text_of == "help" or len(rule[text_of]["text"]) <= 1024)
            assert len(rule["properties"]["tags"]) <= 20
            assert any(re.fullmatch(r"external/cwe/cwe-\d+", tag) for tag in rule["properties"]["tags"])
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            place = result["locations"][0]["physicalLocation"]
            assert re.fullmatch(r"(?:[\w.~/:-]|%[0-9A-F]{2})+", place["artifactLocation"]["uri"]), name
            assert {"startLine", "startColumn", "endLine", "endColumn"} <= set(place["region"])
            assert result["partialFingerprints"]["primaryLocationLineHash"]
        invocation = run["invocations"][0]
        assert invocation["executionSuccessful"] == (run["properties"]["verdict"] != "incomplete")
        assert invocation["executionSuccessful"] or invocation["toolExecutionNotifications"]


# What junit-10.xsd (Jenkins) has for each element, and GitLab reads.
JUNIT = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time", "timestamp"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}


def test_junit_is_what_jenkins_and_gitlab_read(samples):
    for name, text in read(samples, "xml").items():
        root = xml.etree.ElementTree.fromstring(text)
        assert root.tag == "testsuites"
        for element in root.iter():
            attributes, children = JUNIT[element.tag]
            assert set(element.attrib) == attributes, (name, element.tag)
            assert {child.tag for child in element} <= children, (name, element.tag)
        for suite in root:
            assert int(suite.get("tests")) == len(suite.findall("testcase")) > 0
            for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))
            names = [case.get("name") for case in suite]
            assert len(names) == len(set(names)), name
            assert re.fullmatch(r"\d+\.\d{3}", suite.get("time"))


def test_markdown_is_short_enough_for_a_comment(samples):
    for text in read(samples, "md").values():
        assert len(text.encode()) <= 65536
        assert text.startswith("## ")
