"""The contract: exit codes, bad input, formats, options, repeatability, and what must never be printed."""

import base64
import hashlib
import json
import re
import socket
import subprocess
import threading
import xml.etree.ElementTree

import jsonschema
import pytest

from lab import namespace, process, program, servers

SCHEMA = program.ROOT / "docs" / "schema" / "wiretight-1.schema.json"
SARIF = servers.PEERS / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"
SOUND = {"TLSv1.2": [0xC02F, 0xC030], "TLSv1.3": [0x1301, 0x1302]}


@pytest.fixture
def sound(script, certs):
    """host:port of a server with nothing to report above info."""
    chain, key = certs.pair("sound")
    return f"127.0.0.1:{script(kind='tls', versions=SOUND, backing=True, security_level=2, certificate=chain, key=key)}"


@pytest.fixture
def leaking(script):
    """URL of a DynamoDB that answers in the clear."""
    return f"http://127.0.0.1:{script(kind='http', answer='aws')}"


@pytest.fixture
def scan(wiretight, certs):
    def go(*arguments, **options):
        return program.scan(*arguments, trust=certs.authority, **options)
    return go


def scan_json(scan, *arguments, **options):
    return scan("--format", "json", *arguments, **options)


# --- exit codes ------------------------------------------------------------------------------------------------------


def test_nothing_to_report_is_0(scan, sound):
    answer = scan_json(scan, sound)
    assert answer.code == 0, str(answer)
    assert answer.json["verdict"] == "tight"
    assert answer.json["grade"] in ("A+", "A")


def test_a_finding_is_1(scan, leaking):
    answer = scan_json(scan, leaking)
    assert answer.code == 1, str(answer)
    assert answer.json["verdict"] == "leaking"
    assert answer.json["summary"]["critical"] + answer.json["summary"]["high"] + answer.json["summary"]["low"] >= 1


def test_fail_on_severity_moves_the_line(scan, sound, leaking):
    assert scan("--fail-on-severity", "none", leaking).code == 0
    assert scan("--fail-on-severity", "info", sound).code == 1, "no post-quantum group is an info"


@pytest.mark.parametrize("arguments, needle", [
    (["scan"], "TARGET|target"),
    (["scan", "--no-such-option", "127.0.0.1:1"], "no-such-option"),
    (["scan", "--severity", "enormous", "127.0.0.1:1"], "critical.*high.*medium.*low.*info"),
    (["scan", "--fail-on-severity", "enormous", "127.0.0.1:1"], "enormous"),
    (["scan", "--format", "papyrus", "127.0.0.1:1"], "papyrus"),
    (["scan", "--rule", "no-such-rule", "127.0.0.1:1"], "no-such-rule"),
    (["scan", "--category", "no-such-category", "127.0.0.1:1"], "no-such-category"),
    (["scan", "--timeout", "soon", "127.0.0.1:1"], "timeout"),
    (["scan", "--rate", "-3", "127.0.0.1:1"], "rate"),
    (["scan", "@/no/such/file"], "/no/such/file"),
    (["scan", "--config", "/no/such/file", "127.0.0.1:1"], "/no/such/file"),
    (["scan", "--baseline", "/no/such/file", "127.0.0.1:1"], "/no/such/file"),
    (["scan", "https://127.0.0.1:99999"], "99999|port"),
    (["scan", "127.0.0.1:0"], "port"),
    (["scan", "::1:8443"], r"\["),
    (["rules", "no-such-rule"], "no-such-rule"),
    (["no-such-command"], "no-such-command"),
])
def test_unusable_is_2_with_a_sentence(wiretight, arguments, needle):
    answer = program.run(*arguments, seconds=20)
    assert answer.code == 2, str(answer)
    assert not answer.out, "nothing goes to standard output"
    assert re.search(needle, answer.errors, re.DOTALL), answer.errors
    assert len(answer.errors.strip().splitlines()) <= 4, "a sentence, not a page"


def test_empty_target_file_is_2(scan, tmp_path):
    (tmp_path / "targets").write_text("\n# nothing but a comment\n\n")
    answer = scan(f"@{tmp_path / 'targets'}")
    assert answer.code == 2, str(answer)
    assert "targets" in answer.errors


@pytest.mark.parametrize("bad, needle", [
    ("no-such-host.invalid:8000", "resolve|unknown|name"),
    ("127.0.0.1:1", "refused"),
])
def test_unreachable_is_3_and_the_others_are_scanned(scan, leaking, bad, needle):
    answer = scan_json(scan, bad, leaking)
    assert answer.code == 3, str(answer)
    assert answer.json["verdict"] == "incomplete"
    failed, fine = answer.json["targets"]
    assert failed["status"] == "failed" and fine["status"] == "complete"
    assert re.search(needle, " ".join(problem["message"] for problem in failed["problems"]), re.IGNORECASE), failed
    assert any(finding["rule"] == "cleartext-accepted" for finding in answer.json["findings"])


def test_incomplete_has_no_grade(scan):
    answer = scan_json(scan, "127.0.0.1:1")
    assert answer.code == 3
    assert answer.json.get("grade") in (None, "", "?"), answer.json.get("grade")


def test_a_port_that_speaks_something_else(scan):
    """SSH's greeting, say: neither TLS nor HTTP, so nothing was assessed."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def greet():
        while True:
            try:
                peer, _ = listener.accept()
                peer.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
                peer.settimeout(2)
                peer.recv(4096)
                peer.close()
            except OSError:
                if listener.fileno() < 0:
                    return
    threading.Thread(target=greet, daemon=True).start()
    answer = scan_json(scan, f"127.0.0.1:{listener.getsockname()[1]}")
    listener.close()
    assert answer.code == 3, str(answer)
    assert answer.json["verdict"] == "incomplete"
    assert re.search("TLS", " ".join(problem["message"] for problem in answer.json["targets"][0]["problems"]))


def test_ipv6(scan, script, certs):
    if not namespace.is_private() and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    chain, key = certs.pair("sound")
    port = script(address="::1", kind="tls", versions=SOUND, backing=True, security_level=2, certificate=chain, key=key)
    answer = scan_json(scan, f"[::1]:{port}")
    assert answer.code == 0, str(answer)
    assert answer.json["targets"][0]["target"] == f"[::1]:{port}"


# --- targets from elsewhere ------------------------------------------------------------------------------------------


def test_targets_from_a_file_and_from_standard_input(scan, sound, leaking, tmp_path):
    text = f"# ours\n{sound}\n\n{leaking}\n"
    (tmp_path / "targets").write_text(text)
    from_file = scan_json(scan, f"@{tmp_path / 'targets'}")
    from_input = scan_json(scan, "-", stdin=text.encode())
    for answer in (from_file, from_input):
        assert [target["target"] for target in answer.json["targets"]] == [sound, leaking], str(answer)
        assert answer.code == 1


def test_many_targets_do_not_add_up_in_memory(scan, leaking, tmp_path):
    (tmp_path / "few").write_text(f"{leaking}\n" * 1 + "".join(f"127.0.0.{n}:1\n" for n in range(2, 12)))
    (tmp_path / "many").write_text("".join(f"127.0.{n // 200}.{n % 200 + 2}:1\n" for n in range(2000)))
    few, many = (scan("--format", f"json={tmp_path / 'out.json'}", f"@{tmp_path / name}") for name in ("few", "many"))
    assert many.code == 3
    assert many.resident - few.resident < 16 << 20, f"{few.resident >> 20} MB and {many.resident >> 20} MB"


# --- formats ---------------------------------------------------------------------------------------------------------


def test_json_has_its_schema(scan, sound, leaking):
    schema = json.loads(SCHEMA.read_text())
    jsonschema.validators.validator_for(schema).check_schema(schema)
    for arguments in ([sound], [leaking], ["--facts", leaking, sound], ["127.0.0.1:1"]):
        jsonschema.validate(scan_json(scan, *arguments).json, schema)


def test_json_is_what_the_contract_says(scan, sound, leaking):
    result = scan_json(scan, leaking, sound).json
    assert result["schema"] == "wiretight/1"
    assert re.fullmatch("[0-9a-f]{64}", result["tool"]["rules"])
    assert result["scan"]["arguments"][0] == "scan"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", result["scan"]["startedAt"])
    assert set(result["summary"]) == {"critical", "high", "medium", "low", "info"}
    assert sum(result["summary"].values()) == len(result["findings"])
    ranks = ["critical", "high", "medium", "low", "info"]
    order = [ranks.index(finding["severity"]) for finding in result["findings"]]
    assert order == sorted(order)
    for target in result["targets"]:
        assert target["kind"] == "endpoint"
        assert {"bytes", "milliseconds", "connections", "addresses"} <= set(target["statistics"])
    for finding in result["findings"]:
        assert finding["cwe"] and finding["remediation"]["steps"] and finding["message"]
        assert finding["confidence"] in ("certain", "firm", "tentative")
    assert len({finding["fingerprint"] for finding in result["findings"]}) == len(result["findings"])
    assert "facts" not in result


def test_sarif_has_its_schema(scan, leaking):
    if not SARIF.exists():
        pytest.skip("npm package @microsoft/jest-sarif is not installed (npm ci in tests/peers)")
    answer = scan("--format", "sarif", leaking)
    schema = json.loads(SARIF.read_text())
    jsonschema.Draft7Validator(schema).validate(answer.json)
    run = answer.json["runs"][0]
    assert run["tool"]["driver"]["name"] == "wiretight"
    result = next(result for result in run["results"] if result["ruleId"] == "cleartext-accepted")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("endpoints/")


def test_junit_counts(scan, leaking, sound):
    answer = scan("--format", "junit", leaking, sound)
    root = xml.etree.ElementTree.fromstring(answer.out)
    suites = [root] if root.tag == "testsuite" else list(root)
    failures = sum(int(suite.get("failures")) for suite in suites)
    assert failures == len(root.findall(".//failure")) > 0


def test_junit_of_an_unreachable_target_is_an_error(scan):
    root = xml.etree.ElementTree.fromstring(scan("--format", "junit", "127.0.0.1:1").out)
    assert root.findall(".//error")


def test_markdown_and_github(scan, leaking):
    assert "cleartext-accepted" in scan("--format", "markdown", leaking).text
    lines = scan("--format", "github", leaking).text.splitlines()
    assert any(line.startswith("::error") and "cleartext" in line for line in lines), lines


def test_several_formats_each_with_its_file(scan, leaking, tmp_path):
    answer = scan("--format", f"json={tmp_path / 'a.json'}", "--format", f"sarif={tmp_path / 'a.sarif'}",
                  "--format", "console", leaking)
    assert json.loads((tmp_path / "a.json").read_text())["schema"] == "wiretight/1"
    assert json.loads((tmp_path / "a.sarif").read_text())["version"] == "2.1.0"
    assert "cleartext" in answer.text


def test_output_names_the_file_of_the_one_format(scan, leaking, tmp_path):
    answer = scan("--format", "json", "-o", tmp_path / "a.json", leaking)
    assert not answer.out
    assert json.loads((tmp_path / "a.json").read_text())["findings"]


def test_output_that_cannot_be_written_is_an_error(scan, leaking):
    answer = scan("--format", "json", "-o", "/no/such/folder/a.json", leaking)
    assert answer.code in (2, 3) and "/no/such/folder/a.json" in answer.errors


def test_console_says_the_verdict_and_no_colour_into_a_file(scan, leaking):
    answer = scan(leaking)
    assert "\x1b" not in answer.text and not answer.errors, str(answer)
    assert re.search("leaking", answer.text, re.IGNORECASE)
    assert "\x1b[" in scan("--color", "always", leaking).text


def test_quiet_says_nothing_but_the_exit_code(scan, leaking):
    assert scan("-q", leaking, "--format", "console").code == 1


# --- what is reported ------------------------------------------------------------------------------------------------


def test_same_input_same_bytes(scan, sound, leaking):
    def steady(answer):
        result = answer.json
        for key in ("startedAt", "durationMs"):
            result["scan"].pop(key)
        for target in result["targets"]:
            for key in ("milliseconds", "connections", "bytes"):
                target["statistics"].pop(key)
        return json.dumps(result)
    one, two = (steady(scan_json(scan, leaking, sound)) for _ in range(2))
    assert one == two


def test_jobs_do_not_change_the_result(scan, sound, leaking):
    one, two = (scan_json(scan, "--jobs", jobs, leaking, sound, leaking).json["findings"] for jobs in (1, 4))
    assert one == two


def test_rule_and_ignore(scan, leaking):
    assert scan_json(scan, leaking, "--rule", "cleartext-accepted").rules() == {"cleartext-accepted"}
    without = scan_json(scan, leaking, "--ignore", "cleartext-accepted")
    assert "cleartext-accepted" not in without.rules()


def test_severity_and_category(scan, sound):
    assert scan_json(scan, sound).json["findings"]
    assert not scan_json(scan, "--severity", "high", sound).json["findings"]
    only = scan_json(scan, "--category", "certificate", sound).json["findings"]
    assert all(finding["category"] == "certificate" for finding in only)


def test_severity_hides_and_does_not_excuse(scan, leaking):
    shown = scan_json(scan, leaking)
    hidden = scan_json(scan, "--severity", "critical", leaking)
    assert shown.json["summary"]["high"] > 0
    assert not hidden.json["findings"] and not any(hidden.json["summary"].values())
    assert hidden.json["targets"][0]["unreported"] == shown.json["summary"]
    assert (hidden.code, hidden.json["verdict"], hidden.json["grade"]) == (1, "leaking", shown.json["grade"])
    assert b" not shown)" in scan("--severity", "critical", leaking).out


def test_baseline_leaves_only_what_is_new(scan, leaking, tmp_path):
    first = scan("--format", f"json={tmp_path / 'old.json'}", leaking)
    assert first.code == 1
    answer = scan_json(scan, "--baseline", tmp_path / "old.json", leaking)
    assert answer.code == 0, str(answer)
    assert not answer.json["findings"]


def test_configuration_file_is_found(scan, leaking, tmp_path):
    (tmp_path / ".wiretight.yaml").write_text("ignore:\n  - cleartext-accepted\n")
    answer = scan_json(scan, leaking, folder=tmp_path)
    assert "cleartext-accepted" not in answer.rules(), str(answer)


def test_configuration_is_looked_for_from_the_target_upwards(scan, tmp_path):
    (tmp_path / "shop" / "logs").mkdir(parents=True)
    (tmp_path / "shop" / ".wiretight.yaml").write_text("timeout: soon\n")
    (tmp_path / "elsewhere").mkdir()
    answer = scan("../shop/logs", folder=tmp_path / "elsewhere")
    assert answer.code == 2 and str(tmp_path / "shop" / ".wiretight.yaml") in answer.errors, str(answer)


def test_broken_configuration_is_2(scan, leaking, tmp_path):
    (tmp_path / ".wiretight.yaml").write_text("ignore: [unclosed\n")
    answer = scan(leaking, folder=tmp_path)
    assert answer.code == 2 and ".wiretight.yaml" in answer.errors, str(answer)


# --- what is printed and what is not ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["console", "json", "sarif", "junit", "markdown", "github"])
def test_no_secret_is_printed(scan, script, form):
    port = script(kind="http", answer="aws")
    secret = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEXAMPLETOKEN",
              "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
    answer = scan("-v", "--format", form, f"http://user:hunter2-secret@127.0.0.1:{port}/", environment=secret)
    both = answer.out + answer.err
    assert b"hunter2-secret" not in both, str(answer)
    for value in secret.values():
        assert value.encode() not in both


def test_broken_pipe_is_a_quiet_0(wiretight, certs, leaking):
    command = f"{program.path()} scan --format json {leaking} | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    # The reader is gone before the program writes.
    gone = f"{program.path()} scan --format json {leaking} | true; echo ${{PIPESTATUS[0]}}"
    for line in (command, gone):
        said = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
        assert not said.stderr
        # `head` may have taken all before it left: then the finding decides.
        assert said.stdout.strip() in (("0",) if line is gone else ("0", "1"))


def test_help_and_version(wiretight):
    for arguments in (["--help"], ["scan", "--help"], ["--version"]):
        answer = program.run(*arguments)
        assert answer.code == 0 and answer.out and not answer.err, str(answer)
    helped = program.run("scan", "--help").text
    for option in ("--as", "--category", "--rule", "--ignore", "--severity", "--fail-on-severity", "--format",
                   "--output", "--baseline", "--config", "--jobs", "--timeout", "--rate", "--no-progress", "--color"):
        assert option in helped, option


def test_rules_lists_and_explains(wiretight):
    listed = program.run("rules")
    assert listed.code == 0
    for rule in ("cleartext-accepted", "cleartext-redirect", "protocol-obsolete", "cipher-null", "key-weak",
                 "known-tls-vulnerability", "random-predictable", "certificate-expired"):
        assert rule in listed.text, rule
    page = program.run("rules", "cleartext-accepted")
    assert page.code == 0
    assert "CWE-319" in page.text and "DynamoDB" in page.text


# --- pin -------------------------------------------------------------------------------------------------------------


def _pin(certificate) -> str:
    public = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], check=True,
                            capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=public, check=True,
                         capture_output=True).stdout
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


def test_pin_is_what_openssl_computes(wiretight, certs, script):
    chain, key = certs.pair("under-intermediate")
    port = script(kind="tls", versions=SOUND, backing=True, security_level=2, certificate=chain, key=key)
    answer = program.run("pin", f"127.0.0.1:{port}", trust=certs.authority)
    assert answer.code == 0, str(answer)
    assert _pin(certs.folder / "under-intermediate.crt") in answer.text
    assert _pin(certs.folder / "intermediate.crt") in answer.text


def test_pin_of_nobody_is_3(wiretight):
    answer = program.run("pin", f"127.0.0.1:{process.free_port()}")
    assert answer.code == 3 and "refused" in answer.errors.lower(), str(answer)
