"""Brings a backup back: into an empty database, or one user, under a lease, compared with the manifest, then proved.

It must not know terminals, nor how a user is proved. Killed at any point and called again, it comes to the same end.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.pacing import NoBudget, WriteBudget
from streak_core.proving.stopped import StoppedError
from streak_core.store.documents import STREAKS, user_doc_id
from streak_core.store.write_lease import LEASE, LeaseTakenError, WriteLease, WriteLeases
from tools.streakctl.backup.encoding import Message, document_of, line_of, path_of, path_of_line
from tools.streakctl.backup.manifest import LEFT_OUT, Kept
from tools.streakctl.backup.parts import FOLDER_MODE, Content, Part, read_lines, write_part
from tools.streakctl.backup.raw_database import RawDatabase, Span
from tools.streakctl.database import WrongUseError
from tools.streakctl.in_threads import in_threads

# Of one commit.
WRITES_MAX: Final = 200
BYTES_MAX: Final = 4 << 20
_NAMED_MAX: Final = 5
_SIGN_OF_LIFE_SECONDS: Final = LEASE.total_seconds() / 4


class DiffersError(Exception):
    """What was written is not what is there; the message says where."""


@dataclass(frozen=True, kw_only=True)
class RestoreRun:
    """One call, of a backup whose files are known to be right.

    `wait_until_heeded` waits until everybody heeds the lease; `tell` hears how many documents were written or compared.
    """

    database: RawDatabase
    leases: WriteLeases
    kept: Kept
    wait_until_heeded: Callable[[], None]
    threads: int = 4
    budget: WriteBudget = field(default_factory=NoBudget)
    tell: Callable[[int], None] = lambda _: None
    stopping: threading.Event = field(default_factory=threading.Event)
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)

    def all_users(self, is_proved: Callable[[], bool]) -> bool:
        """Everything; whether `is_proved` says so afterwards. Only then the service is open again.

        Raises `WrongUseError` where the database is not empty, `DiffersError`, `DatabaseUnavailable`, `StoppedError`.
        """
        parts, is_again = self.kept.manifest.parts, self._is_begun(None)
        if not is_again:
            self._check_empty()
        with self._closed(None) as lease:
            # Whoever has emptied the database since begins anew.
            done = lease.parts_done if self._there() else 0
            if not done:
                self.wait_until_heeded()
            if not is_again:
                self._check_empty()
            work = (partial(self._write_part, part) for part in parts[done:])
            for number, _ in enumerate(in_threads(work, self.threads, self.stopping), done + 1):
                self._keep_lease(number)
            wrong = [one for one in self._differences(parts) if one]
            if wrong:
                raise DiffersError("; ".join(wrong[:_NAMED_MAX]))
            return self._opened(is_proved)

    def one_user(self, user_id: str, is_damaged: Callable[[], bool], is_proved: Callable[[], bool]) -> bool:
        """One user, into nothing or over what `is_damaged`, which is kept beside the backup; else as `all_users`."""
        home, span = f"{STREAKS}/{user_doc_id(user_id)}", _of_user(user_id)
        part = next((one for one in self.kept.manifest.parts if one.span.holds(home)), None)
        if part is None or next(self._lines_of(part, home), None) is None:
            message = f"the backup holds nothing of the user {user_id}"
            raise WrongUseError(message)
        is_again = self._is_begun((user_id,))
        if not is_again:
            self._check_damaged(span, is_damaged)
        with self._closed((user_id,)):
            self.wait_until_heeded()
            if not is_again:
                self._check_damaged(span, is_damaged)
            self._put_aside(span)
            for documents in _batches(document_of(one, self.database.name) for one in self._lines_of(part, home)):
                self._write(documents)
            expected, found = _content(self._lines_of(part, home)), _content(self._stored(span))
            if (expected.documents, expected.sha256) != (found.documents, found.sha256):
                message = f"{home}: {found.documents} documents are there, {expected.documents} were written"
                raise DiffersError(message)
            return self._opened(is_proved)

    def _is_begun(self, user_ids: tuple[str, ...] | None) -> bool:
        """Whether an earlier call has begun just this."""
        lease = self.leases.find()
        return lease is not None and (lease.backup, lease.user_ids) == (self.kept.manifest.backup, user_ids)

    def _there(self) -> list[str]:
        """The collections that are there of what a backup holds."""
        return sorted(set(self.database.collections()) - set(LEFT_OUT))

    def _check_empty(self) -> None:
        if there := self._there():
            message = (
                f"{self.database.name} is not empty: it has {', '.join(there[:5])}. A backup goes into an empty one "
                "alone, since what came later would stay among the old: make a new one, or restore one user with --uid"
            )
            raise WrongUseError(message)

    def _check_damaged(self, span: Span, is_damaged: Callable[[], bool]) -> None:
        if next(self.database.documents(span), None) is not None and not is_damaged():
            message = f"nothing was changed: `streakctl verify --uid` finds nothing wrong with {span.begin}"
            raise WrongUseError(message)

    @contextmanager
    def _closed(self, user_ids: tuple[str, ...] | None) -> Iterator[WriteLease]:
        """Under the lease, kept by signs of life; it stays where it is not given back. Raises as `all_users`."""
        backup = self.kept.manifest.backup
        reason = f"restoring the backup of {self.kept.manifest.moment}"
        now = datetime.now(UTC)
        wanted = WriteLease(reason=reason, taken_at=now, user_ids=user_ids, owner=self.owner, backup=backup)
        try:
            lease = self.leases.take(wanted, now)
        except LeaseTakenError as error:
            raise WrongUseError(_taken(error.lease)) from error
        over = threading.Event()
        alive = threading.Thread(target=self._stay_alive, args=(over,), daemon=True)
        alive.start()
        try:
            yield lease
        finally:
            over.set()
            alive.join()

    def _stay_alive(self, over: threading.Event) -> None:
        while not over.wait(_SIGN_OF_LIFE_SECONDS):
            try:
                self._keep_lease()
            except DatabaseUnavailable:
                continue
            except StoppedError:
                return

    def _keep_lease(self, parts_done: int | None = None) -> None:
        """Raises `StoppedError` where somebody else has taken the restore over."""
        try:
            self.leases.keep(self.owner, datetime.now(UTC), parts_done)
        except LeaseTakenError as error:
            self.stopping.set()
            raise StoppedError from error

    def _opened(self, is_proved: Callable[[], bool]) -> bool:
        if not is_proved():
            return False
        self.leases.give_back(self.owner, datetime.now(UTC))
        return True

    def _write_part(self, part: Part) -> None:
        lines = read_lines(self.kept.folder, self.kept.manifest.backup, part)
        for documents in _batches(document_of(one, self.database.name) for one in lines):
            self._write(documents)

    def _write(self, documents: Sequence[Message]) -> None:
        if self.stopping.is_set():
            raise StoppedError
        self.budget.take(len(documents))
        self.database.write(documents)
        self.tell(len(documents))

    def _differences(self, parts: Sequence[Part]) -> Iterator[str | None]:
        """What of each part is not in the database as it is in the backup, and what is there besides."""
        yield from in_threads((partial(self._difference, part) for part in parts), self.threads, self.stopping)
        more = set(self._there()) - {part.collection for part in parts}
        yield f"collections that the backup does not have: {', '.join(sorted(more))}" if more else None

    def _difference(self, part: Part) -> str | None:
        found = _content(self._stored(part.span))
        if found.is_of(part):
            return None
        what = f"{part.collection} from {part.begin or 'the first'} to {part.end or 'the last'}"
        return f"{what}: {found.documents} documents are there, {part.documents} in {part.file}, or their hash differs"

    def _stored(self, span: Span) -> Iterator[bytes]:
        for document in self.database.documents(span):
            if self.stopping.is_set():
                raise StoppedError
            yield line_of(document)

    def _lines_of(self, part: Part, home: str) -> Iterator[bytes]:
        for line in read_lines(self.kept.folder, self.kept.manifest.backup, part):
            if f"{path_of_line(line)}/".startswith(f"{home}/"):
                yield line

    def _put_aside(self, span: Span) -> None:
        """Takes what is there of a user out of the database and into a file, which stays."""
        named = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        replaced = self.kept.folder.parent / f"replaced-{named}"
        paths = [path_of(one.name) for one in self.database.documents(span)]
        if not paths:
            return
        replaced.mkdir(mode=FOLDER_MODE)
        write_part(replaced, named, 0, span, self._stored(span))
        for begin in range(0, len(paths), WRITES_MAX):
            self.database.delete(paths[begin : begin + WRITES_MAX])


def _of_user(user_id: str) -> Span:
    """Everything of one user."""
    begin = user_doc_id(user_id)
    return Span(collection=STREAKS, begin=begin, end=f"{begin}\0")


def _content(lines: Iterable[bytes]) -> Content:
    content = Content()
    for line in lines:
        content.add(line)
    return content


def _batches(documents: Iterable[Message]) -> Iterator[list[Message]]:
    """As many as one commit takes."""
    batch: list[Message] = []
    size = 0
    for document in documents:
        if batch and (len(batch) == WRITES_MAX or size + document.ByteSize() > BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += document.ByteSize()
    if batch:
        yield batch


def _taken(lease: WriteLease | None) -> str:
    if lease is None:
        return "the lease is contested; try again"
    if lease.owned_until > datetime.now(UTC):
        return f"somebody else is at it ({lease.reason}); their lease ends at {lease.owned_until:%H:%M:%S} UTC"
    return (
        f"this database is half restored otherwise ({lease.reason}): go on with that, "
        "or empty the database and give `streakctl open`"
    )
