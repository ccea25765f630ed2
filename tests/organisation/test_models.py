from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from organisation import accent
from organisation.fields import match_name
from organisation.models import Cover, Membership, Organisation, Person, Supplier
from organisation.roles import Role
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs) -> bool:
    """Say whether the database itself refuses."""
    try:
        with transaction.atomic():
            act(*args, **kwargs)
    except IntegrityError:
        return True
    return False


def test_email_is_kept_and_found_in_lower_case():
    person = make.person(email="  Priya.Shah@Alder.Example ")

    assert person.email == "priya.shah@alder.example"
    assert Person.objects.get(email="PRIYA.shah@alder.example") == person
    assert Person.objects.get_by_natural_key("Priya.Shah@alder.example") == person


def test_two_people_cannot_share_an_address_however_it_is_written():
    make.person(email="priya@alder.example")

    assert refused(make.person, email="Priya@Alder.example")


def test_label_is_name_and_team():
    assert make.person(name="Priya Shah", team="Commissioning").label == "Priya Shah, Commissioning"
    assert make.person(name="Priya Shah").label == "Priya Shah"


def test_setting_a_password_notes_when():
    person = make.person()
    person.password_changed_at = None

    person.set_password("correct-horse-battery")

    assert person.password_changed_at is not None
    assert person.check_password("correct-horse-battery")


def test_person_has_no_superuser_column():
    assert not {"is_superuser", "is_staff", "username"} & {field.name for field in Person._meta.get_fields()}


def test_every_role_says_what_it_does():
    assert all(role.describes.endswith(".") for role in Role)
    assert len({role.describes for role in Role}) == len(Role)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 1)},
        {"role": "king"},
        {"role": Role.OTHER_FUNCTION, "function": ""},
        {"role": Role.LEGAL, "function": "ict"},
    ],
)
def test_database_refuses_a_membership_that_makes_no_sense(wrong: dict):
    assert refused(make.membership, make.person(at=make.organisation()), **wrong)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_database_refuses_an_auditor_or_administrator_of_one_service_area(role: Role):
    area = make.service_area()

    assert refused(make.membership, make.person(), role, area.organisation, area)


def test_membership_may_be_given_and_ended_on_one_day():
    membership = make.membership(
        make.person(at=make.organisation()), starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 2)
    )

    assert not Membership.objects.in_force(date(2026, 2, 2)).filter(pk=membership.pk).exists()


def test_service_area_of_another_organisation_is_refused():
    area = make.service_area()
    elsewhere = make.organisation()

    for row in (
        Membership(person=make.person(), organisation=elsewhere, service_area=area, role=Role.LEGAL),
        make.post(elsewhere, service_area=area),
    ):
        with pytest.raises(ValidationError, match="same organisation"):
            row.clean()


def test_service_area_of_another_organisation_s_directorate_is_refused():
    area = make.service_area()
    area.organisation = make.organisation()

    with pytest.raises(ValidationError, match="same organisation"):
        area.clean()


def test_database_refuses_cover_by_oneself_and_cover_that_ends_before_it_starts():
    organisation = make.organisation()
    one, other = make.person(at=organisation), make.person(at=organisation)

    assert refused(make.cover, one, one)
    assert refused(make.cover, one, other, starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1))
    assert Cover.objects.count() == 0


def test_database_refuses_a_limit_below_zero_for_an_unknown_act_or_backwards():
    post = make.post()

    assert refused(make.limit, post, "award", -1)
    assert refused(make.limit, post, "abolish", 1)
    assert refused(make.limit, post, "award", 1, valid_from=date(2026, 2, 2), valid_to=date(2026, 2, 1))


def test_database_refuses_the_same_post_twice():
    organisation = make.organisation()
    make.post(organisation, title="Director")

    assert refused(make.post, organisation, title="Director")
    assert not refused(make.post, organisation, title="Director", service_area=make.service_area(organisation))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith & Sons Ltd", "SMITH AND SONS LIMITED"),
        ("Smith & Sons Ltd.", "smith  and  sons limited"),
        ("O'Brien Care", "O’Brien-Care"),
        ("A.B.C. Services plc", "ABC Services PLC"),
        ("Café Élan", "Cafe Elan"),
        ("ＷＩＤＥ Ltd", "Wide Limited"),
    ],
)
def test_two_spellings_of_a_supplier_match(one: str, other: str):
    assert match_name(one) == match_name(other)


def test_different_suppliers_do_not_match():
    assert match_name("Alder Care Limited") != match_name("Alder Carers Limited")


def test_database_knows_a_supplier_once_in_an_organisation():
    organisation = make.organisation()
    make.supplier(organisation, name="Smith & Sons Ltd")

    assert refused(make.supplier, organisation, name="SMITH and SONS LIMITED")
    assert not refused(make.supplier, organisation, name="Smith & Sons Ltd", company_number="01234567")
    assert not refused(make.supplier, name="Smith & Sons Ltd")


def test_match_name_follows_the_name():
    supplier = make.supplier(name="Old Name Ltd")
    supplier.name = "New Name Ltd"
    supplier.save()

    assert Supplier.objects.get(match_name="new name limited") == supplier


def test_supplier_is_visible_only_to_those_who_work_there():
    supplier = make.supplier()
    insider, outsider = make.person(Role.FINANCE, at=supplier.organisation), make.person(Role.FINANCE)

    assert list(Supplier.objects.visible_to(insider)) == [supplier]
    assert list(Supplier.objects.visible_to(outsider)) == []


def test_choosable_people_are_active_and_of_the_same_organisation():
    organisation = make.organisation()
    chooser = make.person(Role.COMMISSIONER, at=organisation)
    colleague = make.person(at=organisation)
    seconded = make.person(at=make.organisation())
    make.membership(seconded, Role.LEGAL, organisation)
    make.person(at=organisation, is_active=False)
    make.person(Role.LEGAL)

    assert set(Person.objects.choosable_by(chooser)) == {chooser, colleague, seconded}


def test_contrast_follows_the_published_sums():
    assert accent.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert accent.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert accent.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    ("colours", "wrong"),
    [
        ({}, set()),
        ({"accent_colour": "#777777"}, {"accent_colour"}),
        ({"accent_colour": "#767676"}, set()),
        ({"accent_dark": "#ffdd00"}, {"accent_dark", "accent_tint"}),
        ({"accent_tint": "#00301f"}, {"accent_tint"}),
        ({"accent_colour": "green"}, {"accent_colour"}),
    ],
)
def test_colours_that_cannot_be_read_are_refused_with_the_field(colours: dict, wrong: set):
    organisation = Organisation(key="alder", name="Alder", framework=make.framework(), **colours)

    try:
        organisation.full_clean()
        found = set()
    except ValidationError as refusal:
        found = set(refusal.message_dict)

    assert found == wrong


def test_colour_refusal_says_how_far_off_it_is():
    with pytest.raises(ValidationError, match=r"contrast of 1\.0 to 1 with white"):
        Organisation(key="alder", name="Alder", accent_colour="#ffffff").clean()
