"""The drawn lifecycles are those of the code."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

DRAWN = Path(__file__).resolve().parent.parent / "docs" / "lifecycles.md"


def test_drawn_lifecycles_are_those_of_the_code() -> None:
    said = StringIO()

    call_command("lifecycles", stdout=said)

    assert DRAWN.read_text(encoding="utf-8") == said.getvalue(), "bin/manage lifecycles > docs/lifecycles.md"
