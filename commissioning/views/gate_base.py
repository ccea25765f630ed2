"""What the pages of one gate share: the gate within its commission, and its verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door, lifecycle
from commissioning import gate_words
from commissioning.dossier import Dossier
from commissioning.models import Commission, Gate
from commissioning.selectors import dossiers, gate_rounds
from commissioning.selectors.gate_comments import with_talk
from commissioning.views.base import CommissionMixin
from organisation.permissions import may


class GateMixin(CommissionMixin):
    """A page of one gate of a commission."""

    kwargs: dict[str, Any]
    asking: Callable[[], dict[str, Any]]
    or_404: Callable[[Any], Any]
    is_own_page: ClassVar[bool] = False
    reads_talk: ClassVar[bool] = False

    def load(self) -> Commission:
        """The commission with every single fact its guards read, in one statement."""
        if self.kwargs["number"] not in gate_words.WORDS:
            raise Http404("No gate of this number is kept here")
        found: Commission = self.or_404(dossiers.seen_with_standing.first(related=self.related, **self.asking()))
        return found

    @property
    def number(self) -> int:
        """Which gate."""
        return int(self.kwargs["number"])

    @cached_property
    def dossier(self) -> Dossier:
        """What the guards of the commission read; gates look at no activity."""
        return dossiers.load_without_activities(self.subject)

    @cached_property
    def gate(self) -> Gate | None:
        """The gate, once its paper was begun or it was waived."""
        rows = Gate.objects.filter(commission=self.subject, number=self.number).select_related("paper__template")
        found = (with_talk(rows) if self.reads_talk else rows).first()
        if found is not None:
            found.commission = self.subject
        return found

    def gate_or_404(self) -> Gate:
        """The gate, for pages that make no sense before it is begun."""
        if self.gate is None:
            raise Http404("This gate is not begun")
        return self.gate

    def gate_url(self, name: str = "gate") -> str:
        """One of the pages of this gate."""
        return reverse(f"commissioning:{name}", args=[self.subject.pk, self.number])

    def back_url(self) -> str:
        """Cancel and success lead to the gate."""
        return self.gate_url()

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission, through the gate."""
        case = self.subject.case_file
        way = [(case.reference, case.path), (f"Gate {self.number}", self.gate_url())]
        title = getattr(self, "page_title", "")
        return [way[0], (f"Gate {self.number}", "")] if self.is_own_page or not title else [*way, (title, "")]

    def open_verb(self, name: str) -> str:
        """The address of a verb that would be carried out if it were asked for now; empty otherwise."""
        gate = self.gate
        if gate is None or not gate.can_go(name):
            return ""
        rules = door.rules_of(Gate, name)
        found = gate_rounds.load(gate)
        found.__dict__["commission"] = self.dossier
        if not may(self.person, rules.act, gate) or lifecycle.blockers_of(gate, rules, found, {}):
            return ""
        return reverse("commissioning:gate_verb", args=[gate.pk, name])
