"""Takes a backup: one moment, spans of users side by side, and each span a file that is there whole or not at all.

It must not know terminals. Killed at any point and called again, it goes on with what is missing.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from streak_core.domain.days import rfc3339
from streak_core.proving.stopped import StoppedError
from streak_core.store.documents import STREAKS
from tools.streakctl.backup.encoding import line_of
from tools.streakctl.backup.manifest import (
    FORMAT,
    LEFT_OUT,
    NOT_HELD,
    UNFINISHED,
    Manifest,
    counted,
    folder_name,
    write_manifest,
)
from tools.streakctl.backup.parts import FOLDER_MODE, Part, write_part
from tools.streakctl.backup.raw_database import RawDatabase, Span
from tools.streakctl.database import WrongUseError
from tools.streakctl.in_threads import in_threads
from tools.streakctl.whole_file import write_json

USERS_A_PART: Final = 500
_PLAN: Final = "plan.json"


def last_minute(now: datetime) -> datetime:
    """The last whole minute: with point-in-time recovery Firestore knows each of seven days, without it an hour."""
    return now.replace(second=0, microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What was begun: under which name, as of which moment, and when."""

    folder: Path
    backup: str
    moment: datetime
    begun_at: str
    users_a_part: int


@dataclass(frozen=True, kw_only=True)
class BackupRun:
    """One call. `tell` hears how many documents were read; `moment` is as of when, where nothing was begun before."""

    database: RawDatabase
    place: Path
    moment: datetime
    threads: int = 4
    users_a_part: int = USERS_A_PART
    tell: Callable[[int], None] = lambda _: None
    stopping: threading.Event = field(default_factory=threading.Event)

    def take(self) -> tuple[Path, Manifest]:
        """The folder of the finished backup, and its manifest. Raises `DatabaseUnavailable`, `WrongUseError`."""
        self.place.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with _alone(self.place):
            plan = self._begun() or self._begin()
            work = (lambda one=one: self._part(plan, *one) for one in enumerate(self._spans(plan)))
            parts = list(in_threads(work, self.threads, self.stopping))
            manifest = Manifest(
                format=FORMAT,
                backup=plan.backup,
                database=self.database.name,
                moment=rfc3339(plan.moment),
                begun_at=plan.begun_at,
                ended_at=rfc3339(datetime.now(UTC)),
                documents=sum(part.documents for part in parts),
                collections=counted(parts),
                left_out=list(LEFT_OUT),
                not_held=dict(NOT_HELD),
                parts=parts,
            )
            return self._finish(plan, manifest), manifest

    def _begun(self) -> Plan | None:
        """What an earlier call has begun and not finished of this database."""
        for folder in sorted(self.place.glob(f"*{UNFINISHED}")):
            try:
                known = json.loads((folder / _PLAN).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                # It did not get as far as its plan.
                continue
            if known["database"] == self.database.name:
                moment = datetime.fromisoformat(known["moment"])
                return Plan(
                    folder=folder,
                    backup=known["backup"],
                    moment=moment,
                    begun_at=known["begun_at"],
                    users_a_part=known["users_a_part"],
                )
        return None

    def _begin(self) -> Plan:
        folder = self.place / f"{folder_name(self.moment)}{UNFINISHED}"
        if (self.place / folder_name(self.moment)).exists():
            message = f"{self.place} has a backup of {rfc3339(self.moment)} already"
            raise WrongUseError(message)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        plan = Plan(
            folder=folder,
            backup=uuid.uuid4().hex,
            moment=self.moment,
            begun_at=rfc3339(datetime.now(UTC)),
            users_a_part=self.users_a_part,
        )
        known = {"database": self.database.name, "moment": self.moment.isoformat(), "backup": plan.backup}
        write_json(folder / _PLAN, {**known, "begun_at": plan.begun_at, "users_a_part": plan.users_a_part})
        return plan

    def _spans(self, plan: Plan) -> Iterator[Span]:
        """All of the database, but for what is left out; the same spans of the same moment, however often."""
        for collection in self.database.collections(plan.moment):
            if collection == STREAKS:
                yield from self._of_users(plan)
            elif collection not in LEFT_OUT:
                yield Span(collection=collection)

    def _of_users(self, plan: Plan) -> Iterator[Span]:
        begin: str | None = None
        for number, user in enumerate(self.database.ids(STREAKS, plan.moment)):
            if number and number % plan.users_a_part == 0:
                yield Span(collection=STREAKS, begin=begin, end=user)
                begin = user
        yield Span(collection=STREAKS, begin=begin)

    def _part(self, plan: Plan, number: int, span: Span) -> Part:
        """The part of a span, as an earlier call has written it or anew."""
        known = plan.folder / f".part-{number:06d}.json"
        try:
            part = Part.model_validate_json(known.read_bytes())
        except (OSError, ValidationError):
            part = write_part(plan.folder, plan.backup, number, span, self._lines(span, plan.moment))
            write_json(known, part.model_dump())
        else:
            self.tell(part.documents)
        return part

    def _lines(self, span: Span, moment: datetime) -> Iterator[bytes]:
        for number, document in enumerate(self.database.documents(span, moment), 1):
            if number % 100 == 0:
                if self.stopping.is_set():
                    raise StoppedError
                self.tell(100)
            yield line_of(document)

    def _finish(self, plan: Plan, manifest: Manifest) -> Path:
        write_manifest(plan.folder, manifest)
        for one in (*plan.folder.glob(".part-*"), *plan.folder.glob("*.half"), plan.folder / _PLAN):
            one.unlink()
        return plan.folder.rename(self.place / folder_name(plan.moment))


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Nobody else takes a backup there meanwhile. Raises `WrongUseError`."""
    lock = os.open(place / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        message = f"another backup into {place} is under way"
        raise WrongUseError(message) from error
    finally:
        os.close(lock)
