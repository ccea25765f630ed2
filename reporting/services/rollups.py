"""Folding what changed into the roll-ups, and proving them against the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import astuple
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from casework.models import AuditEvent, CaseFile, ChainHead
from organisation import clock
from organisation.models import Organisation
from reporting.counting import Counts
from reporting.models import Fact, Fold, RollUp
from reporting.selectors.facts import facts_under

AT_ONCE = 400
_FACT = (
    "organisation_id",
    "service_area_id",
    "category",
    "root_case_id",
    "record_id",
    "cube",
    "key",
    "amount",
    "month",
    "until",
)
_PLACE = ("organisation_id", "service_area_id", "category", "cube", "key", "month")

Sums = dict[tuple[Any, ...], tuple[int, Decimal]]


def fold_all() -> int:
    """Fold every organisation; says how many roots were counted anew."""
    return sum(fold(organisation) for organisation in Organisation.objects.order_by("pk"))


def fold(organisation: Organisation) -> int:
    """Count anew whatever the organisation's trail names since the last fold, and what the day has made old.

    Safe to run twice and beside itself: the fold's row is locked, and a root is counted as it is, not by differences.
    """
    Fold.objects.get_or_create(organisation=organisation)
    with transaction.atomic():
        done = Fold.objects.select_for_update().get(organisation=organisation)
        chain = chain_of(organisation.pk)
        upto = ChainHead.objects.filter(chain=chain).values_list("number", flat=True).first() or 0
        named = AuditEvent.objects.filter(chain=chain, number__gt=done.number, number__lte=upto)
        cases = named.exclude(root_case_id=None).values_list("root_case_id", flat=True).distinct()
        roots = {root for root in cases if root is not None}
        old = Fact.objects.filter(organisation=organisation, until__lte=clock.today())
        roots |= set(old.values_list("root_case_id", flat=True).distinct())
        for some in _in_parts(sorted(roots)):
            _count_anew(some)
        done.number, done.folded_at = upto, clock.now()
        done.save()
    return len(roots)


def chain_of(organisation_id: int) -> str:
    """The name of an organisation's chain in the trail."""
    return f"organisation:{organisation_id}"


def check(organisation: Organisation) -> int:
    """Count everything anew and mend what differs; says how many facts or sums were wrong.

    Folds first, so that what merely waited is no fault. In parts, each in its own transaction, so nothing waits long.
    """
    fold(organisation)
    wrong = 0
    after = 0
    files = CaseFile.objects.filter(organisation=organisation, root=None).order_by("pk")
    while some := list(files.filter(pk__gt=after).values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            Fold.objects.select_for_update().get(organisation=organisation)
            wrong += _count_anew(some)
        after = some[-1]
    with transaction.atomic():
        Fold.objects.select_for_update().get(organisation=organisation)
        wrong += _mend_sums(organisation)
    return wrong


def _count_anew(roots: Collection[int]) -> int:
    """Make the facts under some roots what they are now, and the sums with them; says how many facts differed."""
    rows = Fact.objects.filter(root_case_id__in=roots)
    before = {tuple(row[1:]): row[0] for row in rows.values_list("pk", *_FACT)}
    after = {astuple(counts): counts for counts in facts_under(roots)}
    gone = [key for key in before if key not in after]
    new = [counts for key, counts in after.items() if key not in before]
    if not gone and not new:
        return 0
    Fact.objects.filter(pk__in=[before[key] for key in gone]).delete()
    Fact.objects.bulk_create([Fact(**dict(zip(_FACT, astuple(counts), strict=True))) for counts in new], 500)
    changes: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for sign, facts in ((-1, [Counts(*key) for key in gone]), (1, new)):
        for fact in facts:
            change = changes[tuple(getattr(fact, name) for name in _PLACE)]
            change[0] += sign
            change[1] += sign * fact.amount
    _add({place: (count, amount) for place, (count, amount) in changes.items()})
    return len(gone) + len(new)


def _add(changes: Sums) -> None:
    """Bring the sums of some places up to date; only whoever holds the fold's row does this."""
    standing = RollUp.objects.filter(
        organisation__in={place[0] for place in changes}, key__in={place[4] for place in changes}
    )
    sums, old = dict(changes), []
    for pk, count, amount, *place in standing.values_list("pk", "count", "amount", *_PLACE):
        if (here := tuple(place)) in changes:
            sums[here] = (sums[here][0] + count, sums[here][1] + amount)
            old.append(pk)
    RollUp.objects.filter(pk__in=old).delete()
    _write(sums)


def _write(sums: Sums) -> None:
    rows = [
        RollUp(**dict(zip(_PLACE, place, strict=True)), count=count, amount=amount)
        for place, (count, amount) in sums.items()
        if count or amount
    ]
    RollUp.objects.bulk_create(rows, 500)


def _mend_sums(organisation: Organisation) -> int:
    """Compare the roll-ups with the sums of the facts, and write them anew if any differs."""
    facts = Fact.objects.filter(organisation=organisation).values(*_PLACE).order_by()
    rollups = RollUp.objects.filter(organisation=organisation).values(*_PLACE).order_by()
    meant = _sums(facts.annotate(sum_of=Count("pk"), worth=Sum("amount")))
    held = _sums(rollups.annotate(sum_of=Coalesce(Sum("count"), 0), worth=Sum("amount")))
    wrong = sum(1 for place in {*meant, *held} if meant.get(place) != held.get(place))
    if wrong:
        RollUp.objects.filter(organisation=organisation).delete()
        _write(meant)
    return wrong


def _sums(rows: Iterable[dict[str, Any]]) -> Sums:
    return {tuple(row[name] for name in _PLACE): (row["sum_of"], Decimal(row["worth"])) for row in rows}


def _in_parts(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE))
