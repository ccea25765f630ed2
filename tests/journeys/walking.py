"""A person at a browser: sees headings and labels, presses buttons, and is stopped by what axe finds."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Locator, Page, expect

from organisation import clock
from organisation.models import Person
from tests.accessibility import faults_of

# What is chosen where a walk does not care: the answer that brings nobody else in.
PLAINEST = ("No", "Neutral", "Makes no difference", "No real change", "Yes")
SHOTS = os.environ.get("JOURNEY_SHOTS")


class Walker:
    """One browser window in which different people sign in, one after the other.

    ``looked_at`` holds the kinds of page that axe has read, in this walk or an earlier one of the same process.
    """

    looked_at: ClassVar[set[str]] = set()

    def __init__(self, page: Page, base: str, sign_in: Callable[[Person], None], *, has_scripts: bool = True) -> None:
        """Take the window, the address of the server and the way to sign in. axe itself needs scripts."""
        self.page = page
        self.has_scripts = has_scripts
        self.base = base
        self._sign_in = sign_in
        self._shots = 0

    def as_person(self, person: Person) -> Walker:
        """Sign somebody else in."""
        self._sign_in(person)
        return self

    def go(self, path: str) -> Walker:
        """Open an address."""
        self.page.goto(self.base + path)
        return self.look()

    def look(self) -> Walker:
        """Check what every page must keep: one heading, a title, no fault for axe; once a kind of page."""
        expect(self.page.locator("h1")).to_have_count(1)
        kind = re.sub(r"\d+", "N", self.page.url.removeprefix(self.base).partition("?")[0])
        if self.has_scripts and (kind not in self.looked_at or "Error" in self.page.title()):
            self.looked_at.add(kind)
            assert faults_of(self.page) == [], f"axe found faults on {kind}"
        if SHOTS and self.has_scripts:
            self._shots += 1
            name = re.sub(r"\W+", "-", kind).strip("-") or "home"
            for width in (1280, 390):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=Path(SHOTS) / f"{self._shots:03}-{name}-{width}.png", full_page=True)
                sideways = self.page.evaluate("document.documentElement.scrollWidth")
                assert sideways <= width, f"{kind} scrolls sideways at {width}px: {sideways}px"
            self.page.set_viewport_size({"width": 1280, "height": 900})
        return self

    def press(self, name: str, within: Locator | None = None) -> Walker:
        """Press a button, or what looks like one."""
        scope = within or self.page
        scope.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def follow(self, name: str, within: Locator | None = None, exact: bool = False) -> Walker:
        """Follow a link."""
        (within or self.page).get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def fill(self, label: str, text: str) -> Walker:
        """Type into the box with this label."""
        self.page.get_by_label(label, exact=False).first.fill(text)
        return self

    def day(self, legend: str, day: int, month: int, year: int) -> Walker:
        """Type a date into its three boxes."""
        group = self.page.get_by_role("group", name=legend)
        for label, value in (("Day", day), ("Month", month), ("Year", year)):
            group.get_by_label(label).fill(str(value))
        return self

    def date(self, legend: str, when: date) -> Walker:
        """Type this date."""
        return self.day(legend, when.day, when.month, when.year)

    def today(self, legend: str) -> Walker:
        """Type the day it is on Gatehouse's clock."""
        return self.date(legend, clock.today())

    def pick(self, label: str, option: str) -> Walker:
        """Choose from a list."""
        self.page.get_by_label(label).select_option(label=option)
        return self

    def choose(self, legend: str, option: str) -> Walker:
        """Choose a radio under a question."""
        self.page.get_by_role("group", name=legend).get_by_label(option, exact=False).first.check()
        return self

    def tick(self, label: str) -> Walker:
        """Tick a box."""
        self.page.get_by_label(label, exact=False).first.check()
        return self

    def see(self, *words: str) -> Walker:
        """The page says each of these."""
        for text in words:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def not_see(self, *words: str) -> Walker:
        """The page says none of these."""
        for text in words:
            expect(self.page.locator("body")).not_to_contain_text(text)
        return self

    @property
    def path(self) -> str:
        """Where the window is."""
        return self.page.url.removeprefix(self.base)

    def fill_paper(self, choices: dict[str, str], words: str = "Agreed with the team on 14 September 2026.") -> Walker:
        """Fill a paper from its first page until its answers can be checked: section after section, as a person would.

        ``choices`` gives the answer to each question with radios; every other empty box gets ``words`` or a number.
        """
        self.page.locator(".govuk-task-list__link").first.click()
        self.page.wait_for_load_state()
        for _ in range(40):
            self.look()
            if self.page.get_by_role("heading", level=1, name="Check your answers").count():
                missing = self.page.locator("[aria-labelledby=blocked] .gh-blockers__link")
                if not missing.count():
                    return self
                missing.first.click()
                self.page.wait_for_load_state()
            elif self.page.get_by_role("button", name="Save and continue").count():
                self._fill_section(choices, words)
            else:
                self.page.goto(self.base + self.path.split("?")[0].rstrip("/") + "/check/")
        raise AssertionError(f"The paper was not finished after 40 pages: {self.path}")

    def _fill_section(self, choices: dict[str, str], words: str) -> None:
        empty = self.page.locator("section.gh-question", has_text="Nothing added yet")
        wanted = empty.filter(has_not_text="(optional)").get_by_role("button")
        self._fill_boxes(choices, words)
        if wanted.count():
            wanted.first.click()
            self.page.wait_for_load_state()
            self.look()
            self._fill_boxes(choices, words)
            self.press("Add this row")
            return
        self.page.get_by_role("button", name="Save and continue").click()
        self.page.wait_for_load_state()

    def _fill_boxes(self, choices: dict[str, str], words: str) -> None:
        """Answer all that is still empty: what ``choices`` says, else the plainest answer there is."""
        for box in self.page.locator(".gh-known__state input[type=checkbox]:visible").all():
            box.check()
        for legend, option in choices.items():
            group = self.page.get_by_role("group", name=legend)
            if group.count():
                group.first.get_by_label(option, exact=True).check()
        for group in self.page.locator("form .govuk-date-input:visible").all():
            self._fill_day(group.locator("input").all())
        for group in self.page.locator("form fieldset:visible").all():
            ticks = group.locator("input[type=radio]:visible, input[type=checkbox]:visible")
            if ticks.count() and not group.locator("input:checked").count():
                self._choose_plainest(group, ticks)
        for listed in self.page.locator("form select:visible").all():
            if not listed.input_value():
                listed.select_option(index=1)
        for box in self.page.locator("form textarea:visible, form input[type=text]:visible").all():
            if not box.input_value():
                is_number = (box.get_attribute("inputmode") or "") in ("numeric", "decimal")
                box.fill("18000" if is_number else words)

    def _fill_day(self, boxes: list[Locator]) -> None:
        if boxes[0].input_value():
            return
        today = clock.today()
        for box, value in zip(boxes, (today.day, today.month, today.year), strict=True):
            box.fill(str(value))

    def _choose_plainest(self, group: Locator, ticks: Locator) -> None:
        for plain in PLAINEST:
            found = group.get_by_label(plain, exact=True)
            if found.count():
                found.first.check()
                return
        ticks.first.check()
