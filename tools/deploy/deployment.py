"""One deployment from its settings to its steps: looked at first, then shown or run. Must not know a command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT
from tools.deploy import (
    differences,
    firebase,
    foreign,
    gcloud,
    guard,
    rules,
    rules_text,
    runner,
    settings_file,
    steps,
    trigger,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.deploy.action import Step, Words
    from tools.deploy.live import Index
    from tools.deploy.settings import Settings

_HEAD: Final = ("What this deployment remembers: docs/operations.md says what each is, deploy/example.toml shows all.",)
_GO_ON: Final = "Nothing in this project is in the way. Look at the plan: make deploy DRY_RUN=1"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The steps that were asked for. `options` are by the names of make's variables."""

    settings: Settings
    options: Mapping[str, str]
    python: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the steps, in their order."""
        return tuple(one.name for one in self._steps(self.settings))

    def show(self) -> None:
        """Print the commands."""
        runner.show(self._steps(self.settings), self.settings.project)

    def run(self, again: Words, *, is_agreed: bool) -> None:
        """Look at the project, then run the steps; `again` is the command to go on with.

        Raises `DeploymentStopped`: before anything is run, where that would do harm.
        """
        settings = numbered(self.settings, gcloud.DRY_RUN_ASKS_NOTHING)
        looked = _look(settings, self.names)
        looked.require_harmless(self.names, choice=self.options["RULES"], is_agreed=is_agreed)
        runner.run(self._steps(settings, looked.live.indexes), again, by_name=bool(self.options["STEP"]))

    def _steps(self, settings: Settings, there: tuple[Index, ...] = ()) -> tuple[Step, ...]:
        said = [f"{name}={self.options[name]}" for name in ("RULES", "YES") if self.options[name]]
        every = steps.steps(settings, indexes=_files().indexes, python=self.python, rules=said, there=there)
        return steps.chosen(every, only=self.options["STEP"], first=self.options["FROM"])


def adopted(settings: Settings, options: Mapping[str, str], *, is_dry: bool) -> str:
    """What is said of a project where this is to be installed; unless it is dry, its settings file is begun here.

    Nothing of the project is changed. Raises `DeploymentStopped`, `WrongUse`.
    """
    settings = numbered(settings)
    every = tuple(one.name for one in steps.steps(settings, indexes=_files().indexes, python=""))
    looked = _look(settings, every)
    found = looked.findings
    in_the_way = foreign.told(found, guard.ours(settings, _files())) if found else ""
    told = [one for one in (in_the_way, *trigger.troubles(settings, looked.live)) if one] or [_GO_ON]
    in_force = foreign.ours_of(settings, looked.live)
    lines = differences.differences(settings, in_force, every)
    told += ["", "A deployment with these settings would change:", *(f"  - {one}" for one in lines)] if lines else []
    given = {name: options[name] for name in settings_file.OPTIONS.values() if options[name]}
    text = settings_file.written(differences.chosen(settings, in_force) | given, _HEAD)
    named = options["SETTINGS"] or settings_file.DEFAULT
    file = ROOT / named
    if is_dry or file.exists():
        return "\n".join([*told, "", f"Settings, for {named}:", "", text])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return "\n".join([*told, "", f"Its settings are in {named} now: look at them, and keep the file."])


def release_rules(settings: Settings, choice: str, *, is_agreed: bool) -> bool:
    """Release what follows from what is released; answers whether that changed anything. Raises `DeploymentStopped`."""
    of_database = _rules(settings)
    released = of_database.released()
    text = guard.to_release(settings, _files(), released, choice=choice, is_agreed=is_agreed)
    return of_database.release(text)


def write_for_emulators(settings: Settings) -> None:
    """Make the folder that the firebase CLI's emulators start from. Raises `WrongUse`."""
    firebase.require_agreement(settings)
    files = _files()
    firebase.write(settings, rules=guard.ours(settings, files), indexes=files.indexes)


def write_for_firebase(settings: Settings, choice: str, *, is_agreed: bool) -> None:
    """Look at the project, then make what the firebase CLI deploys. Raises `DeploymentStopped`, `WrongUse`."""
    firebase.require_agreement(settings)
    files, names = _files(), ("indexes", "functions", "rules")
    settings = numbered(settings)
    looked = _look(settings, names)
    looked.require_harmless(names, choice=choice, is_agreed=is_agreed)
    text = guard.to_release(settings, files, looked.live.rules, choice=choice, is_agreed=is_agreed)
    firebase.write(settings, rules=text, indexes=files.indexes)


def numbered(settings: Settings, besides: str = "") -> Settings:
    """With the project's number, as Google tells it. Raises `DeploymentStopped`, and says something besides."""
    return replace(settings, project_number=gcloud.number_of(settings.project, besides))


def _look(settings: Settings, names: tuple[str, ...]) -> guard.Guard:
    of_database = _rules(settings) if "rules" in names else None
    return guard.guard(settings, _files(), names, gcloud.ask, of_database)


def _rules(settings: Settings) -> rules.RulesOfDatabase:
    session = rules.session(settings.project)
    return rules.RulesOfDatabase(session=session, project=settings.project, database=settings.database)


def _files() -> guard.Files:
    return guard.Files(
        rules=(ROOT / rules_text.FILE).read_text(encoding="utf-8"),
        indexes=(ROOT / "firestore.indexes.json").read_text(encoding="utf-8"),
    )
