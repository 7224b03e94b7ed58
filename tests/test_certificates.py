"""What the program reads of certificates is what `openssl x509` reads of them.

Real ones: every root that this machine trusts. Made ones: those of the lab, and keys, names, serial numbers and dates
that no public authority issues. A scripted server shows them sixteen at a time in its Certificate message, with an RSA
key exchange, which needs no private key.
"""

import base64
import dataclasses
import hashlib
import ipaddress
import pathlib
import re
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lab import facts, program  # noqa: E402

BUNDLE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")  # of Debian's ca-certificates, which the build needs
MOST_OF_A_CHAIN = 16  # wiretight::certificate::limits::certificates
TLS_NAMES = {"prime256v1": "secp256r1", "prime192v1": "secp192r1"}
KEY_NAMES = {"rsaEncryption": "RSA", "rsassaPss": "RSA-PSS", "id-ecPublicKey": "EC", "ED25519": "Ed25519",
             "ED448": "Ed448", "dsaEncryption": "DSA"}


def openssl(*arguments, given: str | bytes = b"") -> bytes:
    given = given.encode() if isinstance(given, str) else given
    return subprocess.run(["openssl", *map(str, arguments)], input=given, check=True, capture_output=True).stdout


@dataclasses.dataclass
class Made:
    key: tuple = ("EC", "ec_paramgen_curve:P-256")
    subject: str = "/CN=made.example"
    options: tuple = ()
    extensions: str = "DNS:made.example"
    more: tuple = ()


MADE = {
    "rsa3072-exponent-3": Made(key=("RSA", "rsa_keygen_bits:3072", "rsa_keygen_pubexp:3")),
    "rsa-odd-bits": Made(key=("RSA", "rsa_keygen_bits:2047")),
    "p384-sha384": Made(key=("EC", "ec_paramgen_curve:P-384"), options=("-sha384",)),
    "p521-sha512": Made(key=("EC", "ec_paramgen_curve:P-521"), options=("-sha512",)),
    "secp256k1": Made(key=("EC", "ec_paramgen_curve:secp256k1")),
    "brainpool": Made(key=("EC", "ec_paramgen_curve:brainpoolP384r1")),
    "ed25519": Made(key=("ED25519",)),
    "ed448": Made(key=("ED448",)),
    "signed-by-pss": Made(key=("RSA", "rsa_keygen_bits:2048"), options=(
        "-sha384", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest")),
    "key-for-pss": Made(key=("RSA-PSS", "rsa_keygen_bits:2048")),
    "sha224": Made(key=("RSA", "rsa_keygen_bits:2048"), options=("-sha224",)),
    "long-serial": Made(options=("-set_serial", "0x7f" + "ab" * 19)),
    "serial-with-leading-zero": Made(options=("-set_serial", "0x80")),
    "negative-serial": Made(options=("-set_serial", "-3")),
    "after-2050": Made(options=("-days", "12000")),
    "many-parts": Made(subject="/C=DE/ST=Sachsen/L=Görlitz/O=Müller, Söhne \\+ Co/OU=a\\=b/CN=made.example/"
                               "emailAddress=a@made.example"),
    "parts-in-one-set": Made(subject="/O=Example+OU=Second/CN=made.example+UID=17", options=("-multivalue-rdn",)),
    "escaped": Made(subject="/O= leading/OU=#hash/CN=\"quoted\" <x>; \\\\ back"),
    "no-common-name": Made(subject="/O=Example"),
    "names": Made(extensions="DNS:*.made.example,DNS:MADE.example,DNS:_sub.made.example,IP:192.0.2.7,IP:2001:db8::7,"
                             "IP:::ffff:192.0.2.8,email:a@made.example,URI:https://made.example/"),
    "must-staple": Made(more=("tlsfeature=status_request",)),
    "another-feature": Made(more=("tlsfeature=DER:30:03:02:01:11",)),
    "server-and-client": Made(more=("extendedKeyUsage=serverAuth,clientAuth",)),
    "any-use": Made(more=("extendedKeyUsage=anyExtendedKeyUsage",)),
    "client-only": Made(more=("extendedKeyUsage=clientAuth",)),
    "no-authority": Made(more=("basicConstraints=critical,CA:FALSE",)),
    "authority": Made(more=("basicConstraints=critical,CA:TRUE,pathlen:0",)),
}


def make(folder: pathlib.Path, name: str) -> str:
    """The PEM text of a self-signed certificate."""
    wanted = MADE[name]
    key, configuration = folder / f"{name}.key", folder / f"{name}.cnf"
    settings = [word for setting in wanted.key[1:] for word in ("-pkeyopt", setting)]
    openssl("genpkey", "-quiet", "-algorithm", wanted.key[0], *settings, "-out", key)
    configuration.write_text("[req]\ndistinguished_name = name\n[name]\n")
    extensions = [word for one in (f"subjectAltName={wanted.extensions}", *wanted.more) for word in ("-addext", one)]
    return openssl("req", "-x509", "-config", configuration, "-key", key, "-utf8", "-subj", wanted.subject,
                   *wanted.options, *extensions).decode()


def names_of(text: str) -> list:
    """Of `-ext subjectAltName`: DNS names and addresses, these in one spelling."""
    names = []
    for name in re.findall(r"(?:DNS|IP Address):[^,\s]+", text):
        kind, value = name.split(":", 1)
        names.append(value if kind == "DNS" else str(ipaddress.ip_address(value)))
    return names


def hash_of(algorithm: str, text: str) -> str:
    if algorithm in ("ED25519", "ED448"):
        return "intrinsic"
    if algorithm == "rsassaPss":
        return re.search(r"Hash Algorithm: (\w+)", text)[1].upper()
    return re.search(r"(md5|sha\d+)", algorithm, re.IGNORECASE)[1].upper()


def truth(pem: str) -> dict:
    """The same members as in the program's inventory, as the openssl command has them."""
    shown = openssl("x509", "-noout", "-subject", "-issuer", "-serial", "-dates", "-dateopt", "iso_8601",
                    "-nameopt", "sep_comma_plus_space,dn_rev,sname,esc_2253,utf8,esc_ctrl", given=pem).decode()
    fields = dict(line.split("=", 1) for line in shown.splitlines())
    text = openssl("x509", "-noout", "-text", given=pem).decode()
    algorithm = re.search(r"Signature Algorithm: (\S+)", text)[1]
    key_algorithm = KEY_NAMES[re.search(r"Public Key Algorithm: (\S+)", text)[1]]
    key_pem = openssl("x509", "-noout", "-pubkey", given=pem)
    key = openssl("pkey", "-pubin", "-noout", "-text", given=key_pem).decode()
    bits = re.search(r"Public-Key: \((\d+) bit", key)
    curve = re.search(r"ASN1 OID: (\S+)", key)
    exponent = re.search(r"Exponent: (\d+)", key)
    uses = re.search(r"Extended Key Usage:.*\n\s+(.*)", text)
    alternative = re.search(r"Subject Alternative Name:.*\n\s+(.*)", text)
    der = openssl("x509", "-outform", "DER", given=pem)
    spki = openssl("pkey", "-pubin", "-outform", "DER", given=key_pem)
    return {
        "subject": fields["subject"].replace(" + ", "+"),
        "issuer": fields["issuer"].replace(" + ", "+"),
        "serial": fields["serial"].lower(),
        "names": names_of(alternative[1]) if alternative else [],
        "notBefore": fields["notBefore"].replace(" ", "T"),
        "notAfter": fields["notAfter"].replace(" ", "T"),
        "keyAlgorithm": key_algorithm,
        "keyBits": int(bits[1]) if bits else None,  # `openssl pkey` gives none for Ed25519 and Ed448
        "curve": TLS_NAMES.get(curve[1], curve[1]) if curve else "",
        "rsaExponent": int(exponent[1]) if exponent else None,
        "signatureAlgorithm": algorithm,
        "signatureHash": hash_of(algorithm, text),
        "selfSigned": fields["subject"] == fields["issuer"],
        "authority": "CA:TRUE" in text,
        "serverAuth": not uses or "TLS Web Server Authentication" in uses[1] or "Any Extended Key Usage" in uses[1],
        "mustStaple": bool(re.search(r"TLS Feature:.*\n\s+.*\bstatus_request\b(?!_)", text)),
        "signedTimestamps": text.count("Signed Certificate Timestamp:"),
        "sha256": hashlib.sha256(der).hexdigest(),
        "pin": base64.b64encode(hashlib.sha256(spki).digest()).decode(),
    }


def read(script, folder: pathlib.Path, pems: list) -> list:
    """What the program says of the certificates of one Certificate message."""
    chain = folder / "chain.pem"
    chain.write_text("".join(pems))
    port = script(kind="tls", versions={"TLSv1.2": [0x009C, 0x009D, 0x002F]}, certificate=str(chain))
    answer = program.scan_json("--facts", "--depth", "fast", f"127.0.0.1:{port}", trust=BUNDLE)
    chains = facts.asked(answer.json)["chains"]
    assert len(chains) == 1, answer
    return chains[0]["certificates"]


def differences(ours: dict, pem: str) -> list:
    theirs = truth(pem)
    ours = dict(ours, names=[str(ipaddress.ip_address(name)) if ":" in name else name for name in ours["names"]])
    return [f"{theirs['subject']}: {field}: wiretight {ours[field]!r}, openssl {value!r}"
            for field, value in theirs.items()
            if ours[field] != value and not (field == "keyBits" and value is None)]


def compare(script, folder: pathlib.Path, pems: list) -> None:
    found = []
    for at in range(0, len(pems), MOST_OF_A_CHAIN):
        part = pems[at:at + MOST_OF_A_CHAIN]
        seen = read(script, folder, part)
        assert len(seen) == len(part)
        found += [line for ours, pem in zip(seen, part) for line in differences(ours, pem)]
    assert not found, "\n".join(found)


def certificates_in(text: str) -> list:
    return re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", text, re.DOTALL)


def test_every_root_that_this_machine_trusts(wiretight, script, tmp_path):
    roots = certificates_in(BUNDLE.read_text())
    assert len(roots) > 100
    compare(script, tmp_path, roots)


def test_the_certificates_of_the_lab(wiretight, script, certs, tmp_path):
    # Escape sequences in a name are shown by neither as they are; what we make of them is in certificate_test.cpp.
    files = [file for file in sorted(certs.folder.glob("*.chain")) if file.stem != "escapes"]
    pems = list(dict.fromkeys(pem for file in files for pem in certificates_in(file.read_text())))
    assert len(pems) > 15
    compare(script, tmp_path, pems)


@pytest.mark.parametrize("name", MADE)
def test_what_no_public_authority_issues(wiretight, script, tmp_path, name):
    compare(script, tmp_path, [make(tmp_path, name)])
