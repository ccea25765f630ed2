"""Every panel of the dashboard, by the word in its address."""

from __future__ import annotations

from collections.abc import Callable

from reporting.presenters import stage_panels, work_panels
from reporting.presenters.board import Board, PanelView

PANELS: dict[str, Callable[[Board], PanelView]] = {
    "stages": stage_panels.value_by_stage,
    "gates": stage_panels.gates,
    "waiting": work_panels.waiting,
    "ending": stage_panels.ending,
    "people": work_panels.people,
    "areas": stage_panels.by_area,
    "requests": work_panels.service_level,
    "ways": stage_panels.ways,
    "early": work_panels.early,
    "late-asks": work_panels.late_asks,
}


def panels(board: Board) -> list[PanelView]:
    """All of them, in the order of the page."""
    return [make(board) for make in PANELS.values()]
