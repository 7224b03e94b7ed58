"""The certificates of the lab: made once per run by the openssl command, sound and unsound ones.

`Certificates(folder)` makes all of them (about 3 s, most of it key generation). `pair("expired")` is (certificate file,
key file); a certificate file holds the leaf and what the server is to send after it.
"""

import dataclasses
import datetime
import json
import os
import pathlib
import subprocess

def _day(days: int) -> str:
    """So many days from now, as the openssl command wants it."""
    day = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return day.strftime("%Y%m%d%H%M%SZ")


HOST = "localhost"
WRONG_HOST = "wrong.example"

_CONFIGURATION = """
[ca]
default_ca = lab
[lab]
new_certs_dir = {folder}/issued
database = {folder}/index.txt
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
copy_extensions = none
[anything]
commonName = optional
[req]
distinguished_name = name
prompt = no
[name]
commonName = localhost
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
[wrong]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:wrong.example
[nosan]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
[clientonly]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = clientAuth
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
"""


@dataclasses.dataclass(frozen=True)
class _Leaf:
    key: str = "rsa2048"
    extensions: str = "leaf"
    subject: str = HOST
    digest: str = "sha256"
    issuer: str | None = "ca"
    start: str = "20260101000000Z"
    end: str | None = None
    send: tuple = ()


# start/end None means: valid now, for a year.
_LEAVES = {
    "sound": _Leaf(),
    "sound-ecdsa": _Leaf(key="p256"),
    "self-signed": _Leaf(issuer=None),
    "expired": _Leaf(start="20200101000000Z", end="20210101000000Z"),
    "expires-soon": _Leaf(start=_day(-300), end=_day(10)),
    "short-lived": _Leaf(start=_day(-1), end=_day(5)),
    "revoked": _Leaf(),
    "unknown-authority": _Leaf(issuer="stranger"),
    "not-yet-valid": _Leaf(start="20400101000000Z", end="20410101000000Z"),
    "wrong-host": _Leaf(extensions="wrong", subject=WRONG_HOST),
    "no-san": _Leaf(extensions="nosan"),
    "client-only": _Leaf(extensions="clientonly"),
    "long-lived": _Leaf(start="20200101000000Z", end="20500101000000Z"),
    "rsa1024": _Leaf(key="rsa1024"),
    "rsa512": _Leaf(key="rsa512", issuer=None),
    "p192": _Leaf(key="p192", issuer=None),
    "sha1": _Leaf(digest="sha1"),
    "md5": _Leaf(digest="md5"),
    "under-intermediate": _Leaf(issuer="intermediate", send=("intermediate",)),
    "under-expired-intermediate": _Leaf(issuer="old-intermediate", send=("old-intermediate",)),
    "incomplete-chain": _Leaf(issuer="intermediate"),
    "reversed-chain": _Leaf(issuer="intermediate", send=("ca", "intermediate")),
    "escapes": _Leaf(issuer=None, subject="\x1b[31mred\x1b[0m\x07\x9b2J"),
}

_PAST = ("20200101000000Z", "20210101000000Z")
_AUTHORITIES = ("ca", "intermediate", "old-intermediate", "stranger")

_KEYS = {
    "rsa2048": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa1024": ["genrsa", "-traditional", "1024"],
    "rsa512": ["genrsa", "-traditional", "512"],
    "p256": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p192": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime192v1"],
}


class Certificates:
    """The certificate files of one run, in one folder; those of a folder that has them are taken as they are."""

    def __init__(self, folder: pathlib.Path):
        self.folder = pathlib.Path(folder)
        self.missing: dict[str, str] = {}
        complete = self.folder / "missing.json"
        if complete.exists():
            self.missing = json.loads(complete.read_text())
            return
        (self.folder / "issued").mkdir(parents=True, exist_ok=True)
        (self.folder / "index.txt").touch()
        (self.folder / "ca.cnf").write_text(_CONFIGURATION.format(folder=self.folder))
        self._make_keys()
        self._make_authority("ca", "wiretight lab root", None)
        self._make_authority("intermediate", "wiretight lab intermediate", "ca")
        self._make_authority("old-intermediate", "wiretight lab old intermediate", "ca", _PAST)
        self._make_authority("stranger", "somebody else's root", None)
        for name, leaf in _LEAVES.items():
            try:
                self._make_leaf(name, leaf)
            except subprocess.CalledProcessError as error:
                self.missing[name] = error.stderr.decode(errors="replace").strip().splitlines()[-1]
        complete.write_text(json.dumps(self.missing))

    @property
    def authority(self) -> pathlib.Path:
        """The root that a client must trust to find `sound` sound."""
        return self.folder / "ca.crt"

    def pair(self, name: str) -> tuple[pathlib.Path, pathlib.Path]:
        if name in self.missing:
            raise LookupError(f"no certificate {name}: {self.missing[name]}")
        return self.folder / f"{name}.chain", self.key(_LEAVES[name].key)

    def key(self, kind: str) -> pathlib.Path:
        return self.folder / f"{kind}.key"

    def dh(self, bits: int) -> pathlib.Path:
        """A file of Diffie-Hellman parameters with a safe prime of `bits` bits, made anew (1024: a second)."""
        path = self.folder / f"dh{bits}.pem"
        if not path.exists():
            self._openssl("dhparam", "-out", path, str(bits))
        return path

    def staple(self, name: str, status: str) -> pathlib.Path:
        """A file with an OCSP response of the authority `ca`, in which the certificate is "good" or "revoked"."""
        path = self.folder / f"{name}.{status}.ocsp"
        if path.exists():
            return path
        shown = subprocess.run(["openssl", "x509", "-in", self.folder / f"{name}.crt", "-noout", "-serial"], check=True,
                               capture_output=True, text=True).stdout
        serial = shown.strip().removeprefix("serial=")
        state, when = ("R", "260101000000Z") if status == "revoked" else ("V", "")
        index = self.folder / f"{name}.{status}.index"
        index.write_text(f"{state}\t350101000000Z\t{when}\t{serial}\tunknown\t/CN={HOST}\n")
        self._openssl("ocsp", "-index", index, "-CA", self.authority, "-rsigner", self.authority, "-rkey",
                      self.key("ca"), "-issuer", self.authority, "-cert", self.folder / f"{name}.crt", "-ndays", "7",
                      "-respout", path)
        return path

    def pkcs12(self, name: str) -> pathlib.Path:
        """The pair as a PKCS#12 file with the password `changeit` and the alias `lab`."""
        path = self.folder / f"{name}.p12"
        certificate, key = self.pair(name)
        if path.exists():
            return path
        self._openssl("pkcs12", "-export", "-in", certificate, "-inkey", key, "-name", "lab",
                      "-passout", "pass:changeit", "-out", path)
        return path

    def bundle(self, name: str) -> pathlib.Path:
        """Key and chain in one file, as lighttpd wants it."""
        certificate, key = self.pair(name)
        path = self.folder / f"{name}.bundle"
        if not path.exists():
            path.write_bytes(key.read_bytes() + certificate.read_bytes())
        return path

    def _openssl(self, *arguments) -> None:
        # Debian's own configuration refuses MD5 at its security level; ours says nothing of levels.
        subprocess.run(["openssl", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL, capture_output=True,
                       env={**os.environ, "OPENSSL_CONF": str(self.folder / "ca.cnf")})

    def _make_keys(self) -> None:
        for name, arguments in _KEYS.items():
            try:
                self._openssl(*arguments[:1], "-out", self.key(name), *arguments[1:])
            except subprocess.CalledProcessError as error:
                self.missing[name] = error.stderr.decode(errors="replace").strip()
        # RSA, because there is no ECDSA signature with MD5.
        for name in _AUTHORITIES:
            self._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.key(name))

    def _make_authority(self, name: str, subject: str, issuer: str | None,
                        dates: tuple = ("20260101000000Z", "20350101000000Z")) -> None:
        self._issue(name, _Leaf(key=name, extensions="root", subject=subject, issuer=issuer, start=dates[0],
                                end=dates[1]))

    def _make_leaf(self, name: str, leaf: _Leaf) -> None:
        self._issue(name, leaf)
        parts = [name, *leaf.send]
        (self.folder / f"{name}.chain").write_bytes(
            b"".join((self.folder / f"{part}.crt").read_bytes() for part in parts))

    def _issue(self, name: str, leaf: _Leaf) -> None:
        request, certificate = self.folder / f"{name}.csr", self.folder / f"{name}.crt"
        self._openssl("req", "-new", "-config", self.folder / "ca.cnf", "-key", self.key(leaf.key),
                      "-subj", f"/CN={leaf.subject}", "-out", request)
        signer = ["-selfsign", "-keyfile", self.key(leaf.key)] if leaf.issuer is None else \
            ["-cert", self.folder / f"{leaf.issuer}.crt", "-keyfile", self.key(leaf.issuer)]
        end = ["-days", "365"] if leaf.end is None else ["-enddate", leaf.end]
        start = [] if leaf.end is None else ["-startdate", leaf.start]
        self._openssl("ca", "-batch", "-notext", "-config", self.folder / "ca.cnf", *signer, "-in", request,
                      "-md", leaf.digest, "-extensions", leaf.extensions, *start, *end, "-out", certificate)
