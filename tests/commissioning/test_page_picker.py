"""The folded list of a commission's pages names the page one is on, also where it is none of the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


@pytest.mark.parametrize(
    ("page", "words"), [("sheets/needs/", "Needs, 9 other pages"), ("money/", "Money, 6 of 9 pages")]
)
def test_picker_names_the_page_one_is_on(alder: Alder, sign_in: SignIn, page: str, words: str) -> None:
    commission = steps.in_analyse(alder)

    shown = sign_in(alder.priya).get(f"/commissions/{commission.pk}/{page}").content.decode()

    picker = shown.split("gh-subnav__narrow")[1].split("</summary>")[0]
    assert words in " ".join(picker.replace("<strong>", "").replace("</strong>", "").split(">", 2)[2].split())
