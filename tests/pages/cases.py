"""Turns the lines of a page into real servers: the scripted one with what the words say, OpenSSL's, or dynalite."""

import csv
import dataclasses
import pathlib
import shutil
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))
import scripted_server  # noqa: E402
from lab import certificates, process, servers, wire  # noqa: E402
from pages.notation import Complaint, Line  # noqa: E402

KNOWLEDGE = TESTS.parent / "knowledge" / "tls"
SOUND = {"TLSv1.2": [0xC02F, 0xC030], "TLSv1.3": [0x1301, 0x1302]}
SOUND_ECDSA = {"TLSv1.2": [0xC02B, 0xC02C], "TLSv1.3": [0x1301, 0x1302]}
VERSIONS = ("SSLv2", *wire.VERSIONS)


class Missing(Exception):
    """The server cannot be had on this machine; the text says why."""


@dataclasses.dataclass
class Case:
    """A server that runs: where the program finds it, and how it is asked for it."""

    place: str
    target: str
    server: scripted_server.Server | process.Process

    def wait_ready(self) -> None:
        if isinstance(self.server, process.Process):
            self.server.wait_ready()

    def stop(self) -> None:
        self.server.stop()


def numbers(table: str) -> dict:
    with open(KNOWLEDGE / f"{table}.csv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {name: int(row["code"], 16) for row in rows for name in (row["name"], row.get("alias")) if name}


class Starter:
    """Starts servers. Processes die with this program; scripted servers are threads of it."""

    def __init__(self, certs: certificates.Certificates, folder: pathlib.Path):
        self.certs = certs
        self.folder = folder
        self.suites, self.groups, self.schemes = (numbers(name) for name in ("suites", "groups", "signature_schemes"))

    def start(self, line: Line, address: str) -> Case:
        kind, words = line.words[0], line.words[1:]
        if kind == "openssl":
            return self._openssl(line, words, address)
        if kind == "dynalite":
            return self._dynalite(line, words, address)
        return self._script(line, kind, words, address)

    def _script(self, line: Line, kind: str, words: list, address: str) -> Case:
        script, scheme = self.script_of(line, kind, words, address)
        server = scripted_server.Server(script).start()
        place = f"{address}:{server.port}"
        return Case(place, f"{scheme}://{place}" if scheme else place, server)

    def script_of(self, line: Line, kind: str, words: list, address: str = "") -> tuple[dict, str]:
        """For the scripted server; with the scheme by which it is asked for."""
        script = {"kind": {"both": "multiplex", "dax": "silent"}.get(kind, kind), "address": address}
        if script["kind"] not in ("tls", "http", "multiplex", *scripted_server.HOSTILE):
            raise Complaint(line.number, f"there is no server of the kind \"{kind}\"")
        versions, certificate = {}, "sound"
        scheme = {"http": "http", "dax": "dax"}.get(kind, "")
        for word in words:
            name, equals, value = word.partition("=")
            if name in VERSIONS:
                versions[name] = [self._number(line, self.suites, suite) for suite in value.split(",")]
            elif name == "certificate":
                certificate = value
            elif name == "scheme":
                scheme = value
            elif name == "port":
                script["port"] = int(value)
            elif word == "whole":
                script["backing"] = True
            else:
                script.update(self._field(line, word, name, value if equals else None))
        if script["kind"] in ("tls", "multiplex"):
            chain, key = self._pair(line, certificate)
            ecdsa = key.stem.startswith("p")
            script.setdefault("backing", not versions)
            script.update(versions=versions or (SOUND_ECDSA if ecdsa else SOUND), certificate=str(chain), key=str(key))
        return script, scheme

    def _field(self, line: Line, word: str, name: str, value: str | None) -> dict:
        """A word of TlsScript or HttpScript in kebab-case: "heartbeat", "no-sentinel", "dh-bits=1024"."""
        fields = {field.name: field for kind in (scripted_server.TlsScript, scripted_server.HttpScript)
                  for field in dataclasses.fields(kind)}
        if value is None:
            wanted = not name.startswith("no-")
            field = fields.get(name.removeprefix("no-").replace("-", "_"))
            if field is None or field.type is not bool:
                raise Complaint(line.number, f"\"{word}\" is no word of this server")
            return {field.name: wanted}
        field = fields.get(name.replace("-", "_"))
        if field is None or field.type is bool:
            raise Complaint(line.number, f"\"{word}\" is no word of this server")
        if field.name == "groups":
            return {"groups": [self._number(line, self.groups, group) for group in value.split(",")]}
        if field.name == "signature":
            return {"signature": self._number(line, self.schemes, value)}
        return {field.name: int(value) if field.type is int else value}

    def _number(self, line: Line, table: dict, name: str) -> int:
        if name not in table:
            raise Complaint(line.number, f"\"{name}\" is in none of the tables of knowledge/tls")
        return table[name]

    def _pair(self, line: Line, name: str) -> tuple:
        try:
            return self.certs.pair(name)
        except KeyError:
            raise Complaint(line.number, f"the lab has no certificate \"{name}\"") from None
        except LookupError as reason:
            raise Missing(str(reason)) from None

    def _openssl(self, line: Line, words: list, address: str) -> Case:
        """`openssl s_server`: "certificate=" and "status=" (a stapled OCSP response) first, then its own options."""
        certificate, stapled, options = "sound", "", []
        for word in words:
            if options or word.startswith("-"):
                options.append(word)
            elif word.startswith("certificate="):
                certificate = word.removeprefix("certificate=")
            elif word in ("status=good", "status=revoked"):
                stapled = word.removeprefix("status=")
            else:
                raise Complaint(line.number, f"\"{word}\" is no word of openssl")
        chain, key = self._pair(line, certificate)
        if stapled:
            options += ["-status_file", self.certs.staple(certificate, stapled)]
        port = process.free_port(address)
        child = self._run(line, ["openssl", "s_server", "-accept", f"{address}:{port}", "-cert", chain, "-cert_chain",
                                 chain, "-key", key, "-quiet", *options], port, keep_input=True)
        return Case(f"{address}:{port}", f"{address}:{port}", child)

    def _dynalite(self, line: Line, options: list, address: str) -> Case:
        program = servers.PEERS / "dynalite" / "cli.js"
        if not program.exists() or not shutil.which("node"):
            raise Missing("dynalite is not installed (npm ci in tests/peers)")
        port = process.free_port(address)
        child = self._run(line, ["node", program, "--port", port, "--host", address, *options], port)
        scheme = "" if "--ssl" in options else "http://"
        return Case(f"{address}:{port}", f"{scheme}{address}:{port}", child)

    def _run(self, line: Line, words: list, port: int, keep_input: bool = False) -> process.Process:
        if not shutil.which(str(words[0])):
            raise Missing(f"no {words[0]} on this machine")
        return process.Process(words, port, self.folder / f"line{line.number}.log", keep_input=keep_input)
