"""What a process of the function `reminders` is given in tests, and the users whom it is to tell something.

Must not know what is tested.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from google.cloud import firestore

from emulator.token import PROJECT
from streak_core.commands import StreakCommands
from streak_core.domain.commands import CheckIn, ChooseNotices
from streak_core.store.users import UserStore
from tests.support.shipped_policy import policies

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVENING: Final = "2026-03-03T18:30:00Z"
LATE: Final = "2026-03-03T20:30:00Z"
SEND: Final = "https://reminders.example.com/reminders/send"
NOTICE_ID: Final = "2026-03-03.reminder"


def write_users(database: str) -> None:
    """Ada, whose reminder of the next day is due in the evening, and eve, who wishes for a letter and is due late."""
    service = StreakCommands(UserStore(firestore.Client(project=PROJECT, database=database), policies), policies)
    service.execute("ada", NOON, ChooseNotices(channels={"reminder": ["push"]}, remind_at="18:30"))
    service.execute("ada", NOON, CheckIn())
    service.execute("eve", NOON, ChooseNotices(channels={"reminder": ["email"]}, remind_at="20:30"))
    service.execute("eve", NOON, CheckIn())


def environment_of(queue_host: str) -> dict[str, str]:
    """A queue that stands in for Google's, and a mail server and accounts where nobody listens."""
    return {
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9",
        "CLOUD_TASKS_EMULATOR_HOST": queue_host,
        "REMINDER_QUEUE": "projects/p/locations/l/queues/r",
        "REMINDER_URL": SEND,
        "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
        "MAINTENANCE_AUDIENCE": "https://reminders.example.com",
        "STREAK_SMTP_URL": "smtp://127.0.0.1:9",
        "STREAK_MAIL_FROM": "streaks@example.com",
    }
