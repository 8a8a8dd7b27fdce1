"""The command line of the local environment: `python -m emulator COMMAND`.

Must not know how a command does its work.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from emulator.errors import NoJavaError, SetupError
from emulator.places import MAIN
from emulator.port import chosen_ports
from emulator.project import requested_project
from emulator.token import VALID_SECONDS, Users, unsigned_token

UID_LENGTH_MAX: Final = 128
WRONG_USE: Final = 2
NO_JAVA: Final = 3
ABOUT_SERVING: Final = (
    "The variable PORT says where to listen (when unset, at 8080 or the next that is free), FIRESTORE_PORT where to "
    "start the Firestore emulator (any that is free), PROJECT which project to play (demo-streak). "
    "Ctrl-C and SIGTERM end it with status 0."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    The answer is the exit status: 0 done or stopped, 1 this machine lacks something, 2 wrong use; and of `java` alone
    3, there is none that is new enough.
    """
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m emulator", description="Unbroken on this machine alone.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve all functions and a Firestore emulator until Ctrl-C")
    serve.set_defaults(command=_serve)
    run = commands.add_parser("run", help="the same, with demo users, and what to try")
    run.set_defaults(command=_run)
    for each in (serve, run):
        each.epilog = ABOUT_SERVING
        each.add_argument("--main", type=Path, default=MAIN, help="what defines the functions (main.py)")

    token = commands.add_parser("token", help="print a token that the local functions accept")
    token.epilog = "The variable PROJECT says of which project the functions are (demo-streak)."
    token.add_argument("--uid", default="", help=f"the user's id, 1 to {UID_LENGTH_MAX} characters")
    token.add_argument("--admin", action="store_true", help="with the admin claim")
    token.add_argument("--support", action="store_true", help="with the support claim")
    token.add_argument("--ttl", default=str(VALID_SECONDS), help="for how many seconds it is valid (3600)")
    token.set_defaults(command=_token)

    java = commands.add_parser("java", help="check that there is a Java for the Firestore emulator")
    java.set_defaults(command=_java)

    demo = commands.add_parser("demo", help="live a git history as a streak, show it, and end")
    demo.epilog = "Stopped and started again on the same server, it goes on and counts nothing twice."
    demo.add_argument("--repo", type=Path, default=Path(), help="a git repository (the one we are in)")
    demo.add_argument("--author", default="", help="whose commits, as for git log --author (everybody's)")
    demo.add_argument("--zone", default="UTC", help="the IANA time zone of that person's days (UTC)")
    demo.add_argument(
        "--base-url", default="", help="the local server (the one that runs); one is started where none is"
    )
    demo.set_defaults(command=_demo)
    return parser


def _serve(options: argparse.Namespace) -> int:
    from emulator.server import serve

    return serve(chosen_ports(), project=requested_project(), main=options.main)


def _run(options: argparse.Namespace) -> int:
    from emulator.demo import live
    from emulator.server import serve

    return serve(chosen_ports(), project=requested_project(), main=options.main, use=live)


def _token(options: argparse.Namespace) -> int:
    if not 1 <= len(options.uid) <= UID_LENGTH_MAX:
        print(f"error: UID has 1 to {UID_LENGTH_MAX} characters, as in: make token UID=ada", file=sys.stderr)
        return WRONG_USE
    if not (options.ttl.isascii() and options.ttl.isdigit() and 1 <= int(options.ttl) <= VALID_SECONDS):
        print(f"error: TTL is a whole number of seconds from 1 to {VALID_SECONDS}, as in TTL=60", file=sys.stderr)
        return WRONG_USE
    token = unsigned_token(
        options.uid,
        admin=options.admin,
        support=options.support,
        valid_seconds=int(options.ttl),
        of=Users(requested_project()),
    )
    print(token)
    return 0


def _java(_options: argparse.Namespace) -> int:
    from emulator.firestore import require_java

    try:
        require_java()
    except NoJavaError as error:
        print(f"error: {error}", file=sys.stderr)
        return NO_JAVA
    return 0


def _demo(options: argparse.Namespace) -> int:
    from emulator.git_demo import demo

    return demo(options.repo, options.author, options.zone, options.base_url)


if __name__ == "__main__":
    sys.exit(main())
