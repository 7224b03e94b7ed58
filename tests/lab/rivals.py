"""What other scanners say of the same ports: sslscan, nmap and, when asked for, testssl.sh.

Each function returns, for one target or many, {protocol: {suite number}}; a protocol without suites is one of which
the tool says only that it is on.
"""

import functools
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree

NMAP_NAMES = {"SSLv3": "SSLv3", "TLSv1.0": "TLSv1.0", "TLSv1.1": "TLSv1.1", "TLSv1.2": "TLSv1.2", "TLSv1.3": "TLSv1.3"}
SSLSCAN_NAMES = {"SSLv2": "SSLv2", "SSLv3": "SSLv3", "TLSv1.0": "TLSv1.0", "TLSv1.1": "TLSv1.1", "TLSv1.2": "TLSv1.2",
                 "TLSv1.3": "TLSv1.3"}


def versions() -> dict:
    """Tool to version, for those that this machine has."""
    found = {}
    for tool, arguments, pattern in (("sslscan", ["--version"], r"(\d+\.\d+\.\d+)"),
                                     ("nmap", ["--version"], r"version (\S+)"),
                                     ("testssl", ["--version"], r"testssl(?:\.sh)?\s+(\d\S+)\s+from")):
        if shutil.which(tool):
            said = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False).stdout
            match = re.search(pattern, re.sub(r"\x1b\[[0-9;]*m", "", said))
            found[tool] = match.group(1) if match else "?"
    return found


def sslscan(host: str, port: int, seconds: float = 30) -> dict | None:
    """None when it does not end."""
    try:
        out = subprocess.run(["sslscan", "--xml=-", "--no-colour", "--no-check-certificate", "--no-heartbleed",
                              "--no-groups", "--no-compression", "--no-renegotiation", "--no-fallback",
                              f"{host}:{port}"], capture_output=True, timeout=seconds, check=False).stdout
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, set] = {}
    root = xml.etree.ElementTree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", out))
    for protocol in root.iter("protocol"):
        if protocol.get("enabled") == "1":
            name = ("SSLv" if protocol.get("type") == "ssl" else "TLSv") + protocol.get("version")
            found.setdefault(name, set())
    for cipher in root.iter("cipher"):
        if cipher.get("status") in ("accepted", "preferred"):
            found.setdefault(SSLSCAN_NAMES[cipher.get("sslversion")], set()).add(int(cipher.get("id"), 16))
    return found


@functools.cache
def _numbers() -> dict:
    """IANA name to number, from the table that nmap itself reads its names from."""
    for folder in ("/usr/share/nmap", "/usr/local/share/nmap"):
        table = pathlib.Path(folder) / "nselib" / "tls.lua"
        if table.exists():
            rows = re.findall(r'\[?"?((?:TLS|SSL)_\w+)"?\]?\s*=\s*0x([0-9A-Fa-f]{4}),', table.read_text())
            return {name: int(number, 16) for name, number in rows}
    raise FileNotFoundError("nmap's tls.lua")


def nmap(host: str, ports: list, seconds: float = 300) -> dict:
    """Port to what nmap says of it, all ports in one run."""
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(["nmap", "-Pn", "-n", "--script", "ssl-enum-ciphers,sslv2", "--script-args",
                        "tls.servername=localhost", "-p", ",".join(map(str, ports)), "-oX", file.name, host],
                       capture_output=True, timeout=seconds, check=False)
        root = xml.etree.ElementTree.parse(file.name).getroot()
    # nmap runs the script on a port only if it thinks that TLS is spoken there; what it skips is not in the answer.
    answer: dict[int, dict] = {}
    for port in root.iter("port"):
        found: dict[str, set] = {}
        for script in port.iter("script"):
            if script.get("id") == "sslv2" and "SSLv2 supported" in script.get("output", ""):
                found.setdefault("SSLv2", set())
            if script.get("id") != "ssl-enum-ciphers":
                continue
            for version in script.findall("table"):
                if version.get("key") not in NMAP_NAMES:
                    continue
                suites = found.setdefault(NMAP_NAMES[version.get("key")], set())
                for name in version.findall("table[@key='ciphers']/table/elem[@key='name']"):
                    suites.add(_numbers()[name.text])
        answer[int(port.get("portid"))] = found
    return answer


def testssl(host: str, port: int, seconds: float = 400) -> dict:
    """Half a minute to two minutes of processor time a target, so only when asked for."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "out.json"
        subprocess.run(["testssl", "--quiet", "--warnings", "batch", "--color", "0", "--jsonfile", file, "-p", "-E",
                        "--ip", host, "--nodns", "none", f"{host}:{port}"], capture_output=True, timeout=seconds,
                       check=False, stdin=subprocess.DEVNULL)
        rows = json.loads(file.read_text())
    found: dict[str, set] = {}
    spelled = {"SSLv2": "SSLv2", "SSLv3": "SSLv3", "TLS1": "TLSv1.0", "TLS1_1": "TLSv1.1", "TLS1_2": "TLSv1.2",
               "TLS1_3": "TLSv1.3"}
    for row in rows:
        if row["id"] in spelled and row["finding"].startswith(("offered", "vulnerable")):
            found.setdefault(spelled[row["id"]], set())
        match = re.match(r"cipher-(\w+)_x(\w+)", row["id"])
        if match and not match.group(1).startswith("tls1_3_"):
            version = {"ssl2": "SSLv2", "ssl3": "SSLv3", "tls1": "TLSv1.0", "tls1_1": "TLSv1.1", "tls1_2": "TLSv1.2",
                       "tls1_3": "TLSv1.3"}.get(match.group(1).lower())
            if version:
                found.setdefault(version, set()).add(int(match.group(2), 16))
    return found
