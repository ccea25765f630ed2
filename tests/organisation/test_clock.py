import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from organisation import clock

SOON = timedelta(seconds=20)


def test_now_is_the_real_time_until_moved():
    assert abs(clock.now() - datetime.now(UTC)) < SOON
    assert clock.now().tzinfo is not None
    assert not clock.is_moved()


def test_moved_to_a_day_it_opens_in_the_morning_and_ticks_on():
    clock.move_to(date(2027, 3, 16))

    first, second = clock.now(), clock.now()

    assert clock.today() == date(2027, 3, 16)
    assert first.astimezone(clock.LONDON).strftime("%H:%M") == "09:30"
    assert second > first
    assert clock.is_moved()


def test_moved_to_a_moment():
    moment = datetime(2026, 11, 21, 16, 31, tzinfo=UTC)

    clock.move_to(moment)

    assert timedelta(0) <= clock.now() - moment < SOON


def test_moment_without_a_zone_is_london_time():
    clock.move_to(datetime(2026, 7, 1, 12, 0))  # noqa: DTZ001 - the very thing tested

    assert abs(clock.now() - datetime(2026, 7, 1, 11, 0, tzinfo=UTC)) < SOON


def test_today_turns_at_midnight_in_london_not_in_greenwich():
    clock.move_to(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))

    assert clock.today() == date(2026, 7, 1)


def test_move_back():
    clock.move_to(date(2027, 3, 16))

    clock.move_back()

    assert not clock.is_moved()
    assert abs(clock.now() - datetime.now(UTC)) < SOON


def test_moving_twice_in_a_row_is_seen_both_times():
    for day in (date(2027, 1, 1), date(2028, 1, 1), date(2027, 1, 1)):
        clock.move_to(day)
        assert clock.today() == day


def test_another_process_sees_the_same_time():
    clock.move_to(date(2031, 5, 5))
    asked = "import django; django.setup(); from organisation import clock; print(clock.today())"

    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "2031-05-05"


def test_file_is_read_again_only_when_it_changed(monkeypatch: pytest.MonkeyPatch):
    clock.move_to(date(2027, 3, 16))
    clock.now()

    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("read again"))

    assert clock.today() == date(2027, 3, 16)


def test_clock_that_may_not_move_ignores_the_file_and_refuses(settings):
    Path(settings.CLOCK_FILE).write_text(json.dumps({"shift_seconds": 1e8}))
    settings.MOVABLE_CLOCK = False

    assert not clock.is_moved()
    with pytest.raises(clock.ClockNotMovable):
        clock.move_to(date(2027, 3, 16))


def test_file_removed_between_two_looks_means_real_time(monkeypatch: pytest.MonkeyPatch):
    clock.move_to(date(2029, 3, 16))
    monkeypatch.setattr(clock, "_last_read", None)

    def gone(*_, **__):
        raise FileNotFoundError(settings.CLOCK_FILE)

    monkeypatch.setattr(Path, "read_text", gone)

    assert not clock.is_moved()
