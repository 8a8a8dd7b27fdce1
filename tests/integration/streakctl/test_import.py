"""`streakctl import` as an operator gives it: what is written, what is refused, and that nothing is there twice."""

from __future__ import annotations

import getpass
import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from typer.testing import CliRunner

from emulator.child import tethered
from emulator.places import ROOT
from streak_core.commands import StreakCommands
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import CheckIn
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.queries import StreakQueries
from streak_core.store.users import UserStore
from tests.support.shipped_policy import RULES, policies
from tools.streakctl.app import app
from tools.streakctl.bringing.forms import OWN
from tools.streakctl.bringing.importing import TRIES_MAX, Fate, Importer, NotAsImportedError
from tools.streakctl.bringing.mapping import RowReader
from tools.streakctl.bringing.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from google.cloud import firestore
    from typer.testing import Result

    from streak_core.store.users import Loaded
    from tests.support.recorded_client import RecordedClient

COMMAND: Final = [sys.executable, "-m", "tools.streakctl"]
TODAY: Final = datetime.now(UTC).date()
# Yesterday there, whatever time it is here.
LAST: Final = str(TODAY - timedelta(days=2))
ADA: Final[dict[str, Any]] = {
    "user_id": "ada",
    "time_zone": "Europe/Amsterdam",
    "current_streak": 12,
    "longest_streak": 40,
    "last_active_date": LAST,
    "freezes": 3,
    "xp_total": 1480,
}
BAD: Final[dict[str, tuple[dict[str, Any], str, list[str]]]] = {
    "current above longest": ({"current_streak": 41}, "invalid_request", ["current_streak", "longest_streak"]),
    "a date ahead": ({"last_active_date": str(TODAY + timedelta(days=3))}, "invalid_request", ["last_active_date"]),
    "an unknown zone": ({"time_zone": "Mars/Base"}, "invalid_request", ["time_zone"]),
    "a doubled user": ({"user_id": "ada"}, "invalid_request", ["user_id"]),
    "somebody known": ({"user_id": "eve"}, "user_exists", [""]),
    "more freezes than can be held": ({"freezes": 6}, "invalid_request", ["freezes"]),
}


def call(project: str, *words: str, environment: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(
        app, ["import", *words, "--project", project], env={"COLUMNS": "200", **(environment or {})}
    )


def ndjson(path: Path, users: Iterable[dict[str, Any]], name: str = "users.ndjson") -> str:
    file = path / name
    file.write_text("".join(json.dumps(one) + "\n" for one in users))
    return str(file)


def summary(result: Result) -> dict[str, Any]:
    told = json.loads(result.stdout.splitlines()[-1])
    return {name: told[name] for name in ("complete", "proved", "rows", "imported", "already_there", "refused")}


def ids(client: firestore.Client) -> set[str]:
    return {one.id for one in client.collection("streaks").list_documents()}


def check_proved(project: str, *users: str) -> None:
    """Each of them is what the ledger leads to."""
    named = [word for user in users for word in ("--uid", user)]
    proved = CliRunner().invoke(app, ["verify", "--json", "--project", project, *named])
    assert proved.exit_code == 0, proved.stdout


def test_users_are_there_as_elsewhere_and_prove(client: RecordedClient, project_id: str, tmp_path: Path) -> None:
    days = [str(TODAY - timedelta(days=back)) for back in range(2, 900) if back % 5]
    ben = {**ADA, "user_id": "ben", "active_days": days, "current_streak": 100, "longest_streak": 100}
    result = call(project_id, ndjson(tmp_path, [ADA, ben]), "--json", "--reason", "moved")
    assert (result.exit_code, summary(result)) == (
        0,
        {"complete": True, "proved": True, "rows": 2, "imported": 2, "already_there": 0, "refused": 0},
    )
    asked = StreakQueries(UserStore(client, policies), policies)
    now = datetime.now(UTC)
    streak = asked.streak("ada", now)
    assert (streak["current_streak"], streak["longest_streak"], streak["xp_total"]) == (12, 40, 1480)
    year = asked.calendar("ben", now, 366)["days"]
    in_year = sorted(day for day in days if date.fromisoformat(day) > TODAY - timedelta(days=360))
    assert set(in_year) <= {one["date"] for one in year if one["has_activity"]} <= set(days)
    check_proved(project_id, "ada", "ben")
    (told,) = [one.to_dict() or {} for one in client.collection("records/ada/audit").stream()]
    assert f"streakctl:{getpass.getuser()}" in str(told)


def test_again_nothing_changes_and_each_was_there_already(
    client: RecordedClient, project_id: str, tmp_path: Path
) -> None:
    source = ndjson(tmp_path, [{**ADA, "user_id": f"u{number}"} for number in range(30)])
    assert call(project_id, source).exit_code == 0
    before = {one.id: one.get().to_dict() for one in client.collection("streaks").list_documents()}
    result = call(project_id, source, "--json", "--reason", "said otherwise this time")
    assert (result.exit_code, summary(result)["already_there"]) == (0, 30)
    assert {one.id: one.get().to_dict() for one in client.collection("streaks").list_documents()} == before


@pytest.mark.parametrize("what", BAD)
def test_a_bad_row_is_refused_with_the_reason_and_the_rest_goes_on(
    client: RecordedClient, project_id: str, tmp_path: Path, what: str
) -> None:
    change, code, fields = BAD[what]
    StreakCommands(UserStore(client, policies), policies).execute("eve", datetime.now(UTC), CheckIn())
    source = ndjson(tmp_path, [ADA, {**ADA, "user_id": "bad", **change}, {**ADA, "user_id": "cem"}])
    refused = tmp_path / "refused.ndjson"
    result = call(project_id, source, "--json", "--refused", str(refused))
    assert (result.exit_code, summary(result)) == (
        1,
        {"complete": True, "proved": True, "rows": 3, "imported": 2, "already_there": 0, "refused": 1},
    )
    (line,) = map(json.loads, refused.read_text().splitlines())
    assert (line["row"], line["code"], [one["field"] for one in line["errors"]]) == (2, code, fields)
    assert line["source"] == {**ADA, "user_id": "bad", **change}
    assert all(one["message"] for one in line["errors"])
    assert ids(client) == {"ada", "cem", "eve"}
    assert refused.stat().st_mode & 0o077 == 0


def test_refused_rows_are_shown_where_no_file_keeps_them(project_id: str, tmp_path: Path) -> None:
    result = call(project_id, ndjson(tmp_path, [{**ADA, "time_zone": "Mars\u001b[31m/Base"}]))
    assert result.exit_code == 1
    assert "row 1, nobody: invalid_request: time_zone" in result.stderr
    assert "\u001b" not in result.stderr + result.stdout
    assert "1 rows = 0 imported, read back and compared + 0 already there + 1 refused" in result.stdout


def test_a_dry_run_decides_about_every_row_and_writes_nothing(
    client: RecordedClient, project_id: str, tmp_path: Path
) -> None:
    source = ndjson(tmp_path, [ADA, {**ADA, "user_id": "ben", "current_streak": 41}])
    result = call(project_id, source, "--dry-run", "--json")
    assert (result.exit_code, summary(result)["imported"], summary(result)["refused"]) == (1, 1, 1)
    assert ids(client) == set()


def test_a_table_without_users_is_done_at_once(project_id: str, tmp_path: Path) -> None:
    file = tmp_path / "users.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE u (user_id, current_streak)")
    result = call(project_id, str(file), "--table", "u", "--json")
    assert (result.exit_code, summary(result)["rows"]) == (0, 0)


def test_what_is_stored_in_the_form_of_before_can_t_hold_it(
    client: RecordedClient, project_id: str, tmp_path: Path
) -> None:
    result = call(project_id, ndjson(tmp_path, [ADA]), environment={"STREAK_STORED_FORM": "1"})
    assert (result.exit_code, ids(client)) == (2, set())
    assert "can't do this yet" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{source}", "--refused", "{source}"], "would be lost"),
        (["{source}", "--refused", "{folder}/none/refused"], "can't be written"),
        (["{source}", "--table", "u"], "--table"),
        (["{folder}/other.csv"], "there is no file"),
        (["{source}", "--map", "level=x"], "FIELD=COLUMN"),
        (["{source}", "--reason", " "], "Say why"),
    ],
)
def test_wrong_use_is_said_in_one_sentence_and_nothing_is_lost(
    client: RecordedClient, project_id: str, tmp_path: Path, words: list[str], said: str
) -> None:
    source = ndjson(tmp_path, [ADA])
    result = call(project_id, *(word.format(source=source, folder=tmp_path) for word in words))
    assert (result.exit_code, ids(client)) == (2, set())
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert json.loads((tmp_path / "users.ndjson").read_text()) == ADA


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_somebody_who_was_erased_stays_so_and_the_row_behind_is_imported(
    client: RecordedClient, project_id: str, tmp_path: Path, words: tuple[str, ...]
) -> None:
    StreakCommands(UserStore(client, policies), policies).execute("ada", datetime.now(UTC), CheckIn())
    erase = ["erase", "ada", "--reason", "asked to", "--project", project_id]
    erased = CliRunner().invoke(app, erase)
    assert erased.exit_code == 0, erased.stderr
    before = client.document("streaks/ada").get().to_dict()
    refused = tmp_path / "refused.ndjson"
    source = ndjson(tmp_path, [ADA, {**ADA, "user_id": "ben"}])
    result = call(project_id, source, "--json", "--refused", str(refused), *words)
    assert (result.exit_code, summary(result)["imported"], summary(result)["refused"]) == (1, 1, 1)
    [line] = map(json.loads, refused.read_text().splitlines())
    assert (line["user_id"], line["code"]) == ("ada", "user_erased")
    assert client.document("streaks/ada").get().to_dict() == before
    assert [one.id for one in client.collection("streaks/ada/ledger").list_documents()] == []


class Forgetful(UserStore):
    """Reads another freeze than was written."""

    def load(self, user_id: str, entry_ids: Iterable[str] = (), months: Iterable[str] = ()) -> Loaded:
        loaded = super().load(user_id, entry_ids, months)
        if loaded.streak:
            checkpoint = loaded.streak.checkpoint
            object.__setattr__(checkpoint, "freezes", checkpoint.freezes + 1)
        return loaded


class Slow(UserStore):
    """Does not answer in time, so many times."""

    silent: int

    def load(self, user_id: str, entry_ids: Iterable[str] = (), months: Iterable[str] = ()) -> Loaded:
        self.silent -= 1
        if self.silent >= 0:
            raise DatabaseUnavailable
        return super().load(user_id, entry_ids, months)


def importer(store: UserStore, slept: list[float] | None = None) -> Importer:
    waits: list[float] = [] if slept is None else slept
    return Importer(
        commands=StreakCommands(store, policies),
        reader=RowReader(form=OWN, reason="moved", day_starts=RULES.day_starts),
        actor=Actor(kind=ActorKind.ADMIN, id="streakctl"),
        clock=lambda: datetime.now(UTC),
        sleep=waits.append,
    )


ROWS: Final = [Row(number=1, values=ADA)]


def test_what_is_read_back_is_compared(client: RecordedClient) -> None:
    with pytest.raises(NotAsImportedError, match="ada"):
        list(importer(Forgetful(client, policies)).bring_all(ROWS))
    assert [one.fate for one in importer(UserStore(client, policies)).bring_all(ROWS)] == [Fate.ALREADY_THERE]
    other = [Row(number=1, values={**ADA, "user_id": "ben"})]
    assert [one.fate for one in importer(UserStore(client, policies)).bring_all(other)] == [Fate.IMPORTED]


def test_a_database_that_is_slow_for_a_moment_is_asked_again_and_one_that_is_gone_ends_it(
    client: RecordedClient,
) -> None:
    store, slept = Slow(client, policies), list[float]()
    store.silent = TRIES_MAX
    with pytest.raises(DatabaseUnavailable):
        list(importer(store, slept).bring_all(ROWS))
    assert len(slept) == TRIES_MAX - 1
    store.silent = TRIES_MAX - 1
    assert [one.fate for one in importer(store, slept).bring_all(ROWS)] == [Fate.IMPORTED]


def test_somebody_whose_document_does_not_read_is_somebody_known(client: RecordedClient) -> None:
    client.document("streaks/ada").set({"state": "nonsense", "schema_version": 2})
    (result,) = importer(UserStore(client, policies)).bring_all(ROWS)
    assert (result.fate, result.code) == (Fate.REFUSED, "user_exists")


SIZE: Final = 250


@pytest.fixture
def many(tmp_path: Path) -> str:
    """So many users in a SQLite file."""
    file = tmp_path / "users.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE u (user_id, current_streak, longest_streak, last_active_date)")
        rows = [(f"u{number}", number, number, LAST) for number in range(SIZE)]
        database.executemany("INSERT INTO u VALUES (?, ?, ?, ?)", rows)
        database.commit()
    return str(file)


def started(project: str, source: str) -> subprocess.Popen[str]:
    words = ["import", source, "--table", "u", "--time-zone", "UTC", "--project", project, "--json"]
    return subprocess.Popen(
        tethered([*COMMAND, *words]), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(client: firestore.Client, users: int) -> None:
    """Until so many are written; the process that writes them is not asked."""
    while len(list(client.collection("streaks").limit(users).get())) < users:
        pass


@pytest.mark.parametrize(("signals", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_ended_at_several_moments_and_started_again_everybody_is_there_once(
    client: RecordedClient, project_id: str, many: str, signals: signal.Signals, status: int
) -> None:
    for further in (1, 30, 75):
        with started(project_id, many) as process:
            wait_for(client, min(len(ids(client)) + further, SIZE))
            process.send_signal(signals)
            told, _ = process.communicate()
        # On a fast machine it may be done before it hears.
        assert process.returncode in {status, 0}
        if told:
            counts = json.loads(told)
            assert counts["imported"] + counts["already_there"] <= counts["rows"] <= SIZE
    with started(project_id, many) as process:
        told, said = process.communicate()
    counts = json.loads(told)
    assert (process.returncode, counts["proved"], counts["rows"]) == (0, True, SIZE), said
    assert counts["already_there"] > 100
    assert counts["imported"] + counts["already_there"] == SIZE
    users = {one.id: json.loads((one.to_dict() or {})["state"])["seq"] for one in client.collection("streaks").get()}
    assert users == {f"u{number}": 1 for number in range(SIZE)}
    check_proved(project_id, "u0", f"u{SIZE // 2}", f"u{SIZE - 1}")
