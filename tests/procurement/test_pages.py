"""The pages of an exercise: what they show to whom, at a constant cost."""

import re
from datetime import date

import pytest

from casework import door
from casework.models import Wall
from organisation import clock
from organisation.roles import Role
from tests.factories import organisation as people
from tests.factories import procurement as make
from tests.procurement.filling import words_of

PAGES = ["", "suppliers/add/", "suppliers/add/?q=supplier", "quotes/add/", "decision/", "do/award/", "do/abandon/"]


def buttons_of(page) -> list[str]:
    head = words_of(page).split('<div class="gh-identity">')[1].split('<div class="gh-columns">')[0]
    menu = re.findall(r'<li><a href="[^"]+">([^<]+)</a></li>', head)
    primary = re.findall(r'role="button"[^>]*>([^<]+)</a>', head)
    return primary + menu


@pytest.mark.parametrize("state", ["planned", "open", "decided", "awarded", "abandoned"])
def test_page_in_every_state_costs_the_same_for_one_price_and_for_many(where, client, queries_of, state) -> None:
    def made(suppliers: int):
        commission = make.commission(where)
        if state == "planned":
            exercise = make.exercise(where, commission)
            for _ in range(suppliers):
                make.asked(exercise)
            return exercise
        exercise = make.open_for_prices(where, commission, suppliers=suppliers)
        quotes = [make.quote(exercise, 17000 + n, supplier=row.supplier) for n, row in enumerate(exercise.asked.all())]
        make.authority(commission)
        if state == "open":
            return exercise
        if state == "abandoned":
            return door.carry_out(exercise, "abandon", by=where.priya, note="No").subject
        make.write(exercise, where, chosen=quotes[0])
        exercise = door.carry_out(exercise, "decide", by=where.priya).subject
        return exercise if state == "decided" else door.carry_out(exercise, "award", by=where.priya).subject

    client.force_login(where.priya)
    one, many = made(1), made(12)
    client.get(one.get_absolute_url())

    few = queries_of(lambda: client.get(one.get_absolute_url()))
    lots = queries_of(lambda: client.get(many.get_absolute_url()))

    assert len(few) == len(lots), (few, lots)
    assert len(lots) <= 8, lots


def test_forms_stay_within_the_budget(where, client, queries_of) -> None:
    exercise = make.open_for_prices(where, suppliers=3)
    client.force_login(where.priya)
    for page in PAGES[1:]:
        client.get(exercise.get_absolute_url() + page)

    for page in PAGES[1:]:
        found = queries_of(lambda page=page: client.get(exercise.get_absolute_url() + page))
        assert len(found) <= 8, (page, found)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_outsider_finds_nothing(where, client, page, method) -> None:
    exercise = make.decided(where)
    client.force_login(people.person(Role.COMMISSIONER))

    assert getattr(client, method)(exercise.get_absolute_url() + page).status_code in (404, 405)
    assert client.get(exercise.get_absolute_url() + page).status_code == 404


def test_person_walled_off_finds_nothing(where, client) -> None:
    exercise = make.decided(where)
    Wall.objects.create(
        case_file=exercise.commission.case_file, person=where.tom, reason="Interest", raised_at=clock.now()
    )
    client.force_login(where.tom)

    assert client.get(exercise.get_absolute_url()).status_code == 404


def test_commissioner_is_offered_what_will_work(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)

    page = client.get(exercise.get_absolute_url())

    assert buttons_of(page) == [
        "Add a supplier to ask",
        "Record an answer",
        "Write the decision",
        "Abandon this exercise",
    ]
    assert "Next: record the decision" in words_of(page)
    assert "Chosen price" in words_of(page)


def test_colleague_reads_everything_and_is_offered_nothing(where, client) -> None:
    exercise = make.decided(where)
    client.force_login(where.sam)

    page = client.get(exercise.get_absolute_url())

    assert buttons_of(page) == []
    assert "Somebody else carries this step out." in words_of(page)
    assert "£18,000" in words_of(page)


def test_page_says_who_was_asked_what_they_said_and_why_it_was_chosen(where, client) -> None:
    clock.move_to(date(2026, 3, 2))
    commission = make.commission(where)
    exercise = make.open_for_prices(where, commission, suppliers=2)
    first, second = (row.supplier for row in exercise.asked.order_by("pk"))
    chosen = make.quote(exercise, "17950.50", supplier=first)
    make.quote(exercise, declined=True, supplier=second, note="Too <b>busy</b>")
    make.write(exercise, where, chosen=chosen, value_for_money="Certificates last three years.")
    make.authority(commission, limit_ex_vat=20000)
    client.force_login(where.sam)

    text = words_of(client.get(exercise.get_absolute_url()))

    for words in (
        "£17,950.50",
        "Will not quote",
        "Too &lt;b&gt;busy&lt;/b&gt;",
        "Certificates last three years.",
        "Version 1, signed off",
        "up to £20,000",
        "Not due: the service area bought this itself",
        "2 March 2026 to 2 March 2027",
    ):
        assert words in text


def test_history_tells_it_in_sentences(where, client) -> None:
    exercise = make.decided(where)
    supplier = exercise.chosen.supplier
    client.force_login(where.sam)

    text = words_of(client.get(exercise.get_absolute_url()))

    assert f"Priya Shah recorded what {supplier} answered: £18,000 excluding VAT." in text
    assert "Priya Shah recorded the decision." in text


def test_commission_page_shows_its_buying(where, client) -> None:
    commission = make.commission(where)
    client.force_login(where.priya)
    before = words_of(client.get(commission.get_absolute_url()))
    exercise = make.decided(where, commission)
    after = words_of(client.get(commission.get_absolute_url()))

    assert f"/commissions/{commission.pk}/exercises/new/" in before
    assert f"/commissions/{commission.pk}/exercises/new/" not in after
    assert exercise.case_file.reference in after
    assert f"run by the service area. {exercise.chosen.supplier}, £18,000" in after


def test_commission_page_offers_no_exercise_to_those_who_may_not(where, client) -> None:
    commission = make.commission(where)
    client.force_login(where.tom)

    page = words_of(client.get(commission.get_absolute_url()))

    assert "No exercise has been opened yet." in page
    assert "exercises/new/" not in page


@pytest.mark.parametrize("page", ["/exercises/999999/", "/exercises/0/", "/exercises/99999999999999999999999/"])
def test_nonsense_numbers_are_not_found(where, client, page) -> None:
    client.force_login(where.priya)

    assert client.get(page).status_code == 404
