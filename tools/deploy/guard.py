"""Looks before anything is changed, and refuses what would do harm. Must not know how anything is deployed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.deploy import rules_text
from tools.deploy.differences import differences
from tools.deploy.errors import DeploymentStopped
from tools.deploy.foreign import AGREE, collections, findings, is_deployed, rules_findings, told
from tools.deploy.live import Live, database_client, foreign_documents, look
from tools.deploy.rules_text import Standing
from tools.deploy.trigger import troubles

if TYPE_CHECKING:
    from tools.deploy.foreign import Finding
    from tools.deploy.live import Ask
    from tools.deploy.rules import RulesOfDatabase
    from tools.deploy.settings import Settings

NOTHING_CHANGED: Final = "Nothing was changed."
_AGREE: Final = "with YES=1 it is done"
# The steps that change what another app might have.
_GUARDED: Final = ("backups", "indexes", "functions", "rules", "queue", "scheduler")


@dataclass(frozen=True, kw_only=True)
class Files:
    """The texts of firestore.rules and firestore.indexes.json, as they are shipped."""

    rules: str
    indexes: str


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What is known of a project before a deployment."""

    settings: Settings
    files: Files
    live: Live
    documents: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is not ours."""
        return findings(self.settings, self.live, self.files.indexes, self.documents)

    def require_harmless(self, steps: tuple[str, ...], *, choice: str, is_agreed: bool) -> None:
        """Raise `DeploymentStopped` where a step would change what is not ours, or a setting in force."""
        found = tuple(one for one in self.findings if one.step in steps and not _is_settled(one, choice, is_agreed))
        if found:
            raise _stopped(told(found, ours(self.settings, self.files)))
        if "scheduler" in steps and (mended := [*troubles(self.settings, self.live)]):
            raise _stopped("\n".join(mended))
        if "rules" in steps:
            to_release(self.settings, self.files, self.live.rules, choice=choice, is_agreed=is_agreed)
        lines = differences(self.settings, self.live, steps)
        if lines and not is_agreed:
            listed = "\n".join(f"  - {one}" for one in lines)
            hint = f"What is to stay belongs in the settings file, where it is remembered; {_AGREE}."
            message = f"settings in force would change:\n{listed}\n{hint}"
            raise _stopped(message)


def _is_settled(found: Finding, choice: str, is_agreed: bool) -> bool:  # noqa: FBT001 - as it was said on the command line
    """Whether what to do about it has been said; what is not about rules is settled by a name of its own only."""
    if found.step != "rules":
        return False
    return bool(choice) or (is_agreed and found.remedy == AGREE)


def _stopped(message: str) -> DeploymentStopped:
    return DeploymentStopped(f"{message}\n{NOTHING_CHANGED}")


def guard(settings: Settings, files: Files, steps: tuple[str, ...], ask: Ask, rules: RulesOfDatabase | None) -> Guard:
    """Looks at the project. Raises `DeploymentStopped`, `WrongUse`."""
    if not set(steps) & set(_GUARDED):
        return Guard(settings=settings, files=files, live=Live(), documents=())
    live = look(settings, ask, rules if "rules" in steps else None, with_backups="backups" in steps)
    # Who is there already has looked.
    is_first = {"indexes", "functions"} & set(steps) and not is_deployed(settings, live)
    groups = collections(files.indexes, settings.collection_prefix)
    documents = foreign_documents(database_client(settings), groups) if is_first else ()
    return Guard(settings=settings, files=files, live=live, documents=documents)


def ours(settings: Settings, files: Files) -> str:
    """Our rules, for the collections as they are named."""
    return rules_text.with_prefix(files.rules, settings.collection_prefix)


def to_release(settings: Settings, files: Files, released: str | None, *, choice: str, is_agreed: bool) -> str:
    """The rules that are released next. Raises `DeploymentStopped`, with the difference, where somebody must agree."""
    text = ours(settings, files)
    if released is None or rules_text.standing(released) is not Standing.FOREIGN:
        return rules_text.planned(released, text)
    if not choice:
        raise _stopped(told(tuple(rules_findings(settings, released)), text))
    planned = rules_text.merged(released, text) if choice == "merge" else text
    if not is_agreed:
        shown = f"{planned}\n{rules_text.difference(released, planned)}"
        message = f"the rules would become:\n\n{shown}\n\nLook at it; {_AGREE}."
        raise _stopped(message)
    return planned
