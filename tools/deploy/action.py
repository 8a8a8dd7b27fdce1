"""One command of a deployment as data, and how a shell says it. Must not know what is deployed, and runs nothing."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Final

from tools.deploy.settings import NUMBER_UNKNOWN

Words = tuple[str, ...]

# The longest pause between two tries: with those before it, ten minutes.
PAUSE_SECONDS_MAX: Final = 320

# In an update, what the listing has found.
FOUND: Final = "__FOUND__"

# Google's answers to a question after something that is not there.
NOT_THERE: Final = ("NOT_FOUND", "Cannot find", "does not exist", "was not found")
# Its answer to whoever may not ask.
DENIED: Final = "PERMISSION_DENIED"


def gcloud(command: str, *names: str, **flags: object) -> Words:
    """The words of `gcloud COMMAND NAMES --FLAGS`; a flag that is True has no value."""
    given = (f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}") for name, value in flags.items())
    return ("gcloud", *command.split(), *names, *given)


@dataclass(frozen=True, kw_only=True)
class Action:
    """A command, and what makes doing it twice the same as doing it once."""

    # What it is about, for people: "the account unbroken-streak".
    what: str
    command: Words
    # Asked first: it succeeds where the thing is there already, and then `update` is run, if there is one.
    question: Words | None = None
    # Asked first in place of a question: it prints the name of what is there already, which `update` knows as `FOUND`.
    listing: Words | None = None
    update: Words | None = None
    # An error that says that it has been done before.
    done_before: str | None = None
    # Errors after which it is tried again, each time after twice as long a pause.
    busy: Words = ()

    def shell(self) -> str:
        """The lines of a shell that do it, whether they are printed or run."""
        command = said(self.command)
        if self.busy:
            command = _tried(command, self.busy, self.done_before)
        if self.listing:
            return _listed(said(self.listing), there=said(self.update or (":",)), absent=command)
        if self.question:
            return _asked(said(self.question), NOT_THERE, there=said(self.update or (":",)), absent=command)
        if self.done_before and not self.busy:
            return _asked(command, (self.done_before,), there=":", absent=":")
        return command


@dataclass(frozen=True, kw_only=True)
class Step:
    """Actions that belong together, under a name that a person can go on from."""

    name: str
    why: str
    actions: tuple[Action, ...]


def _asked(question: str, expected: Words, *, there: str, absent: str) -> str:
    """What is done where a command succeeds, and where it fails with an error that is expected; any other is told."""
    patterns = "|".join(f'*"{error}"*' for error in expected)
    fails = f"""case $said in {patterns}) ;; *) printf '%s\\n' "$said" >&2; exit 1 ;; esac"""
    return f"if said=$({question} 2>&1); then\n  {there}\nelse\n  {fails}\n  {absent}\nfi"


def _listed(listing: str, *, there: str, absent: str) -> str:
    """What is done where a command prints something, and where it prints nothing; that it fails is told."""
    return f'found=$({listing})\nif [ -n "$found" ]; then\n  {there}\nelse\n  {absent}\nfi'


def _tried(command: str, busy: Words, done_before: str | None) -> str:
    """What is done until a command succeeds: pauses of 5 seconds and more, ten minutes in all."""
    done = f'*"{done_before}"*) break ;; ' if done_before else ""
    again = "|".join(f'*"{error}"*' for error in busy)
    told = """printf '%s\\n' "$said" >&2; exit 1"""
    return (
        f"pause=5\nuntil said=$({command} 2>&1); do\n"
        f'  case $said in {done}{again}) [ "$pause" -le {PAUSE_SECONDS_MAX} ] || {{ {told}; }} ;; *) {told} ;; esac\n'
        f'  sleep "$pause"\n  pause=$((pause * 2))\ndone'
    )


def said(command: Words) -> str:
    """A command as a shell takes it; the project's number where nobody has asked for it, and `FOUND`, are variables."""
    return " ".join(_quoted(word) for word in command)


def _quoted(word: str) -> str:
    flag, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    quoted = shlex.quote(value) if value or not flag else ""
    for known, variable in ((NUMBER_UNKNOWN, '"$PROJECT_NUMBER"'), (FOUND, '"$found"')):
        quoted = quoted.replace(known, f"'{variable}'" if quoted.startswith("'") else variable)
    return flag + equals + quoted
