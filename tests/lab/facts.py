"""Reads the program's `--facts`: the one place that knows how the inventory is spelled."""


def listeners(result: dict) -> list:
    return result["facts"]["listeners"]


def asked(result: dict) -> dict:
    """The listener on the port that was asked for."""
    return next(listener for listener in listeners(result) if not listener.get("sibling"))


def protocols(result: dict) -> dict:
    """{protocol: suite numbers} of what the asked port accepts."""
    found = {}
    for support in asked(result).get("protocols", []):
        accepted = support["accepted"]
        if (accepted["value"] if isinstance(accepted, dict) else accepted) is True:
            found[support["version"]] = {suite["code"] for suite in support["suites"]}
    return found
