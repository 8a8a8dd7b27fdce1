"""The one declared list of the deployed functions, and what each is given. Must not know what any of them does.

The entry points, the bundle's tests, the local server, the deployment and the pages about them all read it here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Ingress(StrEnum):
    """From where a function can be reached, in the words of Cloud Run."""

    ALL = "all"
    # Cloud Scheduler and Cloud Tasks of the same project count as internal.
    INTERNAL = "internal"


class Invoker(StrEnum):
    """Who may call a function before it has looked at any token itself."""

    # App clients: the function checks their Firebase ID token.
    EVERYBODY = "everybody"
    SCHEDULER = "scheduler"


class Access(StrEnum):
    """What a function does with Firestore."""

    READS = "reads"
    WRITES = "writes"


@dataclass(frozen=True, kw_only=True)
class DeployedFunction:
    """A function as it is deployed. Its entry point, its service and the first segment of its paths have its name.

    `also` is another first segment that leads to it.
    """

    name: str
    # The account it runs as, without the project: its own, so that it may do what it needs and no more.
    service_account: str
    access: Access
    memory_mib: int
    # More than one request at a time needs a whole one.
    cpu: int
    concurrency: int
    timeout_seconds: int
    instances_min: int
    instances_max: int
    ingress: Ingress
    invoker: Invoker
    also: str | None = None

    @property
    def segments(self) -> tuple[str, ...]:
        """The first segments of its paths."""
        return (self.name,) if self.also is None else (self.name, self.also)


def _for_clients(
    name: str, *, access: Access = Access.READS, instances_max: int, also: str | None = None
) -> DeployedFunction:
    return DeployedFunction(
        name=name,
        service_account=f"unbroken-{name}",
        access=access,
        memory_mib=512,
        cpu=1,
        # As many as docs/performance.md was measured with.
        concurrency=16,
        timeout_seconds=60,
        instances_min=0,
        instances_max=instances_max,
        ingress=Ingress.ALL,
        invoker=Invoker.EVERYBODY,
        also=also,
    )


CATALOGUE: Final = (
    _for_clients("streak", access=Access.WRITES, instances_max=100),
    _for_clients("calendar", instances_max=50),
    _for_clients("consistency", instances_max=50),
    _for_clients("policy", instances_max=50),
    _for_clients("insights", instances_max=50),
    _for_clients("achievements", instances_max=50),
    _for_clients("challenges", access=Access.WRITES, instances_max=50),
    # Boards, and the one seat that a user has.
    _for_clients("leaderboards", access=Access.WRITES, instances_max=50, also="leaderboard"),
    _for_clients("friends", access=Access.WRITES, instances_max=50),
    # Apart from `streak`, which starts without what this needs.
    _for_clients("notices", access=Access.WRITES, instances_max=50),
    # It draws, which takes a tenth of a second of a CPU, for whoever looks.
    _for_clients("share", access=Access.WRITES, instances_max=20),
    _for_clients("profile", access=Access.WRITES, instances_max=50),
    # What an app notes of its users.
    _for_clients("log", access=Access.WRITES, instances_max=50),
    _for_clients("conversations", access=Access.WRITES, instances_max=50),
    _for_clients("usage", access=Access.WRITES, instances_max=50),
    _for_clients("ideas", access=Access.WRITES, instances_max=50),
    # Of the kinds that an app has declared by itself.
    _for_clients("records", access=Access.WRITES, instances_max=50),
    # Support, admins and trusted servers: the function checks which it is, and its role.
    _for_clients("admin", access=Access.WRITES, instances_max=10),
    # Whoever calls it without end is met with few instances.
    _for_clients("health", instances_max=2),
    DeployedFunction(
        name="maintenance",
        service_account="unbroken-maintenance",
        access=Access.WRITES,
        memory_mib=512,
        cpu=1,
        concurrency=1,
        # Longer than MAINTENANCE_DEADLINE_SECONDS, so that a run ends in order, and as long as Cloud Scheduler waits.
        timeout_seconds=1800,
        instances_min=0,
        # The run itself, and a call that is answered that it is running already.
        instances_max=3,
        ingress=Ingress.INTERNAL,
        invoker=Invoker.SCHEDULER,
    ),
    DeployedFunction(
        name="reminders",
        service_account="unbroken-reminders",
        access=Access.WRITES,
        memory_mib=512,
        cpu=1,
        # Runs, and tasks of one notice each, which wait for Google, or of one user's webhooks, which wait for the app.
        concurrency=16,
        timeout_seconds=1800,
        instances_min=0,
        instances_max=24,
        ingress=Ingress.INTERNAL,
        invoker=Invoker.SCHEDULER,
    ),
    DeployedFunction(
        name="backup",
        service_account="unbroken-backup",
        # The records of its exports.
        access=Access.WRITES,
        memory_mib=512,
        cpu=1,
        concurrency=1,
        # It asks for an export and does not wait for its end.
        timeout_seconds=120,
        instances_min=0,
        instances_max=2,
        ingress=Ingress.INTERNAL,
        invoker=Invoker.SCHEDULER,
    ),
)

FUNCTIONS: Final = tuple(one.name for one in CATALOGUE)
# The first segment of each path, with the function that it leads to.
SEGMENTS: Final = {segment: one.name for one in CATALOGUE for segment in one.segments}
