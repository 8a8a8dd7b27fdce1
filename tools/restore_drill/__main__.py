"""The command behind `make restore-drill`: lives are backed up while they are lived, lost, restored, and asked about.

It must not know how anything is copied: it gives the operator's own commands.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import ROOT
from streak_core.config import shipped_rules
from testing.scenarios import difference
from testing.steps import QueryStep, Step
from tools.chaos.devices import Device, answer_to
from tools.chaos.faults import no_faults
from tools.restore_drill.lived import LivedUser, last_moment, live_all, users
from tools.streakctl.backup.manifest import UNFINISHED, find_backup

_THREADS: Final = 4
_SHOWN_MAX: Final = 10
# Of so many days explain always speaks: all can still change.
_DAYS: Final = {QueryStep.EXPLAIN: 14}
_DAYS_OF_OTHERS: Final = 40
_LOOK_SECONDS: Final = 0.02


class DrillError(Exception):
    """The drill did not come to its end."""


@dataclass(frozen=True, kw_only=True)
class Drill:
    """One drill, in a project of its own."""

    emulator: FirestoreEmulator
    lived: Sequence[LivedUser]
    place: Path
    project: str

    def run(self) -> Iterator[str]:
        """What is answered otherwise than it should be. Raises `DrillError`."""
        _say(f"{len(self.lived)} users live")
        devices = [Device(f"device {number}", self.project, shipped_rules, no_faults) for number in range(_THREADS)]
        begun = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            backup = pool.submit(self._back_up, begun)

            def before(step: int, steps: int) -> None:
                """Begins the backup early, and keeps the last step of all for after its moment."""
                if step == steps // 3:
                    begun.set()
                while step == steps - 1 and not backup.done() and not list(self.place.glob(f"*{UNFINISHED}/*")):
                    time.sleep(_LOOK_SECONDS)

            try:
                live_all(self.lived, devices, before)
            finally:
                begun.set()
            backup.result()
        for device in devices:
            device.close()
        moment = find_backup(self.place, None).manifest.at
        since = sum(given.begun > moment for one in self.lived for given in one.given)
        _say(f"the backup is as of {moment.isoformat()}; {since:,} commands came later, and are lost with all else")
        self.emulator.reset(self.project)
        self._streakctl("restore", str(self.place))
        yield from self._differences(moment)

    def _back_up(self, begun: threading.Event) -> None:
        begun.wait()
        self._streakctl("backup", str(self.place))

    def _streakctl(self, *words: str) -> None:
        environment = os.environ | {HOST_VARIABLE: self.emulator.host, "GOOGLE_CLOUD_PROJECT": self.project}
        command = [sys.executable, "-m", "tools.streakctl", *words]
        # The words are ours.
        if status := subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:  # noqa: S603
            message = f"streakctl {words[0]} ended with {status}"
            raise DrillError(message)

    def _differences(self, moment: datetime) -> Iterator[str]:
        device, at = Device("asking", self.project, shipped_rules, no_faults), last_moment(self.lived).isoformat()
        for one in self.lived:
            answers = {query: answer_to(device.queries, one.user_id, _question(query, at)) for query in QueryStep}
            yield from _wrong(one, moment, at, answers)
        device.close()


def _wrong(one: LivedUser, moment: datetime, at: str, answers: Mapping[QueryStep, object]) -> list[str]:
    """What of a user's answers no state of the model as of the moment explains."""
    wrong: list[str] = []
    for state in one.states(moment):
        compared = (
            (query, difference(state.ask(_question(query, at)), answer, query.value))
            for query, answer in answers.items()
        )
        wrong = [f"{one.user_id}: {found}" for _, found in compared if found]
        if not wrong:
            return []
    return wrong


def _question(query: QueryStep, at: str) -> Step:
    return {"do": query.value, "at": at, "days": _DAYS.get(query, _DAYS_OF_OTHERS)}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Drills; the answer is the exit status: 0 all is as it was, 1 something is not, 2 it could not be done."""
    parser = argparse.ArgumentParser(prog="python -m tools.restore_drill", description=__doc__.partition("\n")[0])
    parser.add_argument("--users", type=int, default=50, help="how many live (50)")
    parser.add_argument("--steps", type=int, default=12, help="what each does (12)")
    parser.add_argument("--seed", type=int, default=1, help="their lives (1)")
    options = parser.parse_args(arguments)
    logging.getLogger("streak_core").setLevel(logging.CRITICAL)
    begun = time.monotonic()
    try:
        with FirestoreEmulator() as emulator, tempfile.TemporaryDirectory() as place:
            os.environ[HOST_VARIABLE] = emulator.host
            project = f"demo-drill-{uuid.uuid4().hex[:10]}"
            drill = Drill(
                emulator=emulator,
                lived=users(options.seed, options.users, options.steps),
                place=Path(place) / "backups",
                project=project,
            )
            wrong = list(drill.run())
    except (SetupError, DrillError) as error:
        _say(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        _say("stopped")
        return 130
    for line in wrong[:_SHOWN_MAX]:
        print(line)
    print(f"{options.users} users in {time.monotonic() - begun:.0f} s: {len(wrong)} answers differ from the model's")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
