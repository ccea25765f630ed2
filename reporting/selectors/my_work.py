"""My work: what to decide, what to do, what to watch, and what is news. Seven statements, whatever the rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from casework.models import WorkItem
from casework.states import ASKS_WORDS, Answer, ItemState
from commissioning.states import CommissionState
from contracts.states import ContractState
from organisation.formatting import counted, day, in_days, in_sentence, moment, money, sentence_start, short_day
from organisation.models import Person
from organisation.standing import covered_by
from reporting.selectors import things
from reporting.selectors.news import changes_for, notices_for, queues_for
from reporting.selectors.thing_columns import Thing
from reporting.selectors.things import MOST_THINGS
from reporting.selectors.watch import MOST_WATCHED, Watched, watched_by
from reporting.selectors.work_rows import Days, DraftRow, MyWork, WatchRow, WorkRow

MOST_QUOTED = 160
WATCH_SHOWN = 10

# What asks for a word of this person's, rather than for work.
_DECIDED = frozenset(["acknowledge", "be_informed", "advise", "approve"])
_ADVISED = frozenset(["advise", "approve"])
ANSWER_TONES = {
    Answer.AGREED: "green",
    Answer.AGREED_WITH_CONDITIONS: "amber",
    Answer.CANNOT_AGREE: "red",
}


def my_work(person: Person) -> MyWork:
    """Read everything, then sort it into the page's lists."""
    covered = covered_by(person)
    found = things.things_of(person, covered)
    is_cut, found = len(found) > MOST_THINGS, found[:MOST_THINGS]
    by_kind: dict[str, list[Thing]] = {}
    for thing in found:
        by_kind.setdefault(thing.kind, []).append(thing)
    watched = watched_by(person)
    is_watch_cut, watched = len(watched) > MOST_WATCHED, watched[:MOST_WATCHED]
    days = Days()
    advice = _advice_on({thing.case_id for thing in found if _is_weighed(thing) and thing.case_id is not None})
    away = {absent.pk: absent.name for absent in covered}
    decide = [row for thing in found if (row := _decision(thing, days, advice)) is not None]
    do = [row for thing in found if (row := _job(thing, days, person.name)) is not None]
    do += [_draft_commission(row, days) for row in watched if row.state == CommissionState.DRAFT]
    decide, do = _by_urgency(decide), _by_urgency(do)
    managed = by_kind.get(things.CONTRACT, [])
    running = [row for row in watched if row.state != CommissionState.DRAFT]
    watch = [_watched(row, days) for row in running] + [_managed(thing, days) for thing in managed]
    visit = next(iter(by_kind.get(things.VISIT, [])), None)
    cases = {row.case_id for row in watched} | {thing.case_id for thing in managed if thing.case_id is not None}
    since, changes = changes_for(person, cases, visit)
    needs, late = decide + do, sum(row.is_overdue for row in decide + do)
    absence = by_kind.get(things.COVER, [])
    return MyWork(
        headline=_headline(len(needs), is_cut, list(away.values())),
        overdue=_overdue(late, len(needs)),
        away=f"You are away from {day(absence[0].other_day)} to {day(absence[0].due)}." if absence else "",
        away_words=f"{absence[0].who} decides for you, except where they sent it themselves." if absence else "",
        decide=decide,
        do=do,
        watch=watch[:WATCH_SHOWN],
        is_watch_cut=is_watch_cut or len(watch) > WATCH_SHOWN,
        drafts=[_draft(thing) for thing in by_kind.get(things.PAPER, []) if not _returned(thing)],
        since=since,
        changes=changes,
        notices=notices_for(person),
        queues=queues_for(person),
        visit=visit,
    )


def _headline(count: int, is_cut: bool, covering: Collection[str]) -> str:
    if is_cut:
        said = f"More than {count} things need you."
    elif not count:
        said = "Nothing needs you now."
    else:
        said = f"{counted(count, 'thing')} {'needs' if count == 1 else 'need'} you."
    return f"{said} You also decide for {' and '.join(covering)}." if covering else said


def _overdue(late: int, of: int) -> str:
    if not late:
        return ""
    if late == of == 1:
        return "It is overdue."
    return f"{late} {'is' if late == 1 else 'are'} overdue."


def _by_urgency(rows: list[WorkRow]) -> list[WorkRow]:
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or date.max))


def _about(thing: Thing, *more: str) -> list[str]:
    value = f"{money(thing.value)} excluding VAT" if thing.value is not None else ""
    return [words for words in (thing.reference, value, *more) if words]


def _from(thing: Thing) -> str:
    if not thing.who:
        return ""
    return f"From {thing.who}, {thing.team}" if thing.team else f"From {thing.who}"


def _tags(thing: Thing) -> list[tuple[str, str]]:
    return [("High risk", "red")] if thing.is_high_risk else []


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= MOST_QUOTED else f"{words[:MOST_QUOTED].rsplit(' ', 1)[0]} …"


# --- Decide -----------------------------------------------------------------------------------------------------------


def _is_weighed(thing: Thing) -> bool:
    return thing.kind == things.SIGN_OFF or (thing.kind == things.ITEM and thing.asks in _ADVISED)


def _decision(thing: Thing, days: Days, advice: dict[int, list[tuple[str, str, str]]]) -> WorkRow | None:
    """A row of Decide, or nothing for what is not decided."""
    if thing.kind == things.ITEM and thing.asks in _DECIDED:
        asks = ASKS_WORDS.get(thing.asks, "Answer")
        # A task says itself what is decided ("Decide gate 3"); a queue's item says what kind of answer it wants.
        is_task = not thing.state
        return WorkRow(
            title=f"{thing.title if is_task else asks}: {thing.case_title}",
            url=thing.path or reverse("casework:item", args=[thing.pk]),
            meta=_about(thing, "" if is_task else thing.title, _from(thing)),
            tags=_tags(thing),
            advice=advice.get(thing.case_id or 0, []) if _is_weighed(thing) else [],
            **days.due(thing.due),
        )
    if thing.kind == things.SIGN_OFF:
        return WorkRow(
            title=f"Sign off the specification: {thing.case_title}",
            url=_commission_page(thing, "specification"),
            meta=_about(thing, _from(thing), f"Sent {day(thing.at)}" if thing.at else ""),
            tags=_tags(thing),
            advice=advice.get(thing.case_id or 0, []),
        )
    if thing.kind == things.CONFIRM:
        return WorkRow(
            title=f"Confirm “no change”: {thing.case_title}",
            url=_commission_page(thing, "delivery"),
            meta=_about(thing, _from(thing)),
            tags=_tags(thing),
            quote=_short(thing.words),
        )
    return None


def _commission_page(thing: Thing, name: str) -> str:
    """A page under the commission's own address, which its file knows."""
    return f"{thing.path}{name}/"


def _advice_on(cases: Iterable[int]) -> dict[int, list[tuple[str, str, str]]]:
    """What each function has said of these cases, as one word each. One statement, none for no case."""
    wanted = list(cases)
    if not wanted:
        return {}
    rows = WorkItem.objects.filter(
        case_file__in=wanted, queue__isnull=False, asks__in=_ADVISED, state=ItemState.ANSWERED
    ).order_by("settled_at", "pk")
    found: dict[int, dict[str, tuple[str, str, str]]] = {}
    for case_id, queue, answer in rows.values_list("case_file_id", "queue__name", "answer")[: len(wanted) * 8]:
        word = str(Answer(answer).label) if answer in Answer.values else answer
        found.setdefault(case_id, {})[queue] = (queue, word, ANSWER_TONES.get(answer, "grey"))
    return {case_id: list(said.values()) for case_id, said in found.items()}


# --- Do ---------------------------------------------------------------------------------------------------------------


def _job(thing: Thing, days: Days, name: str) -> WorkRow | None:
    """A row of Do for somebody of this name, or nothing for what is not a job."""
    if thing.kind == things.ITEM and thing.asks not in _DECIDED:
        title = f"{ASKS_WORDS[thing.asks]}: {thing.case_title}" if thing.asks in ASKS_WORDS else thing.title
        return WorkRow(
            title=title,
            url=thing.path or reverse("casework:item", args=[thing.pk]),
            meta=_about(thing, _from(thing)),
            tags=_tags(thing),
            **days.due(thing.due),
        )
    if thing.kind == things.QUESTION:
        return WorkRow(
            title=f"Reply to {thing.state or 'a question'}: {thing.case_title}",
            url=thing.path or reverse("casework:item", args=[thing.pk]),
            meta=_about(thing, f"Asked by {thing.who}, {day(thing.at)}:" if thing.who and thing.at else ""),
            tags=_tags(thing),
            quote=_short(thing.words),
            **days.due(thing.due),
        )
    if thing.kind == things.PAPER and (returned := _returned(thing)):
        return WorkRow(
            title=f"Change and send again: {_paper_name(thing)}",
            url=reverse("documents:paper", args=[thing.pk]),
            meta=[thing.reference, thing.case_title, f"Returned by {returned.get('by', 'Gatehouse')}:"],
            quote=_short(str(returned.get("words", ""))),
        )
    if thing.kind == things.DECLINED:
        return WorkRow(
            title=f"Revise or withdraw the request: {thing.case_title}",
            url=thing.path,
            meta=_about(thing, f"Declined by {thing.who}, {day(thing.at)}:" if thing.who and thing.at else ""),
            tags=_tags(thing),
            quote=_short(thing.words),
        )
    if thing.kind == things.DATE:
        return WorkRow(
            title=f"{thing.title}: {thing.case_title}",
            url=thing.path,
            meta=_about(thing),
            tags=_tags(thing),
            **days.due(thing.due),
        )
    if thing.kind == things.ACTIVITY:
        return WorkRow(
            title=f"{thing.title}: {thing.case_title}",
            url=reverse("commissioning:activity", args=[thing.pk]),
            meta=_about(thing, f"For {thing.who}" if thing.who and thing.who != name else ""),
            tags=_tags(thing),
            **days.due(thing.due),
        )
    if thing.kind == things.TASK:
        return WorkRow(
            title=f"{thing.title}: {thing.case_title}",
            url=reverse("contracts:mobilisation", args=[thing.case_id]),
            meta=_about(thing),
            tags=_tags(thing),
            **days.due(thing.due),
        )
    return None


def _draft_commission(row: Watched, days: Days) -> WorkRow:
    left = f"{counted(row.missing, 'thing')} left before it can start" if row.missing else "Ready to start"
    value = f"{money(row.value)} excluding VAT" if row.value is not None else "Value not recorded"
    due = days.due(row.needed_by)
    if due and not due["is_overdue"]:
        due["due_words"] = f"Needed {in_sentence(due['due_words'])}"
    return WorkRow(
        title=f"Finish and start: {row.title}",
        url=row.path,
        meta=[row.reference, value, left],
        tags=[("Draft", "grey"), *([("High risk", "red")] if row.is_high_risk else [])],
        **due,
    )


def _returned(thing: Thing) -> dict[str, Any]:
    """Who sent a paper back and in which words; empty for one that was never sent."""
    try:
        found = json.loads(thing.words or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _paper_name(thing: Thing) -> str:
    return f"{thing.title}: {thing.who}" if thing.who else thing.title


def _draft(thing: Thing) -> DraftRow:
    return DraftRow(
        title=f"{_paper_name(thing)}, {thing.case_title}",
        url=reverse("documents:paper", args=[thing.pk]),
        note=f"{thing.reference}. Saved {moment(thing.at)}" if thing.at else thing.reference,
    )


# --- Watch ------------------------------------------------------------------------------------------------------------


def _watched(row: Watched, days: Days) -> WatchRow:
    return WatchRow(
        title=row.title,
        url=row.path,
        reference=row.reference,
        value=money(row.value),
        what_next=row.what_next,
        note=row.note,
        is_high_risk=row.is_high_risk,
        **_watch_day(row.needed_by, days),
    )


_NEXT_OF_CONTRACT = {
    ContractState.DRAFTED: "Award",
    ContractState.AWARDED: "Both sides sign",
    ContractState.SIGNED: "Mobilisation",
    ContractState.MOBILISING: "Go live",
    ContractState.ENDING: "It ends",
}


def _managed(thing: Thing, days: Days) -> WatchRow:
    is_review = thing.state == ContractState.LIVE and thing.due is not None and thing.due == thing.other_day
    live = "Review" if is_review else "It ends"
    return WatchRow(
        title=thing.title,
        url=thing.path,
        reference=thing.reference,
        value=money(thing.value),
        what_next=_NEXT_OF_CONTRACT.get(ContractState(thing.state), live),
        note=f"{ContractState(thing.state).label}. {thing.who}",
        is_high_risk=thing.is_high_risk,
        **_watch_day(thing.due, days),
    )


def _watch_day(on: date | None, days: Days) -> dict[str, str]:
    if on is None:
        return {"day": "No date", "day_words": "", "tone": "calm"}
    words = sentence_start(in_days(on, days.today, days.holidays))
    return {"day": short_day(on), "day_words": words, "tone": days.tone(on)}
