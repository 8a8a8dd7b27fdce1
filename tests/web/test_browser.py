"""The client in a real browser: its network cut at every point of a send, its tabs killed, two at once."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from emulator.token import unsigned_token
from testing.chromium import FLAGS
from testing.pages import Pages
from tests.support.thoroughness import sample
from tests.support.unkept import HTTP
from tests.support.wanted import found, needs
from tests.web.cutting import REFUSED, WHOLE, Cut, CuttingProxy

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright

pytestmark = needs("chromium")

# In the page: a client of `uid`, whose waiting passes `speed` times as fast.
OPEN: Final = """async ({ url, uid, token, speed }) => {
  const { createClient } = await import("/src/index.js");
  window.client?.close();
  window.events = [];
  window.shown = [];
  const clock = {
    now: () => Date.now(),
    steady: () => performance.now() * speed,
    after: (milliseconds, act) => {
      const timer = setTimeout(act, milliseconds === 30000 ? milliseconds : milliseconds / speed);
      return () => clearTimeout(timer);
    },
  };
  window.client = createClient({ baseUrl: url, getToken: () => token, userId: uid, clock });
  window.client.queue.subscribe((event) => window.events.push(event));
}"""
RECORD: Final = "(activity) => window.client.queue.record(activity).then(({ key }) => key)"
GUIDE: Final = {"activityType": "study_guide_completed"}
_UIDS: Final = itertools.count()


class Tab:
    """One tab of an app, on a network that can be cut."""

    def __init__(self, page: Page, origin: str, network: CuttingProxy, uid: str, speed: int = 50) -> None:
        self.page = page
        self._client = {"url": network.url, "uid": uid, "token": unsigned_token(uid), "speed": speed}
        page.goto(f"{origin}/")
        self.begin()

    def begin(self) -> None:
        """Begins with a client that was heard by nobody yet: it sends at once all that waits."""
        self.page.evaluate(OPEN, self._client)

    def record(self, **more: str) -> str:
        key: str = self.page.evaluate(RECORD, GUIDE | more)
        return key

    def waiting(self) -> int:
        number: int = self.page.evaluate("() => window.client.queue.waiting().then(({ length }) => length)")
        return number

    def events(self, kind: str) -> list[Any]:
        events: list[Any] = self.page.evaluate("(type) => window.events.filter((one) => one.type === type)", kind)
        return events

    def crash(self) -> None:
        """Ends its process, as a phone out of memory does."""
        from playwright.sync_api import Error

        with self.page.expect_event("crash"), contextlib.suppress(Error):
            self.page.goto("chrome://crash")
        self.page.close()


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits for what another process does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came so"
        time.sleep(0.02)


def new_uid() -> str:
    return f"browser-{os.getpid()}-{next(_UIDS)}"


@pytest.fixture
def network(service: str) -> Iterator[CuttingProxy]:
    """A network that is whole until a test cuts it."""
    with CuttingProxy(service) as between:
        yield between


def recorded(service: str, uid: str) -> list[str]:
    """The ids of what the service has of a user, the first recorded first, also of those recorded at once."""
    headers = {"Authorization": f"Bearer {unsigned_token(uid)}"}
    lines = HTTP.get(f"{service}/streak/export", headers=headers, timeout=30).text.splitlines()
    entries = [one for one in map(json.loads, lines) if one.get("collection") == "ledger"]
    return [one["id"].removeprefix("activity.") for one in sorted(entries, key=lambda one: one["data"]["seq"])]


# A preflight and the command on one connection, by the byte; then beyond their ends, where nothing is cut.
POINTS: Final = [
    *(Cut(up=at) for at in (1, *range(60, 2_000, 60))),
    *(Cut(down=at) for at in (1, *range(60, 3_000, 60))),
    REFUSED,
]


def test_cut_at_any_byte_of_a_send_an_activity_is_recorded_exactly_once(
    context: BrowserContext, pages: Pages, service: str, network: CuttingProxy
) -> None:
    tab = Tab(context.new_page(), pages.url, network, uid := new_uid())
    keys = []
    for point in sample(POINTS):
        # The next connection is cut there, and no other.
        network.cut_all()
        cuts = iter([point])
        network.plan = lambda cuts=cuts: next(cuts, WHOLE)  # type: ignore[misc]
        keys.append(tab.record())
        until(lambda: tab.waiting() == 0)
    assert recorded(service, uid) == keys
    assert len(tab.events("done")) == len(keys)
    assert network.cuts >= len(keys) // 2
    tab.page.close()


# The same of a batch, which is longer, and so is its answer.
BATCH_POINTS: Final = [
    *(Cut(up=at) for at in (1, *range(80, 2_400, 200))),
    *(Cut(down=at) for at in (1, *range(150, 6_000, 350))),
    REFUSED,
]
BATCH: Final = b"POST /streak/activities:batch "


def keep(tab: Tab, network: CuttingProxy, number: int) -> list[str]:
    """The keys of so many activities that wait, of which nothing has reached the service."""
    network.plan = lambda: REFUSED
    network.cut_all()
    keys = [tab.record() for _ in range(number)]
    # What it is just trying would get through else.
    tab.page.evaluate("() => window.client.queue.flush().then(() => window.client.close())")
    return keys


def test_cut_at_any_byte_of_a_batch_its_activities_are_recorded_exactly_once_in_their_order(
    context: BrowserContext, pages: Pages, service: str, network: CuttingProxy
) -> None:
    tab = Tab(context.new_page(), pages.url, network, uid := new_uid())
    keys = []
    for point in sample(BATCH_POINTS):
        keys += keep(tab, network, 3)
        cuts = iter([point])
        network.plan = lambda cuts=cuts: next(cuts, WHOLE)  # type: ignore[misc]
        tab.begin()
        until(lambda: tab.waiting() == 0)
        assert {one["command"]["key"] for one in tab.events("done")} == set(keys[-3:])
    assert recorded(service, uid) == keys
    assert network.sent.count(BATCH) >= len(sample(BATCH_POINTS))
    tab.page.close()


def test_where_a_tab_is_killed_over_a_batch_that_was_recorded_the_other_one_hears_the_answers(
    context: BrowserContext, pages: Pages, service: str, network: CuttingProxy
) -> None:
    uid = new_uid()
    sending, other = (Tab(context.new_page(), pages.url, network, uid) for _ in range(2))
    keys = keep(sending, network, 3)
    network.plan, network.holds_from = (lambda: WHOLE), BATCH
    sending.begin()
    until(lambda: recorded(service, uid) == keys)
    sending.crash()
    network.is_holding, network.holds_from = False, None
    network.cut_all()
    other.page.evaluate("() => window.client.wake()")
    until(lambda: other.waiting() == 0)
    assert recorded(service, uid) == keys
    assert [(one["command"]["key"], one["isReplayed"]) for one in other.events("done")] == [(key, True) for key in keys]
    other.page.close()


@pytest.mark.parametrize("is_answer_lost", [False, True])
def test_a_killed_tab_leaves_what_it_was_sending_to_the_next_one(
    context: BrowserContext, pages: Pages, service: str, network: CuttingProxy, *, is_answer_lost: bool
) -> None:
    tab = Tab(context.new_page(), pages.url, network, uid := new_uid())
    network.plan = lambda: WHOLE if is_answer_lost else REFUSED
    network.is_holding = is_answer_lost
    keys = [tab.record(), tab.record()]
    if is_answer_lost:
        # A preflight is never answered either: the command itself is let through by the tab that follows.
        until(lambda: b"OPTIONS /streak/activities" in network.sent)
    tab.crash()
    network.plan, network.is_holding = lambda: WHOLE, False
    network.cut_all()
    following = Tab(context.new_page(), pages.url, network, uid)
    until(lambda: following.waiting() == 0)
    assert recorded(service, uid) == keys
    following.page.close()


def test_two_tabs_at_once_send_each_command_once_and_both_hear_of_it(
    context: BrowserContext, pages: Pages, service: str, network: CuttingProxy
) -> None:
    uid = new_uid()
    tabs = [Tab(context.new_page(), pages.url, network, uid) for _ in range(2)]
    # Most of them wait when the network comes, and both tabs would send them; the others come meanwhile.
    network.plan = lambda: REFUSED
    keys = [tab.record() for _ in range(4) for tab in tabs]
    network.plan = lambda: WHOLE
    for tab in tabs:
        tab.page.evaluate("() => window.client.wake()")
    keys += [tab.record() for tab in tabs]
    until(lambda: all(tab.waiting() == 0 for tab in tabs))
    assert sorted(recorded(service, uid)) == sorted(keys)
    alone = network.sent.count(b"POST /streak/activities ")
    assert alone + network.sent.count(b'"activity_id":') == len(keys)
    assert network.sent.count(BATCH) >= 1
    for tab in tabs:
        until(lambda tab=tab: {one["command"]["key"] for one in tab.events("done")} == set(keys))  # type: ignore[misc]
        tab.page.close()


def test_where_the_tab_that_sends_is_killed_the_other_one_goes_on(
    context: BrowserContext, pages: Pages, service: str, network: CuttingProxy
) -> None:
    uid = new_uid()
    sending, other = (Tab(context.new_page(), pages.url, network, uid) for _ in range(2))
    network.is_holding = True
    keys = [sending.record()]
    until(lambda: b"OPTIONS /streak/activities" in network.sent)
    keys.append(other.record())
    assert recorded(service, uid) == []
    sending.crash()
    network.is_holding = False
    network.cut_all()
    until(lambda: other.waiting() == 0)
    assert recorded(service, uid) == keys
    other.page.close()


def test_a_browser_that_is_killed_has_what_it_said_it_had(
    playwright: Playwright, pages: Pages, service: str, network: CuttingProxy, tmp_path: Path
) -> None:
    from playwright.sync_api import Error

    uid = new_uid()
    network.plan = lambda: REFUSED
    options: Any = {"executable_path": found("chromium"), "args": list(FLAGS)}
    killed = playwright.chromium.launch_persistent_context(str(tmp_path), **options)
    tab = Tab(killed.new_page(), pages.url, network, uid)
    keys = [tab.record() for _ in range(3)]
    for pid in chromiums(tmp_path):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(Error):
        until(lambda: tab.waiting() < 0)
    network.plan = lambda: WHOLE
    started = playwright.chromium.launch_persistent_context(str(tmp_path), **options)
    following = Tab(started.new_page(), pages.url, network, uid)
    until(lambda: following.waiting() == 0)
    started.close()
    assert recorded(service, uid) == keys


def chromiums(profile: Path) -> list[int]:
    """The processes of the browser with that profile alone."""
    found_pids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command:
            found_pids.append(int(process.name))
    assert found_pids
    return found_pids


def test_with_no_network_the_streak_is_shown_as_it_was_foretold_until_it_is_dead(
    context: BrowserContext, pages: Pages, network: CuttingProxy
) -> None:
    tab = Tab(page := context.new_page(), pages.url, network, uid := new_uid())
    tab.record(timeZone="UTC")
    until(lambda: tab.waiting() == 0)
    page.evaluate("() => window.client.getStreak()")
    network.plan = lambda: REFUSED
    network.cut_all()
    # The clock of the page stands still, and is moved.
    page.clock.install()
    Tab(page, pages.url, network, uid, speed=1)
    page.evaluate("() => void window.client.watchStreak((one) => window.shown.push(one))")
    # What is known is read from IndexedDB, then shown at once. Only from then on does it move with the clock.
    until(lambda: page.evaluate("() => window.shown.length > 0"))
    seen = []
    for _ in range(4):
        page.clock.fast_forward("24:00:00")
        last = page.evaluate("() => window.shown.at(-1)")
        seen.append((last["isKnown"], last["status"], last["currentStreak"]))
    assert seen == [(True, "pending", 1), (True, "none", 0), (True, "none", 0), (True, "none", 0)]
    page.close()


def test_texts_are_kept_in_indexed_db_by_their_names(context: BrowserContext, pages: Pages) -> None:
    page = context.new_page()
    page.goto(f"{pages.url}/")
    told = page.evaluate("""async () => {
      const { indexedDbStorage } = await import("/src/index.js");
      const [storage, same, other] = [indexedDbStorage("a"), indexedDbStorage("a"), indexedDbStorage("b")];
      for (const name of ["waiting/2", "waiting/1", "refused/1", "streak"]) await storage.set(name, `text of ${name}`);
      await storage.set("streak", "new");
      await same.delete("waiting/2");
      await same.delete("never there");
      const names = await storage.names("waiting/");
      return [names, await same.get("streak"), await storage.get("waiting/2"), await other.names("")];
    }""")
    assert told == [["waiting/1"], "new", None, []]
    page.close()
