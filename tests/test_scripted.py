"""What no packaged server can be: one script for each, and what the program must make of it."""

import socket
import threading

import pytest

from lab import facts, process, program

SOUND = {"TLSv1.2": [0xC02F, 0xC030], "TLSv1.3": [0x1301, 0x1302]}


@pytest.fixture
def scan(wiretight, certs, script):
    """scan(**script) starts the server and scans it; the whole handshakes go to OpenSSL unless the script says not."""
    def go(*arguments, host="127.0.0.1", scheme="", **words):
        chain, key = certs.pair(words.pop("chain", "sound"))
        words = {"kind": "tls", "versions": SOUND, "backing": True, "certificate": chain, "key": key, **words}
        port = script(**words)
        return program.scan_json("--facts", *arguments, f"{scheme}{host}:{port}", trust=certs.authority)
    return go


def vulnerabilities(answer) -> dict:
    """Detector to finding, of the rule for known vulnerabilities."""
    return {finding["detector"]: finding for finding in answer.json["findings"]
            if finding["rule"] == "known-tls-vulnerability"}


def test_sound_one_is_sound(scan):
    answer = scan(security_level=2)
    assert not vulnerabilities(answer), str(answer)
    assert answer.rules() <= {"post-quantum-absent", "certificate-long-lived"}, str(answer)
    assert answer.json["targets"][0]["status"] == "complete"
    assert answer.code == 0


def test_suites_are_the_scripted_ones(scan):
    # Kinds that no packaged stack has: ECDH with a fixed key, Kerberos, SRP, GOST, CAMELLIA with GCM.
    wanted = {0xC004, 0x001F, 0xC01D, 0x0081, 0xC08A, 0x0005, 0x009C}
    answer = scan(versions={"TLSv1.2": sorted(wanted)}, backing=False)
    assert facts.protocols(answer.json)["TLSv1.2"] == wanted


@pytest.mark.parametrize("version", ["SSLv3", "TLSv1.0", "TLSv1.1"])
def test_obsolete_version_alone(scan, version):
    answer = scan(versions={version: [0x002F, 0x0035]}, backing=False)
    assert tuple(facts.protocols(answer.json)) == (version,)
    assert "protocol-obsolete" in answer.rules()


def test_sslv2(scan):
    answer = scan(versions={"SSLv2": [0x010080, 0x020080], "TLSv1.2": [0x009C]}, backing=False)
    assert "SSLv2" in facts.protocols(answer.json)
    assert facts.protocols(answer.json)["SSLv2"] == {0x010080, 0x020080}
    assert "drown" in vulnerabilities(answer)


def test_heartbleed(scan):
    answer = scan(versions={"TLSv1.2": [0xC02F, 0x009C]}, heartbeat=True, heartbleed=True)
    assert "heartbleed" in vulnerabilities(answer)


def test_heartbeat_alone_is_no_heartbleed(scan):
    answer = scan(versions={"TLSv1.2": [0xC02F, 0x009C]}, heartbeat=True)
    assert "heartbleed" not in vulnerabilities(answer)


def test_early_change_cipher_spec(scan):
    assert "ccs-injection" in vulnerabilities(scan(versions={"TLSv1.2": [0xC02F, 0x009C]}, ccs_tolerant=True))
    assert "ccs-injection" not in vulnerabilities(scan(versions={"TLSv1.2": [0xC02F, 0x009C]}))


def test_ticketbleed(scan):
    assert "ticketbleed" in vulnerabilities(scan(versions={"TLSv1.2": [0xC02F, 0x009C]}, ticketbleed=True))


@pytest.mark.parametrize("strength", ["strong", "weak", "early", "masked"])
def test_robot(scan, strength):
    assert "robot" in vulnerabilities(scan(versions={"TLSv1.2": [0x009C, 0x002F]}, robot=strength))


def test_robot_is_not_missed_when_the_server_is_slow(scan):
    """Nothing that acquits is timed: each answer comes later than any wait that was measured on the hellos before."""
    assert "robot" in vulnerabilities(scan(versions={"TLSv1.2": [0x009C, 0x002F]}, robot="early", exchange_delay=0.7))


def test_no_robot_where_all_padding_gets_one_answer(scan):
    assert "robot" not in vulnerabilities(scan(versions={"TLSv1.2": [0x009C, 0x002F]}))


def test_compression(scan):
    assert "crime" in vulnerabilities(scan(versions={"TLSv1.2": [0xC02F]}, compression=True))


def test_weak_prime(scan):
    answer = scan(versions={"TLSv1.2": [0x009E]}, dh_bits=1024, backing=False)
    assert {group["bits"] for group in facts.asked(answer.json)["dh"]} == {1024}
    assert "key-weak" in answer.rules()


def test_missing_fallback_signal(scan):
    versions = {"TLSv1.0": [0x002F], "TLSv1.2": [0xC02F, 0x002F]}
    assert "downgrade-accepted" in scan(versions=versions, fallback_scsv=False).rules()


def test_missing_downgrade_sentinel(scan):
    versions = {"TLSv1.2": [0xC02F], "TLSv1.3": [0x1301]}
    assert "downgrade-accepted" in scan(versions=versions, sentinel=False, backing=False).rules()
    assert "downgrade-accepted" not in scan(versions=versions, backing=False).rules()


@pytest.mark.parametrize("kind", ["constant", "counter"])
def test_predictable_randoms(scan, kind):
    assert "random-predictable" in scan(random=kind, backing=False).rules()


def test_reused_shares_are_told_from_predictable_ones(scan):
    answer = scan(share="reused", backing=False, versions={"TLSv1.2": [0xC02F, 0xC030, 0x009E]})
    tests = facts.asked(answer.json)["randomness"]
    assert any("share" in test["kind"] and test["samples"] > 1 for test in tests), tests


def test_fresh_randoms_are_not_reported(scan):
    assert "random-predictable" not in scan(backing=False).rules()


def test_no_secure_renegotiation(scan):
    answer = scan(renegotiation_info=False, backing=False, versions={"TLSv1.2": [0xC02F]})
    assert "renegotiation-insecure" in answer.rules()


def test_retry_without_a_group_is_no_group(scan):
    """wolfSSL 5.5.4 asks for a retry whatever is offered and names no group: none of those is supported."""
    answer = scan(backing=False, retry_without_group=True, groups=[0x001D], versions={"TLSv1.3": [0x1301]})
    assert {group["name"].lower() for group in facts.asked(answer.json)["groups"]} == {"x25519"}


def test_post_quantum_group(scan):
    answer = scan(backing=False, groups=[0x11EC, 0x001D], versions={"TLSv1.3": [0x1301]})
    assert "X25519MLKEM768" in {group["name"] for group in facts.asked(answer.json)["groups"]}
    assert "post-quantum-absent" not in answer.rules()


def test_large_hello_is_dropped(scan):
    answer = scan(max_hello=1300, backing=False)
    large = facts.asked(answer.json)["largeHello"]
    assert (large["value"] if isinstance(large, dict) else large) is False


def test_two_configurations_behind_one_name(scan, certs):
    chain, key = (str(path) for path in certs.pair("sound"))
    one = {"kind": "tls", "certificate": chain, "key": key, "versions": {"TLSv1.2": [0xC02F]}}
    answer = scan(alternate=[one, {**one, "versions": {"TLSv1.0": [0x0004, 0x002F], "TLSv1.2": [0xC02F, 0x0004]}}])
    assert facts.asked(answer.json)["inconsistencies"], str(answer)


def test_rate_limiter_is_never_a_refusal(scan):
    """What was dropped for coming too fast must come back as accepted or as not seen, never as refused."""
    answer = scan(rate=20, backing=False, versions={"TLSv1.2": [0xC02F, 0x0005]})
    if answer.json["targets"][0]["status"] == "complete":
        assert facts.protocols(answer.json)["TLSv1.2"] == {0xC02F, 0x0005}, str(answer)
    else:
        assert answer.code == 3


def test_serial_server(scan):
    answer = scan(serial=0.005)
    assert set(facts.protocols(answer.json)) == {"TLSv1.2", "TLSv1.3"}, str(answer)
    assert answer.json["targets"][0]["status"] == "complete"


def test_slow_server_is_complete(scan):
    answer = scan(delay=0.05)
    assert answer.json["targets"][0]["status"] == "complete", str(answer)


def test_each_certificate_is_asked_for_its_staple(wiretight, certs, tmp_path):
    """openssl s_server staples one response to both of its certificates: also to the one that few clients are shown."""
    (one, key), (other, other_key) = certs.pair("sound"), certs.pair("sound-ecdsa")
    port = process.free_port()
    server = process.Process(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", one, "-key", key, "-dcert",
                              other, "-dkey", other_key, "-status_file", certs.staple("sound", "good"), "-quiet"],
                             port, tmp_path / "s_server.log", keep_input=True)
    try:
        server.wait_ready()
        answer = program.scan_json("--facts", f"127.0.0.1:{port}", trust=certs.authority)
    finally:
        server.stop()
    chains = facts.asked(answer.json)["chains"]
    assert {chain["certificates"][0]["keyAlgorithm"] for chain in chains} == {"RSA", "EC"}, str(answer)
    assert [chain["staple"]["how"] for chain in chains] == ["observed", "observed"], chains


# --- cleartext -------------------------------------------------------------------------------------------------------


def test_cleartext_service(scan):
    answer = scan(kind="http", answer="aws", scheme="http://")
    assert "cleartext-accepted" in answer.rules()
    assert answer.code == 1
    assert facts.asked(answer.json)["cleartext"]["aws"] is True


def test_cleartext_alternator(scan):
    assert "cleartext-accepted" in scan(kind="http", answer="alternator", scheme="http://").rules()


def test_plain_http_is_not_dynamodb(scan):
    answer = scan(kind="http", answer="plain", scheme="http://")
    assert "cleartext-accepted" not in answer.rules()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_still_a_finding(scan, status):
    answer = scan(kind="http", answer="redirect", status=status, scheme="http://")
    assert "cleartext-redirect" in answer.rules()
    assert "cleartext-accepted" not in answer.rules()


def test_redirect_is_not_followed(scan, script):
    elsewhere = script(kind="http", answer="aws")
    answer = scan(kind="http", answer="redirect", location=f"http://127.0.0.1:{elsewhere}/", scheme="http://")
    assert "cleartext-accepted" not in answer.rules()


def test_both_on_one_port(scan):
    """As LocalStack has it: TLS and cleartext told apart by the first byte."""
    answer = scan(kind="multiplex", http={"answer": "aws"})
    assert "cleartext-accepted" in answer.rules()
    assert set(facts.protocols(answer.json)) == {"TLSv1.2", "TLSv1.3"}


def test_opossum(scan):
    answer = scan(kind="http", answer="opossum", scheme="http://")
    assert "opossum" in vulnerabilities(answer), str(answer)


def test_sibling_port_is_looked_at(wiretight, certs, script):
    """TLS where it was asked for, DynamoDB in the clear on port 8000 of the same address."""
    chain, key = certs.pair("sound")
    port = script(address="127.0.0.9", kind="tls", versions=SOUND, backing=True, certificate=chain, key=key)
    script(address="127.0.0.9", port=8000, kind="http", answer="aws")
    answer = program.scan_json("--facts", f"127.0.0.9:{port}", trust=certs.authority)
    places = {finding["location"]["endpoint"] for finding in answer.json["findings"]
              if finding["rule"] == "cleartext-accepted"}
    assert places == {"127.0.0.9:8000"}, str(answer)


def test_no_table_is_listed_and_no_credential_is_sent(wiretight, tmp_path):
    """Everything that the program sends in the clear, read by a server that keeps it."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    kept = []

    def keep():
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            peer.settimeout(2)
            try:
                data = peer.recv(65536)
                kept.append(data)
                if data.startswith((b"GET", b"POST")):
                    peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                pass
            peer.close()

    threading.Thread(target=keep, daemon=True).start()
    secret = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEXAMPLETOKEN",
              "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
    program.scan_json(f"http://127.0.0.1:{listener.getsockname()[1]}", environment=secret)
    listener.close()
    sent = b"\n".join(kept)
    assert b"DynamoDB_20120810." in sent
    assert b"ListTables" not in sent and b"Authorization" not in sent
    for value in secret.values():
        assert value.encode() not in sent
