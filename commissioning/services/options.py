"""Writing the options appraisal: "do nothing" beside the first option, scores, and the option that is preferred."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from casework.audit import audited, record
from casework.blockers import Blocker
from casework.lifecycle import exit_check
from casework.refusals import Refused, Stale
from commissioning.models import (
    AppraisalCriterion,
    AppraisalOption,
    Commission,
    Gate,
    OptionCost,
    OptionPreference,
    OptionScore,
)
from commissioning.services.values import locked_open, refuse
from organisation import clock
from organisation.formatting import counted
from organisation.models import Person

ACT = "activity.write"
STANDS = "its options stand"
DO_NOTHING = "Do nothing"
#: "Do nothing" and one more (framework 7, Plan question 3).
FEWEST_OPTIONS = 2


def add_do_nothing(option: AppraisalOption) -> None:
    """The first option brings "do nothing" with it. In the transaction that saved it."""
    rows = AppraisalOption.objects.filter(commission=option.commission, removed_at__isnull=True)
    if option.is_do_nothing or rows.filter(is_do_nothing=True).exists():
        return
    AppraisalOption.objects.create(
        commission=option.commission, name=DO_NOTHING, is_do_nothing=True, recorded_by=option.recorded_by
    )


def drop_what_hangs_on_option(option: AppraisalOption) -> None:
    """The costs and scores of an option go with it, and it is no longer preferred."""
    now = clock.now()
    OptionCost.objects.filter(option=option, removed_at__isnull=True).update(removed_at=now)
    OptionScore.objects.filter(option=option, removed_at__isnull=True).update(removed_at=now)
    OptionPreference.objects.filter(option=option, superseded_at__isnull=True).update(superseded_at=now)


def drop_what_hangs_on_criterion(criterion: AppraisalCriterion) -> None:
    """The scores on a criterion go with it."""
    OptionScore.objects.filter(criterion=criterion, removed_at__isnull=True).update(removed_at=clock.now())


def scores_version(option: AppraisalOption) -> int:
    """A number that grows with every save of an option's scores."""
    return sum(OptionScore.objects.filter(option=option).values_list("version", flat=True))


def save_scores(
    option: AppraisalOption,
    given: Mapping[int, tuple[int, str]],
    *,
    version: int,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> None:
    """Score an option on criteria, by their ids: the score from 0 to 5 and why.

    A criterion that is left out is no longer scored. Raises ``Stale`` when somebody else scored meanwhile.
    """
    verb = "options.scored"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(option.pk)):
        commission = locked_open(option.commission, by=by, act=ACT, verb=verb, stands=STANDS)
        if version != scores_version(option):
            raise Stale("Someone else scored this option after you opened it.", _as_scored(option, given))
        criteria = AppraisalCriterion.objects.filter(commission=commission, removed_at__isnull=True)
        known = {row.criterion_id: row for row in option.scores.filter(removed_at__isnull=True)}
        changes = {}
        for criterion in criteria:
            before, now = known.get(criterion.pk), given.get(criterion.pk)
            was = (before.score, before.reason) if before else None
            if was == now:
                continue
            changes[criterion.name] = [was[0] if was else None, now[0] if now else None]
            if now is None and before is not None:
                before.removed_at = clock.now()
                before.version += 1
                before.save(update_fields=["removed_at", "version"])
            elif now is not None and before is not None:
                before.score, before.reason = now
                before.version += 1
                before.recorded_by, before.recorded_at = by, clock.now()
                before.save()
            elif now is not None:
                OptionScore.objects.create(
                    commission=commission,
                    option=option,
                    criterion=criterion,
                    score=now[0],
                    reason=now[1],
                    recorded_by=by,
                )
        if changes:
            record(verb=verb, subject=commission, changes={"option": option.name, **changes})


def _as_scored(option: AppraisalOption, given: Mapping[int, tuple[int, str]]) -> dict[str, str]:
    rows = option.scores.filter(removed_at__isnull=True).select_related("criterion")
    return {
        row.criterion.name: f"{row.score}: {row.reason}"
        for row in rows
        if given.get(row.criterion_id) != (row.score, row.reason)
    }


def prefer(
    commission: Commission, *, option: AppraisalOption, because: str, by: Person, act_id: uuid.UUID | None = None
) -> OptionPreference:
    """Say which option is preferred, and why. An earlier preference is kept and superseded."""
    verb = "options.preferred"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act=ACT, verb=verb, stands=STANDS)
        if option.commission_id != commission.pk or option.removed_at is not None:
            gone = Refused("This option was taken away meanwhile. Choose one that stands.")
            refuse(gone, verb=verb, subject=commission, by=by)
        standing = commission.option_preferences.filter(superseded_at__isnull=True).select_related("option").first()
        if standing:
            OptionPreference.objects.filter(pk=standing.pk).update(superseded_at=clock.now())
        made = OptionPreference.objects.create(commission=commission, option=option, because=because, decided_by=by)
        record(
            verb=verb,
            subject=commission,
            reason=because,
            changes={"preferred": [standing.option.name if standing else "", option.name]},
        )
        return made


@exit_check(Gate, "submit")
def _options_are_weighed(gate: Gate) -> list[Blocker]:
    """An outline business case compares at least two options, of which "do nothing" is one."""
    if gate.number != 3:
        return []
    found = AppraisalOption.objects.filter(commission_id=gate.commission_id, removed_at__isnull=True).count()
    if found >= FEWEST_OPTIONS:
        return []
    words = f"Options: {counted(found, 'option') if found else 'none'} written down, and at least two are compared"
    return [Blocker("options", words, "commissioning:options", (gate.commission_id,))]
