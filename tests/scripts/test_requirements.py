from pathlib import Path

import pytest

from scripts import requirements

pytest_plugins = ["pytester"]


def test_table_holds_every_row_once() -> None:
    rows = requirements.requirements()

    assert len(rows) == 645
    assert {row.group for row in rows.values()} == set(range(1, 30))
    assert all(row.statement and row.group_name for row in rows.values())


def test_marks_are_found_on_functions_classes_and_parameters(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "pytestmark = pytest.mark.requirement('N-001')\n"
        "@pytest.mark.requirement('N-002', 'N-003')\n"
        "def test_one(): ...\n"
        "ROWS = [pytest.param(1, marks=pytest.mark.requirement('G-001'))]\n",
        encoding="utf-8",
    )

    assert set(requirements.marks(tmp_path)) == {"N-001", "N-002", "N-003", "G-001"}


def test_unknown_id_is_refused_by_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(requirements, "marks", lambda: {"N-999": ["tests/test_it.py:1"]})
    monkeypatch.setattr("sys.argv", ["requirements"])

    assert requirements.main() == 2
    assert "N-999" in capsys.readouterr().err


def test_coverage_is_printed_by_group(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(requirements, "marks", lambda: {"N-001": ["tests/test_it.py:1"]})
    monkeypatch.setattr("sys.argv", ["requirements"])

    assert requirements.main() == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["1.", "Intake", "&", "workplan", "1", "of", "47"]
    assert lines[-1].split() == ["Total", "1", "of", "645", "(0%)"]


def test_unknown_id_is_refused_at_collection(pytester: pytest.Pytester) -> None:
    """The suite's own hook, over one item that claims a row nobody asked for."""
    item = pytester.getitem("import pytest\n@pytest.mark.requirement('N-999')\ndef test_it(): ...\n", "test_it")
    from tests.conftest import pytest_collection_modifyitems  # the hook under test

    with pytest.raises(pytest.UsageError, match="N-999"):
        pytest_collection_modifyitems([item])
