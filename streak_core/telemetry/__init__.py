"""What the service says of itself: events in the log, metrics made from them, and the gauges of the job.

It must not decide anything, and nothing in it may make a request fail.
"""

from streak_core.telemetry.catalogue import LogEvent
from streak_core.telemetry.context import count
from streak_core.telemetry.log import log

__all__ = ["LogEvent", "count", "log"]
