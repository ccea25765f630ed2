"""Which rows of docs/requirements.csv the tests demonstrate, by capability group.

A test names its rows with @pytest.mark.requirement("N-101"). The marks are read from the source, so nothing runs.
Unknown ids end the command with exit code 2.

    bin/requirements                 a line for each group
    bin/requirements --group 6       the rows of one group and the tests of each
    bin/requirements --missing       the rows no test demonstrates
"""

import argparse
import ast
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "requirements.csv"


@dataclass(frozen=True)
class Requirement:
    """One thing the product must do."""

    id: str
    group: int
    group_name: str
    statement: str


@cache
def requirements() -> dict[str, Requirement]:
    """Return every requirement by its id, in the table's order."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = [
            Requirement(row["id"], int(row["group"]), row["group_name"], row["statement"])
            for row in csv.DictReader(table)
        ]
    found = {row.id: row for row in rows}
    if len(found) != len(rows):
        raise ValueError("docs/requirements.csv holds an id twice.")
    return found


def unknown(ids: Iterable[object]) -> list[str]:
    """Return those of `ids` that the table does not hold."""
    return [str(id_) for id_ in ids if id_ not in requirements()]


def _marks_in(tree: ast.AST, place: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "requirement"
            and isinstance(node.func.value, ast.Attribute)
            and node.func.value.attr == "mark"
        ):
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value), f"{place}:{node.lineno}"
                else:
                    yield f"(not a plain text: {ast.unparse(argument)})", f"{place}:{node.lineno}"


def marks(folder: Path = ROOT / "tests") -> dict[str, list[str]]:
    """Return where each id is marked in the tests under `folder`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        place = str(path.relative_to(folder.parent))
        for id_, where in _marks_in(ast.parse(path.read_text(encoding="utf-8")), place):
            found[id_].append(where)
    return dict(found)


def print_groups(marked: dict[str, list[str]]) -> None:
    """Print a line for each group: how many rows, how many demonstrated."""
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for row in requirements().values():
        groups[row.group, row.group_name].append(row.id)
    for (number, name), ids in groups.items():
        print(f"{number:>3}. {name:<40} {sum(id_ in marked for id_ in ids):>4} of {len(ids):>3}")
    total = len(requirements())
    done = sum(id_ in marked for id_ in requirements())
    print(f"     {'Total':<40} {done:>4} of {total:>3}  ({done / total:.0%})")


def main() -> int:
    """Print what was asked for; return 2 when a test names a row that does not exist."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--group", type=int, help="show the rows of this capability group and their tests")
    parser.add_argument("--missing", action="store_true", help="list the rows no test demonstrates")
    parser.add_argument("--quiet", action="store_true", help="only check the ids")
    asked = parser.parse_args()
    marked = marks()
    if strangers := unknown(marked):
        for id_ in strangers:
            print(f"Unknown requirement {id_} in {', '.join(marked[id_])}", file=sys.stderr)
        return 2
    if asked.group or asked.missing:
        for row in requirements().values():
            if (asked.group in (None, row.group)) and not (asked.missing and row.id in marked):
                print(f"{row.id}  {row.statement}")
                for where in marked.get(row.id, []):
                    print(f"       {where}")
    elif not asked.quiet:
        print_groups(marked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
