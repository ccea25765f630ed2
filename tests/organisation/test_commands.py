import pytest
from django.core.management import CommandError, call_command

from organisation.actors import System
from organisation.models import BankHoliday, Membership, Organisation, Person, StatutoryFigure
from organisation.roles import Role
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

GIVEN = {"framework": "plain", "administrator": "Ada Admin", "email": "Ada@Alder.example"}


def test_load_calendars_loads_both_files_and_may_be_run_again(capsys):
    call_command("load_calendars")
    call_command("load_calendars")

    assert BankHoliday.objects.count() == 79
    said = capsys.readouterr().out
    assert "Bank holidays: 79 added, 0 already there." in said
    assert f"Statutory figures: 0 added, {StatutoryFigure.objects.count()} already there." in said


def test_open_organisation_gives_it_an_administrator(changes, capsys):
    make.framework(key="plain")

    call_command("open_organisation", "alder", "Alder County Council", **GIVEN)

    person = Person.objects.get(email="ada@alder.example")
    assert person.organisation == Organisation.objects.get(key="alder")
    assert not person.has_usable_password()
    assert Membership.objects.in_force().get(person=person).role == Role.ADMINISTRATOR
    assert [(verb, type(subject).__name__) for _, verb, subject, _ in changes] == [
        ("added", "Organisation"),
        ("added", "Person"),
        ("added", "Membership"),
    ]
    assert all(isinstance(actor, System) for actor, *_ in changes)
    assert "Alder County Council is open" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"framework": "fancy"}, "There is no commissioning framework fancy. Loaded: .*plain"),
        ({"email": "taken@alder.example"}, "Somebody already has this email address"),
        ({"email": "nonsense"}, "email"),
        ({"administrator": ""}, "name"),
    ],
)
def test_open_organisation_refuses_nonsense_and_leaves_nothing_behind(wrong: dict, words: str, changes):
    make.framework(key="plain")
    make.person(email="taken@alder.example")

    with pytest.raises(CommandError, match=words):
        call_command("open_organisation", "alder", "Alder County Council", **(GIVEN | wrong))

    assert not Organisation.objects.filter(key="alder").exists()
    assert changes == []


def test_open_organisation_refuses_a_key_that_is_taken(changes):
    make.framework(key="plain")
    make.organisation(key="alder")

    with pytest.raises(CommandError, match="key"):
        call_command("open_organisation", "alder", "Alder County Council", **GIVEN)
