"""axe over a page, with every exception in one place.

assert faults_of(page) == []
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import axe_playwright_python
from django.db import connection

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Excused(NamedTuple):
    """A fault axe finds in markup that is not ours, and that we leave as it came."""

    rule: str
    selector: str  # a part of the selector axe reports
    reason: str


EXCEPTIONS = [
    Excused(
        "aria-allowed-attr",
        "govuk-radios__input",
        "govuk-frontend sets aria-expanded on radios that open a question (its issue 979)",
    ),
]


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def faults_of(page: Any) -> list[str]:
    """Return a line for every fault axe finds on the page that is not an exception above.

    axe reads pages, not databases: what it finds on SQLite it would find on PostgreSQL, where it is not asked again.
    """
    if connection.vendor != "sqlite":
        return []
    page.wait_for_load_state()  # a press returns when the next page has begun, not when it is all there
    # page.evaluate works past the content security policy; a script element would be refused by it.
    page.evaluate(_axe())
    asked = json.dumps({"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    # Only the faults leave the browser: what axe passed is many times as much.
    found = page.evaluate(f"axe.run(document, {asked}).then(result => result.violations)")
    faults = []
    for violation in found:
        for node in violation["nodes"]:
            selector = " ".join(str(part) for part in node["target"])
            if not any(e.rule == violation["id"] and e.selector in selector + node["html"] for e in EXCEPTIONS):
                faults.append(f"{violation['id']}: {selector}: {violation['help']}")
    return faults
