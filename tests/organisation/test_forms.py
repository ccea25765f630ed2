"""The base form and the shared fields: what they take, what they say, and that nothing typed is lost."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines

from organisation.forms import (
    DayField,
    LineField,
    MoneyField,
    NumberField,
    PageForm,
    PersonField,
    SupplierField,
    TextField,
    VersionedPageForm,
    YesNoField,
)
from organisation.forms.base import ActIdField
from organisation.models import Person, Supplier
from organisation.templatetags.frame import summary_of
from tests.factories import organisation as make


class Need(PageForm):
    title = LineField(label="Title")
    annual_value = MoneyField(label="Annual value")
    starts_on = DayField(label="Start date", required=False)
    why = TextField(label="Why is it needed?", max_words=5, required=False)
    people = NumberField(label="People who will use it", called="number of people", required=False, max_value=9999)
    has_personal_data = YesNoField(label="Is personal data involved?", required=False)
    route = forms.ChoiceField(label="Route", choices=[("open", "Open tender"), ("quote", "Quotation")], required=False)


def need(**sent: Any) -> Need:
    return Need({"title": "Home care", "annual_value": "18000"} | sent)


def html(form: forms.BaseForm) -> str:
    template = "{% load crispy_forms_tags %}{% include 'gds/layout/error_summary.html' %}{% crispy form %}"
    return engines["django"].from_string(template).render({"form": form})


def test_a_per_cent_sign_in_a_question_comes_through_every_message() -> None:
    class Asked(PageForm):
        share = forms.ChoiceField(label="More than 30% of its business?", choices=[("yes", "Yes")])
        places = NumberField(label="% of places filled", max_value=100)
        why = LineField(label="Why above 5% of spend", max_length=3)

    assert Asked({"share": "maybe", "places": "101", "why": "because"}).errors == {
        "share": ["Select an answer to “More than 30% of its business?” from the list"],
        "places": ["% of places filled must be 100 or less"],
        "why": ["Why above 5% of spend must be 3 characters or fewer"],
    }


# --- Money ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("18000", "18000.00"),
        ("£18,000", "18000.00"),
        (" £ 18 000.5 ", "18000.50"),
        ("1,234,567.89", "1234567.89"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, amount: str) -> None:
    form = need(annual_value=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["annual_value"] == Decimal(amount)
    assert form.cleaned_data["annual_value"].as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the annual value in pounds, like 18000"),
        ("£", "Enter the annual value in pounds, like 18000"),
        ("about 5", "Enter the annual value in pounds, like 18000"),
        ("1e5", "Enter the annual value in pounds, like 18000"),
        ("1.234", "Enter the annual value in pounds, like 18000"),
        ("1,50", "Enter the annual value in pounds, like 18000"),
        ("NaN", "Enter the annual value in pounds, like 18000"),
        ("١٢", "Enter the annual value in pounds, like 18000"),
        ("-500", "Annual value must be £0 or more"),
        ("−500", "Annual value must be £0 or more"),
        ("1000000000000", "Annual value must be less than £1,000 billion"),
        ("9" * 1_000_000, "Annual value must be less than £1,000 billion"),
    ],
)
def test_money_says_how_to_mend_it(typed: str, words: str) -> None:
    assert need(annual_value=typed).errors == {"annual_value": [words]}


def test_money_may_be_negative_where_the_form_says_so() -> None:
    assert MoneyField(label="Change", allow_negative=True).clean("−£500") == Decimal("-500.00")


def test_stored_money_is_shown_without_needless_pence() -> None:
    assert 'value="18,000"' in html(Need(initial={"annual_value": Decimal("18000.00")}))


# --- Days -------------------------------------------------------------------------------------------------------------


def day(one: str, two: str, three: str, **limits: date) -> date | None:
    return DayField(label="Start date", required=False, **limits).clean([one, two, three])


@pytest.mark.parametrize(
    ("boxes", "found"),
    [
        (("27", "3", "2027"), date(2027, 3, 27)),
        (("1", "March", "2027"), date(2027, 3, 1)),
        (("01", "sept", "2027"), date(2027, 9, 1)),
        (("", "", ""), None),
        ((" 5 ", " 6 ", " 2027 "), date(2027, 6, 5)),
    ],
)
def test_day_is_read(boxes: tuple[str, str, str], found: date | None) -> None:
    assert day(*boxes) == found


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        (("27", "", "2027"), "Start date must include a month"),
        (("", "", "2027"), "Start date must include a day and a month"),
        (("31", "2", "2027"), "Start date must be a real date, like 27 3 2027"),
        (("x", "2", "2027"), "Start date must be a real date, like 27 3 2027"),
        (("27", "13", "2027"), "Start date must have a month from 1 to 12"),
        (("27", "Smarch", "2027"), "Start date must have a month from 1 to 12"),
        (("27", "3", "27"), "Start date must have a year of 4 figures, like 2027"),
        (("27", "3", "9" * 1_000_000), "Start date must have a year of 4 figures, like 2027"),
        (("27", "3", "1066"), "Start date must be on or after 1 January 1900"),
    ],
)
def test_day_says_how_to_mend_it(boxes: tuple[str, str, str], words: str) -> None:
    with pytest.raises(forms.ValidationError) as fault:
        day(*boxes)

    assert fault.value.messages == [words]


def test_day_keeps_to_the_limits_of_the_page() -> None:
    limits = {"earliest": date(2026, 4, 1), "latest": date(2026, 4, 30)}

    assert day("1", "4", "2026", **limits) == date(2026, 4, 1)
    with pytest.raises(forms.ValidationError, match="Start date must be on or after 1 April 2026"):
        day("31", "3", "2026", **limits)
    with pytest.raises(forms.ValidationError, match="Start date must be on or before 30 April 2026"):
        day("1", "5", "2026", **limits)


def test_required_day_asks_for_it_by_name() -> None:
    with pytest.raises(forms.ValidationError, match="Enter the date the work begins"):
        DayField(label="When does it begin?", called="the date the work begins").clean(["", "", ""])


def test_summary_leads_to_the_wrong_box_of_a_date() -> None:
    form = need(starts_on_0="27", starts_on_1="13", starts_on_2="2027")

    assert [(problem.target, problem.words) for problem in summary_of(form)] == [
        ("id_starts_on_1", "Start date must have a month from 1 to 12")
    ]


# --- Text, numbers, choices -------------------------------------------------------------------------------------------


def test_text_counts_words_and_says_how_many() -> None:
    assert need(why="one two three four five").is_valid()
    assert need(why="one two three four five six").errors == {
        "why": ["Your answer to “Why is it needed?” must be 5 words or fewer. It has 6"]
    }


def test_line_break_counts_as_one_character() -> None:
    assert TextField(label="Note", max_length=3).clean("a\r\nb") == "a\nb"


def test_a_million_characters_get_a_message_and_not_a_fault() -> None:
    assert need(title="x" * 1_000_000).errors == {"title": ["Title must be 200 characters or fewer"]}


def test_plain_text_field_of_any_form_has_a_limit() -> None:
    class Plain(PageForm):
        note = forms.CharField()

    assert Plain({"note": "x" * 201}).errors == {"note": ["Note must be 200 characters or fewer"]}


def test_null_bytes_are_taken_out() -> None:
    form = Need(QueryDict("title=Home%00+care&annual_value=18%00000"))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Home care"
    assert form.cleaned_data["annual_value"] == Decimal("18000.00")


def test_text_in_any_script_comes_back_unchanged() -> None:
    title = "Café \u202eorder\u202c 🏡 हिन्दी"

    form = need(title=title)

    assert form.is_valid()
    assert form.cleaned_data["title"] == title


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x", "Number of people must be a whole number, like 12"),
        ("1.5", "Number of people must be a whole number, like 12"),
        ("-1", "Number of people must be 0 or more"),
        ("10000", "Number of people must be 9999 or less"),
        ("9" * 5000, "Number of people must be a whole number, like 12"),
    ],
)
def test_number_says_how_to_mend_it(typed: str, words: str) -> None:
    assert need(people=typed).errors == {"people": [words]}


def test_number_may_have_commas() -> None:
    form = need(people="1,204")

    assert form.is_valid()
    assert form.cleaned_data["people"] == 1204


@pytest.mark.parametrize(("sent", "answer"), [("yes", True), ("no", False), ("", None)])
def test_yes_or_no(sent: str, answer: bool | None) -> None:
    form = need(has_personal_data=sent)

    assert form.is_valid()
    assert form.cleaned_data["has_personal_data"] is answer


def test_stored_yes_is_shown_as_chosen() -> None:
    shown = html(Need(initial={"has_personal_data": True}))

    assert shown.count(" checked") == 1
    assert 'value="yes" checked' in shown


def test_choice_that_is_not_offered() -> None:
    assert need(route="bribe").errors == {"route": ["Select the route from the list"]}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (forms.CharField(label="Reason"), "Enter the reason"),
        (forms.CharField(label="Your reason"), "Enter your reason"),
        (forms.CharField(label="KPI result"), "Enter the KPI result"),
        (forms.CharField(label="Why now?"), "Enter an answer to “Why now?”"),
        (forms.ChoiceField(label="Route"), "Select the route"),
        (forms.BooleanField(label="I have read it"), "Tick “I have read it” to go on"),
        (forms.FileField(label="Signed contract"), "Choose the signed contract to upload"),
        (forms.CharField(label="Reason", error_messages={"required": "Say why"}), "Say why"),
    ],
)
def test_required_field_is_asked_for_by_name(field: forms.Field, words: str) -> None:
    form = type("One", (PageForm,), {"one": field})({})

    assert form.errors == {"one": [words]}


# --- People and suppliers ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_person_is_named_with_team_and_limited_to_those_offered() -> None:
    offered = make.person(name="Priya Shah", team="Commissioning")
    stranger = make.person(name="Stranger")
    field = PersonField(Person.objects.filter(pk=offered.pk), label="Lead")

    class Lead(PageForm):
        lead = field

    assert [label for _, label in Lead().fields["lead"].choices] == ["Choose a person", "Priya Shah, Commissioning"]
    assert Lead({"lead": str(offered.pk)}).is_valid()
    assert Lead({"lead": str(stranger.pk)}).errors == {"lead": ["Select the lead from the list"]}
    assert Lead({"lead": "9" * 400}).errors == {"lead": ["Select the lead from the list"]}


@pytest.mark.django_db
def test_supplier_is_named_with_its_number() -> None:
    make.supplier(name="Larkfield Trust", company_number="01234567")
    field = SupplierField(Supplier.objects.all(), label="Supplier")

    assert [label for _, label in field.choices] == ["Choose a supplier", "Larkfield Trust, 01234567"]


# --- The act and the version ------------------------------------------------------------------------------------------


def test_each_opening_of_a_page_is_an_act_of_its_own() -> None:
    assert Need()["act_id"].value() != Need()["act_id"].value()
    assert UUID(str(Need()["act_id"].value()))


def test_act_id_is_kept_while_the_form_is_mended() -> None:
    act_id = uuid4()
    form = need(title="", act_id=str(act_id))

    assert not form.is_valid()
    assert f'name="act_id" value="{act_id}"' in html(form)
    mended = need(act_id=str(act_id))
    assert mended.is_valid()
    again = need(act_id=str(act_id))
    assert again.is_valid()
    assert again.cleaned_data["act_id"] == mended.cleaned_data["act_id"]


def test_the_same_form_with_other_words_is_another_act() -> None:
    act_id = uuid4()
    first, edited = need(act_id=str(act_id)), need(title="Another title", act_id=str(act_id))

    assert first.is_valid()
    assert edited.is_valid()
    assert first.cleaned_data["act_id"] != edited.cleaned_data["act_id"]


@pytest.mark.parametrize("sent", ["", "not an id", "0" * 1000])
def test_damaged_act_id_is_replaced(sent: str) -> None:
    assert isinstance(ActIdField().clean(sent), UUID)


class Change(VersionedPageForm):
    title = LineField(label="Title")


@pytest.mark.parametrize(("sent", "version"), [("7", 7), ("", -1), ("x", -1)])
def test_version_that_is_missing_or_damaged_counts_as_out_of_date(sent: str, version: int) -> None:
    form = Change({"title": "Home care", "version": sent}, version=9)

    assert form.is_valid()
    assert form.cleaned_data["version"] == version


def test_after_seeing_both_values_the_next_attempt_carries_the_new_version() -> None:
    form = Change(QueryDict("title=Mine&version=7"), version=7)
    form.accept_version(8)

    shown = html(form)
    assert 'name="version" value="8"' in shown
    assert 'value="Mine"' in shown


# --- What the page shows ----------------------------------------------------------------------------------------------


def test_everything_typed_is_shown_again_beside_its_problem() -> None:
    sent = {"title": "T" * 300, "annual_value": "lots", "starts_on_0": "31", "starts_on_1": "Feb", "why": "a b c d e f"}
    shown = html(Need(sent))

    assert f'value="{"T" * 300}"' in shown
    assert 'value="lots"' in shown
    assert 'value="31"' in shown
    assert 'value="Feb"' in shown
    assert "a b c d e f</textarea>" in shown


def test_every_link_of_the_summary_has_something_to_land_on() -> None:
    class Everything(PageForm):
        title = LineField(label="Title")
        starts_on = DayField(label="Start date")
        route = forms.ChoiceField(label="Route", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
        flags = forms.MultipleChoiceField(
            label="Flags", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
        )
        agreed = forms.BooleanField(label="I agree")

    form = Everything({})
    targets = [problem.target for problem in summary_of(form)]

    assert len(targets) == 5
    shown = html(form)
    for target in targets:
        assert shown.count(f' id="{target}"') == 1, target


def test_label_typed_by_a_person_is_escaped() -> None:
    class Asked(PageForm):
        answer = LineField(label="<script>alert(1)</script>", help_text="<b>bold</b>")
        choice = forms.ChoiceField(label="<i>", choices=[("a", "<u>")], widget=forms.RadioSelect)

    shown = html(Asked())

    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "<u>" not in shown


def test_button_label_is_never_run_as_a_template() -> None:
    class Odd(PageForm):
        submit_label = "Approve {{ form.secret }} {% now 'Y' %}"

    assert "Approve {{ form.secret }} {% now &#x27;Y&#x27; %}" in html(Odd())


def test_one_primary_button_and_the_others_beside_it() -> None:
    class Paper(PageForm):
        submit_label = "Save and continue"
        later_label = "Save and come back later"

    shown = html(Paper(cancel_url="/commissions/1/"))

    assert shown.count("<button") == 2
    assert shown.count("govuk-button--secondary") == 1
    assert 'name="later"' in shown
    assert '<a class="govuk-link" href="/commissions/1/">Cancel</a>' in shown


def test_several_forms_on_a_page_repeat_no_id() -> None:
    shown = html(Change(prefix="one")) + html(Change(prefix="two"))
    ids = [part.split('"')[0] for part in shown.split(' id="')[1:]]

    assert len(ids) == len(set(ids))


def test_autosave_address_is_on_the_form() -> None:
    class Paper(PageForm):
        autosave_url = "/papers/1/autosave/"

    shown = html(Paper())

    assert 'data-autosave="/papers/1/autosave/"' in shown
    assert 'aria-live="polite"' in shown


def test_problem_of_the_whole_form_leads_to_its_first_box() -> None:
    class Pair(PageForm):
        first = LineField(label="First")

        def clean(self) -> None:
            raise forms.ValidationError("The two do not fit together")

    assert [(problem.words, problem.target) for problem in summary_of(Pair({"first": "x"}))] == [
        ("The two do not fit together", "id_first")
    ]


def test_summary_of_a_list_of_forms_and_of_nothing() -> None:
    sets = forms.formset_factory(Change, extra=1)
    bound = sets({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-title": "x" * 300})

    assert [problem.target for problem in summary_of([bound, Change({"title": "fine"})])] == ["id_form-0-title"]
    assert summary_of(None) == []
