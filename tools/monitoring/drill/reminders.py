"""The function `reminders` with a stand-in of Cloud Tasks: what it writes when all is well, and when it is not.

It must not know metrics or policies.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from tempfile import NamedTemporaryFile
from typing import Final

from google.cloud import firestore

from emulator.places import MAIN
from emulator.token import PROJECT
from streak_core.commands import StreakCommands
from streak_core.config import shipped_rules
from streak_core.config.webhooks import EVENTS, FILE
from streak_core.domain.commands import CheckIn, ChooseNotices
from streak_core.domain.devices import Device, Platform
from streak_core.domain.webhook_endpoints import parse_told
from streak_core.domain.webhooks import SPAN, chosen_of
from streak_core.notices import Notices
from streak_core.store.notices import NoticeStore
from streak_core.store.users import UserStore
from testing.stand_in_queue import StandInQueue, listening
from tools.monitoring.drill.environment import Environment, trouble
from tools.monitoring.drill.population import Call, expect, send
from tools.monitoring.drill.recording import WARM_CALLS_MAX, Recordings, said

_QUEUE: Final = {
    "REMINDER_QUEUE": "projects/p/locations/l/queues/r",
    "REMINDER_URL": "https://reminders.example.com/reminders/send",
    "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
    "MAINTENANCE_AUDIENCE": "https://reminders.example.com",
    # Nobody's, so that nothing is sent to anybody from here, whoever is signed in.
    "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere",
}
# Nobody listens at that port.
_NOBODY_THERE: Final = """[endpoints.crm]
url = "http://127.0.0.1:9"
secrets = ["whsec_bm9ib2R5IGtub3dzIHRoaXMgb25lIGhlcmU="]
"""
_TOLD: Final = "crm:streak_started"
_NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
_EVENING: Final = datetime(2026, 3, 3, 18, 30, tzinfo=UTC)
_RUN: Final = timedelta(minutes=5)


def with_reminders(recorded: Recordings, emulator_host: str) -> Recordings:
    """What is recorded, with those lines. Raises `SetupError`."""
    with (
        Environment(emulator_host) as environment,
        listening(StandInQueue()) as host,
        NamedTemporaryFile("w", suffix=".toml") as file,
    ):
        file.write(_NOBODY_THERE)
        file.flush()
        told = {EVENTS: _TOLD, FILE: file.name, "CLOUD_TASKS_EMULATOR_HOST": host}
        function = environment.start("reminders", main=MAIN, **told, **_QUEUE)
        _wishing(environment.database)
        run = Call(url=function.url, method="POST", path="/reminders", user="operator", is_admin=True)
        for number in range(WARM_CALLS_MAX, 0, -1):
            if send([replace(run, at=_EVENING - number * _RUN)]) == [HTTPStatus.OK]:
                break
        function.entries()
        expect(send([replace(run, at=_EVENING)]), {HTTPStatus.OK})
        reminded = said(function.entries(), "reminders_completed")
        # Without credentials Firebase Cloud Messaging is not reached.
        notice = {"user_id": "ada", "notice_id": "2026-03-03.reminder"}
        task = replace(run, path="/reminders/send", body=notice, at=_EVENING)
        expect(send([task]), {HTTPStatus.SERVICE_UNAVAILABLE})
        unsent = said(function.entries(), "notice_not_sent")
        # By then the first attempt is the last one.
        late = replace(run, path="/reminders/webhooks", body={"user_id": "ada"}, at=_NOON + SPAN)
        expect(send([late]), {HTTPStatus.OK})
        parked = said(function.entries(), "webhook_parked")
        with trouble(environment.proxy):
            expect(send([replace(run, at=_EVENING + _RUN)]), {HTTPStatus.SERVICE_UNAVAILABLE})
        failed = said(function.entries(), "reminders_failed")
    return replace(recorded, reminded=reminded, unsent_notice=unsent, parked_webhook=parked, failed_reminders=failed)


def _wishing(database: str) -> None:
    """Somebody with a phone who wishes to be reminded, and has a streak, of which a server is to be told."""
    client = firestore.Client(project=PROJECT, database=database)
    chosen = chosen_of(parse_told(_TOLD))
    service = StreakCommands(UserStore(client, shipped_rules, chosen=chosen), shipped_rules)
    for command in (ChooseNotices(channels={"reminder": ["push"]}, remind_at="18:30"), CheckIn()):
        service.execute("ada", _NOON, command)
    phone = Device(device_id="phone", address="t", platform=Platform.IOS, registered_at=_NOON)
    Notices(NoticeStore(client), shipped_rules).register("ada", phone)
