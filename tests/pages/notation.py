"""Reads a rule's page: what its fences say must be reported and must not. docs/rule-pages.md explains the notation."""

import dataclasses
import pathlib
import re

# What a fence can hold: servers, and files of each kind that tests/pages/files.py writes.
FENCES = ("endpoint", "flowlog", "capture", "trail")
HEADINGS = ("Reported", "Why it matters", "Not reported", "Mend", "References")
SEVERITIES = ("critical", "high", "medium", "low", "info")
_EXPECTATION = re.compile(r"([a-z0-9-]+)(?:/([a-z0-9-]+))?(?: \(([a-z]+)\))?")


class Complaint(Exception):
    """What is wrong with a page, with its line."""

    def __init__(self, line: int, text: str):
        super().__init__(text)
        self.line = line


@dataclasses.dataclass(frozen=True)
class Expectation:
    rule: str
    detector: str = ""  # empty: any
    severity: str = ""  # empty: any

    def met_by(self, finding: dict) -> bool:
        return (finding["rule"] == self.rule and self.detector in ("", finding["detector"])
                and self.severity in ("", finding["severity"]))

    def __str__(self) -> str:
        return (self.rule + (f"/{self.detector}" if self.detector else "")
                + (f" ({self.severity})" if self.severity else ""))


@dataclasses.dataclass
class Line:
    """One server or file. `beside` is set where it belongs to the line before: another port, another record of the file."""

    number: int
    words: list
    expected: list
    reported: bool  # from the section Reported
    beside: bool = False
    fence: str = "endpoint"


@dataclasses.dataclass
class Page:
    rule: str
    lines: list

    def rules(self) -> list:
        """All rules that the page speaks of, its own first."""
        named = {expected.rule for line in self.lines for expected in line.expected}
        return [self.rule, *sorted(named - {self.rule})]


def read(path: pathlib.Path) -> Page:
    """Raises Complaint for a page that proves nothing: no fence, a case without expectation, a heading that is missing."""
    text = path.read_text(encoding="utf-8").splitlines()
    page = Page(path.parent.name, [])
    headings, fence, begun = [], None, 0
    for number, line in enumerate(text, 1):
        if fence is not None:
            if line.strip() == "```":
                fence = None
            elif fence:
                page.lines += _read_line(number, line, headings[-1] == "Reported", page.lines, begun, fence)
        elif line.lstrip().startswith("```"):
            kind = line.strip()[3:].strip()
            cases = bool(headings) and headings[-1] in ("Reported", "Not reported")
            if cases and kind not in FENCES:
                raise Complaint(number, f"nothing runs a fence of the kind \"{kind}\" here; there is: "
                                        + ", ".join(FENCES))
            fence, begun = kind if cases else "", number
        elif line.startswith("## "):
            headings.append(line[3:].strip())
    if fence is not None:
        raise Complaint(begun, "the fence has no end")
    if tuple(headings) != HEADINGS:
        raise Complaint(1, f"the headings are {', '.join(headings)}; they must be {', '.join(HEADINGS)}")
    _check(page)
    return page


def _read_line(number: int, text: str, reported: bool, before: list, begun: int, fence: str) -> list:
    code, mark, comment = text.partition("#")
    words = code.split()
    if not words:
        if "expect:" in comment:
            raise Complaint(number, "an expectation without a case")
        return []
    beside = words[0] == "and"
    if beside:
        words = words[1:]
        if not words or not before or before[-1].number < begun:
            raise Complaint(number, "\"and\" stands before another port of the server in the line before it")
    return [Line(number, words, _read_expectations(number, comment.strip()) if mark else [], reported, beside, fence)]


def _read_expectations(number: int, comment: str) -> list:
    if not comment.startswith("expect:"):
        return []
    expected = []
    for part in comment.removeprefix("expect:").split(","):
        match = _EXPECTATION.fullmatch(part.strip())
        if not match or match[3] and match[3] not in SEVERITIES:
            raise Complaint(number, f"\"{part.strip()}\" is no expectation: RULE, RULE/DETECTOR or RULE (SEVERITY)")
        expected.append(Expectation(*(text or "" for text in match.groups())))
    return expected


def files(lines: list) -> list:
    """The files: each group is one target, a line for what is in it."""
    return _groups(line for line in lines if line.fence != "endpoint")


def hosts(lines: list) -> list:
    """The servers grouped by host: each group is one target and the ports beside it."""
    return _groups(line for line in lines if line.fence == "endpoint")


def _groups(lines) -> list:
    groups = []
    for line in lines:
        if line.beside:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _check(page: Page) -> None:
    for reported, heading in ((True, "Reported"), (False, "Not reported")):
        if not any(line.reported is reported for line in page.lines):
            raise Complaint(1, f"the section {heading} has no case: a fence such as \"```endpoint\" with a server in it")
    for group in [*hosts(page.lines), *files(page.lines)]:
        own = [expected for line in group for expected in line.expected if expected.rule == page.rule]
        if group[0].reported and not own:
            raise Complaint(group[0].number, f"a case under Reported expects nothing of this rule: # expect: {page.rule}")
        if not group[0].reported and own:
            raise Complaint(group[0].number, "a case under Not reported cannot expect this rule")
