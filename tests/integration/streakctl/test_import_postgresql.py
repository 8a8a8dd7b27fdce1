"""`streakctl import` from a PostgreSQL server: every type that a column may have, and what is no day there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from streak_core.queries import StreakQueries
from streak_core.store.users import UserStore
from tests.integration.streakctl.calling import call, lines
from tests.support.postgresql import PostgresServer, postgres_server
from tests.support.shipped_policy import policies
from tests.support.wanted import needs
from tools.streakctl.bringing.databases import PAGE_ROWS, PostgresTable, Query
from tools.streakctl.database import WrongUseError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.recorded_client import RecordedClient

pytest.importorskip("psycopg")
pytestmark = needs("postgresql")

TODAY: Final = datetime.now(UTC).date()
# Up to the day before yesterday: over there too, whatever time it is.
DAYS: Final = [TODAY - timedelta(days=back) for back in (9, 8, 4, 3, 2)]
AS_DATES: Final = ", ".join(f"'{day}'" for day in DAYS)
ADA: Final = "5d2f6c1e-8a57-4d0b-9d53-0f7d1a6f3c11"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One for the module."""
    with postgres_server() as running:
        yield running


def test_active_days_are_dates_or_texts_in_an_array(
    server: PostgresServer, client: RecordedClient, project_id: str
) -> None:
    server.run(
        "CREATE SCHEMA app",
        "CREATE TABLE app.streaks (user_id uuid, days date[], texts text[], freezes smallint, xp_total numeric(12, 2),"
        " as_of timestamptz, time_zone varchar(40))",
        f"INSERT INTO app.streaks SELECT '{ADA}', ARRAY[{AS_DATES}]::date[], ARRAY[{AS_DATES}], 2, 1480.00, now(),"
        " 'Europe/Amsterdam'",
    )
    # What the other column has is the same, so that it was there already.
    for column, fate in (("days", "imported"), ("texts", "already_there")):
        words = (server.address, "--table", "app.streaks", "--map", f"active_days={column}", "--json")
        result = call(project_id, "import", *words)
        told = lines(result)[-1]
        assert (result.exit_code, told[fate], told["proved"]) == (0, 1, True), result.stderr
    now = datetime.now(UTC)
    asked = StreakQueries(UserStore(client, policies), policies)
    streak = asked.streak(ADA, now)
    assert (streak["longest_streak"], streak["xp_total"]) == (3, 1480)
    shown = [date.fromisoformat(one["date"]) for one in asked.calendar(ADA, now, 30)["days"] if one["has_activity"]]
    assert sorted(shown) == DAYS
    assert call(project_id, "verify", "--uid", ADA).exit_code == 0


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("no_day", "ARRAY['2026-02-30']"),
        ("nothing", "ARRAY[NULL]::date[]"),
        ("after_all_days", "ARRAY['infinity']::date[]"),
        ("long_ago", "ARRAY['0044-03-15 BC']::date[]"),
        ("far_ahead", "ARRAY['20000-01-01']::date[]"),
        ("one_number", "7::int"),
    ],
)
def test_what_is_no_day_is_refused_by_its_field_and_the_row_behind_it_is_not(
    server: PostgresServer, project_id: str, tmp_path: Path, name: str, days: str
) -> None:
    server.run(
        f"CREATE TABLE {name} AS SELECT 'ada' AS user_id, NULL::int AS current_streak, {days} AS active_days",
        f"INSERT INTO {name} VALUES ('ben', 0, NULL)",  # noqa: S608 - a test's own
    )
    refused = tmp_path / "refused.ndjson"
    words = ("--table", name, "--time-zone", "UTC", "--dry-run", "--json", "--refused", str(refused))
    result = call(project_id, "import", server.address, *words)
    assert result.exit_code == 1, result.stderr
    told = lines(result)[-1]
    assert (told["rows"], told["imported"], told["refused"]) == (2, 1, 1)
    [row] = map(json.loads, refused.read_text().splitlines())
    assert (row["source"]["user_id"], [one["field"] for one in row["errors"]]) == ("ada", ["active_days"])


def test_rows_of_many_pages_come_one_by_one(server: PostgresServer) -> None:
    rows = 2 * PAGE_ROWS + 1
    server.run(f"CREATE TABLE many AS SELECT generate_series(1, {rows}) AS number")
    table = PostgresTable(server.address, Query("many"))
    assert (table.count(), table.columns()) == (rows, ["number"])
    assert [(row.number, row.values["number"]) for row in table.rows()] == [(each, each) for each in range(1, rows + 1)]


def test_nothing_is_written_there(server: PostgresServer) -> None:
    server.run(
        "CREATE TABLE kept AS SELECT 1 AS number",
        "CREATE FUNCTION more() RETURNS int AS 'INSERT INTO kept VALUES (2) RETURNING number' LANGUAGE sql",
    )
    with pytest.raises(WrongUseError, match="read-only"):
        list(PostgresTable(server.address, Query("kept", ", more()")).rows())
    assert PostgresTable(server.address, Query("kept")).count() == 1


@pytest.mark.parametrize(("place", "said"), [("", "has no table"), ("/nowhere", "can't be used")])
def test_a_table_or_a_server_that_is_not_there_is_said_in_one_sentence(
    server: PostgresServer, project_id: str, place: str, said: str
) -> None:
    address = server.address.replace(f"host={server.folder}", f"host={server.folder}{place}")
    result = call(project_id, "import", address, "--table", "none", "--dry-run")
    assert (result.exit_code, "Traceback" in result.stderr) == (2, False)
    assert said in result.stderr


def test_a_form_says_which_table_it_looked_for_and_which_there_are(server: PostgresServer) -> None:
    server.run("CREATE SCHEMA other", "CREATE TABLE other.people (id int)", "CREATE TABLE learners (id int)")
    with pytest.raises(WrongUseError, match=r"no table Authentication_\w+, .* one of: .*learners, .*other\.people"):
        PostgresTable(server.address, Query("Authentication_userstreak")).columns()
