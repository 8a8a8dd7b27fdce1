"""Lives through the client, its network cut, its pages killed, its clock set: answered as the model answers them."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from emulator.child import tethered
from emulator.places import ROOT
from emulator.token import unsigned_token
from testing.drawing import HARD_ZONES, WORTH, Drawer
from testing.reference.answers import as_told
from testing.reference.policy import Refused
from testing.reference.user import ReferenceUser
from testing.scenarios import difference
from tests.support.thoroughness import is_full
from tests.support.wanted import found, needs
from tests.web.cutting import REFUSED, Cut, CuttingProxy
from tests.web.running import environment

Json = Any

# `make web` lives 200.
LIVES: Final = int(os.environ.get("CLIENT_LIVES", "40"))
CUTS_A_LIFE: Final = 25
# Each a test of its own, so that several workers share them.
PARTS: Final = 4
STEPS: Final = 30
FIRST: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY_MS: Final = 86_400_000
KINDS: Final = ("record",) * 16 + ("undo", "undo", "redo", "again")
QUESTIONS: Final[dict[str, tuple[dict[str, Json], str | None]]] = {
    "getStreak": ({"do": "get_streak"}, None),
    "getCalendar": ({"do": "get_calendar", "days": 20}, "days"),
    "getConsistency": ({"do": "get_consistency"}, None),
    "explainDays": ({"do": "get_explain", "days": 14}, "days"),
}
OPERATIONS: Final = {"recordActivity": "record", "undoActivity": "undo", "redoActivity": "redo"}


def life_of(dice: random.Random) -> list[dict[str, Json]]:
    """Steps of a device: what the user does, mostly without a network, and now and then all that waits is sent."""
    drawer, now, zone, names = Drawer(dice), FIRST, dice.choice(HARD_ZONES), list[str]()
    # Whether there is a network most days or hardly ever, and whether the clock is right most of the time.
    online, odd = dice.choice((40, 40, 12)), dice.choice((8, 8, 30))
    steps: list[dict[str, Json]] = []
    for number in range(STEPS):
        now += max(drawer.gap(is_daily=drawer.happens(70)), timedelta())
        zone = drawer.zone() if drawer.happens(8) else zone
        wrong = dice.choice((-3, -1, 2, 30)) * DAY_MS if drawer.happens(odd) else 0
        at = {"at": now.isoformat(), "wrong": wrong, "kill": drawer.happens(15)}
        kind = dice.choice(KINDS)
        if kind in ("undo", "redo") and names:
            steps.append({**at, "do": kind, "name": dice.choice(names[-4:])})
        else:
            activity_type, metadata = dice.choice(WORTH)
            name = dice.choice(names[-4:]) if kind == "again" and names else f"a{number}"
            names.append(name)
            activity = {"activityType": activity_type, "metadata": metadata, "timeZone": zone}
            # Half of them are named by the app.
            own = {"activityId": name} if number % 2 or kind == "again" else {}
            steps.append({**at, "do": "record", "name": name, "activity": {**activity, **own}})
        if drawer.happens(online) or number == STEPS - 1:
            dies = {"dieAfter": dice.randrange(40), "diesLate": drawer.happens(50)} if drawer.happens(50) else {}
            steps.append({**at, "kill": False, "do": "flush", **dies})
    return steps


@dataclass
class Network:
    """Cuts most connections, the sooner the more are still to be cut."""

    dice: random.Random

    def next(self) -> Cut:
        if self.dice.randrange(20) == 0:
            return REFUSED
        if self.dice.randrange(2):
            return Cut(up=self.dice.randrange(1, 3_000))
        return Cut(down=self.dice.randrange(1, 12_000))


@dataclass
class Judge:
    """What the model says of one life; `known` counts the standings that were shown and compared."""

    model: ReferenceUser = field(default_factory=ReferenceUser)
    # How wrong the device's clock was when the service was last heard, and whether its page is still the same.
    heard: int | None = None
    is_same_page: bool = False
    known: int = 0
    refused: set[str] = field(default_factory=set)

    def judge(self, step: dict[str, Json], told: dict[str, Json]) -> None:
        self.is_same_page = self.is_same_page and not step["kill"]
        self.shown(step, told["shown"])
        if step["do"] != "flush":
            return
        for sent in told["sent"]:
            self.sent(step["at"], sent)
        assert set(told["refused"]) == self.refused
        for name, (question, part) in QUESTIONS.items():
            answer = snake(told["answers"][name])
            expected = as_told(self.model.step({**question, "at": step["at"]}))
            assert difference(plain(expected), answer[part] if part else answer) is None, name
        self.heard, self.is_same_page = step["wrong"], True

    def shown(self, step: dict[str, Json], shown: dict[str, Json]) -> None:
        """Never a dead streak as alive; and exactly what is true, where the clock runs as it did."""
        if self.heard is None:
            assert not shown["isKnown"]
            return
        ahead = step["wrong"] - self.heard
        if ahead < 0:
            assert not (self.is_same_page and shown["isKnown"]), "its clock was set back"
            return
        if not shown["isKnown"]:
            return
        true = as_told(self.model.step({"do": "get_streak", "at": step["at"]}))
        assert not (shown["currentStreak"] and not true["current_streak"]), "a dead streak is shown as alive"
        if not ahead:
            self.known += 1
            assert shown["currentStreak"] == true["current_streak"]
            assert shown["status"] == true["status"]
            assert shown["today"] in (true["today"], None)

    def sent(self, at: str, sent: dict[str, Json]) -> None:
        """A command was carried out once, or refused for the reason that the model has."""
        content = snake(sent["input"])
        step = {"do": OPERATIONS[sent["operation"]], "at": at, "key": sent["key"], **content}
        if step["do"] == "record":
            step["activity_id"] = sent["key"]
        code, answer = self.judged(step)
        if code:
            self.refused.add(sent["key"])
        # Of what a page that died was told, nobody knows.
        became = "refused" if code else "done"
        assert (sent.get("type"), sent.get("code")) in ((became, code), (None, None)), step
        if step["do"] == "record" and became == sent.get("type") == "done":
            assert difference(plain(as_told(answer)), snake(sent["activity"])) is None, step

    def judged(self, step: dict[str, Json]) -> tuple[str | None, Json]:
        """The code of the model's refusal, or its answer."""
        try:
            return None, self.model.step(step)
        except Refused as refused:
            return refused.code, None


def snake(value: Json) -> Json:
    """JSON of the client with the contract's names."""
    if isinstance(value, dict):
        return {re.sub("[A-Z]", lambda one: f"_{one[0].lower()}", name): snake(one) for name, one in value.items()}
    return [snake(one) for one in value] if isinstance(value, list) else value


def plain(value: Json) -> Json:
    """JSON as JavaScript writes it: 1.0 is 1."""
    return json.loads(json.dumps(value), parse_float=lambda text: float(text) if float(text) % 1 else int(float(text)))


def lived(url: str, lives: dict[str, list[dict[str, Json]]]) -> Iterator[tuple[str, list[dict[str, Json]]]]:
    """Each life, lived by devices on Node."""
    command = tethered([found("node") or "node", str(ROOT / "tests" / "web" / "lives.mjs"), url])
    with subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        try:
            for user, steps in lives.items():
                node.stdin.write(json.dumps({"user": user, "token": unsigned_token(user), "steps": steps}) + "\n")
                node.stdin.flush()
                line = node.stdout.readline()
                assert line, "the devices' program has ended"
                yield user, json.loads(line)["lived"]
        finally:
            node.kill()


@needs("node")
@pytest.mark.parametrize("part", range(PARTS))
def test_lives_through_the_client_under_cut_networks_are_what_the_model_says(served: str, part: int) -> None:
    most = LIVES // PARTS if is_full() else LIVES // PARTS // 2
    numbers = range(part, LIVES, PARTS)[:most]
    drawn = [life_of(random.Random(number)) for number in numbers]  # noqa: S311  (no secret)
    dice = random.Random(part)  # noqa: S311
    lives = {f"life-{uuid.uuid4().hex}": life for life in drawn}
    known = deaths = 0
    batches: list[int] = []
    with CuttingProxy(served, Network(dice).next) as network:
        for number, (user, told) in zip(numbers, lived(network.url, lives), strict=True):
            judge = Judge()
            for step, one in zip(lives[user], told, strict=True):
                try:
                    judge.judge(step, one)
                except AssertionError as differs:
                    differs.add_note(f"life {number}, {step}")
                    raise
                deaths += one.get("deaths", 0)
                batches += one.get("batches", [])
            known += judge.known
        cuts = network.cuts
    assert cuts >= CUTS_A_LIFE * most
    assert known > len(lives)
    assert deaths > len(lives) // 2
    assert len(batches) > len(lives)
    assert max(batches) >= 4
