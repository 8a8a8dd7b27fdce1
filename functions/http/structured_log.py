"""google-cloud-logging's handler, for the lines of a function. It must not know what is logged.

Imported by a process that serves and by no other: the library costs a cold start its time. Its client, which would
cost most of that, is for sending entries over gRPC; standard output needs none of it, and the library has a variable
of its own by which it does without.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import Context
from typing import Any

from google.cloud.environment_vars import DISABLE_GRPC

from streak_core.config.environment import set_meanwhile
from streak_core.telemetry.context import current

# Only this library looks at it; the client of the gauges must not go without.
with set_meanwhile(DISABLE_GRPC, "true"):
    from google.cloud.logging_v2.handlers.structured_log import StructuredLogHandler


class _OneLine(json.JSONEncoder):
    """Writes ASCII alone: no character can end a line, or be refused by standard output."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - whatever the library asks for
        super().__init__(**{**more, "ensure_ascii": True})

    def default(self, o: object) -> str:
        """Of a thing that can't be written, its kind, and not what is in it."""
        return type(o).__name__


class FunctionLogHandler(StructuredLogHandler):
    """Writes to standard output. Of a request it takes the trace that the edge has read, and nothing else."""

    def __init__(self, project: str) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # the library gives it no types
            stream=sys.stdout, project_id=project, json_encoder_cls=_OneLine
        )
        self._project = project

    def filter(self, record: logging.LogRecord) -> bool:
        """Gives the record what the library would otherwise read from the request itself: address, agent and all."""
        work = current()
        trace = work.trace if work else None
        record.trace = f"projects/{self._project}/traces/{trace.trace_id}" if trace else ""
        record.span_id = (trace.span_id if trace else None) or ""
        record.trace_sampled = trace.is_sampled if trace else False
        # In an empty context there is no request that the library could read.
        return bool(Context().run(super().filter, record))

    def emit_instrumentation_info(self) -> None:
        """Says nothing of the library itself: it would be a line without an event."""
