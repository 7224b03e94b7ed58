"""Takes out of a result what differs from run to run (times, ports, new keys), so that the rest can be compared."""

import re

# Keys whose values are of this run: replaced where they stand, so that their presence is still compared.
_OF_THE_RUN = {"fingerprint", "sha256", "pin", "serial", "startedAt", "observedAt", "durationMs", "milliseconds",
               "notBefore", "notAfter", "thisUpdate", "nextUpdate", "bytes", "connections", "samples", "rules",
               "publicKeySha256", "spkiSha256", "certificateSha256", "daysLeft"}

_PATTERNS = (
    (re.compile(r"\b[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){19,31}\b"), "<digest>"),
    (re.compile(r"\b[0-9a-fA-F]{40,64}\b"), "<digest>"),
    (re.compile(r"[A-Za-z0-9+/]{43}="), "<pin>"),
    (re.compile(r"\b20\d\d-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?Z?)?"), "<time>"),
    (re.compile(r"\b\d+ (day|hour|minute|second)s?\b"), r"<number> \1s"),
    (re.compile(r"\b(nginx|lighttpd|ScyllaDB)/\d[\w.]*"), r"\1/<version>"),
    (re.compile(r"\b[0-9A-Z]{52}\b"), "<request>"),
)


def normal(value, target: str, port: int):
    """The value with all that is of the run replaced; `target` and `port` are where the server was this time."""
    if isinstance(value, dict):
        return {key: "<of the run>" if key in _OF_THE_RUN and inner not in (None, "") else normal(inner, target, port)
                for key, inner in value.items()}
    if isinstance(value, list):
        return [normal(inner, target, port) for inner in value]
    if isinstance(value, str):
        value = value.replace(target, "<target>")
        for pattern, replacement in _PATTERNS:
            value = pattern.sub(replacement, value)
        return value
    if value == port and not isinstance(value, bool):
        return "<port>"
    return value
