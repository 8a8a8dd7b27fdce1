"""A stand-in of Cloud Tasks over real gRPC that keeps the contract on names. Must not know what tasks are for."""

from __future__ import annotations

from concurrent import futures
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
from google.cloud import tasks_v2

if TYPE_CHECKING:
    from collections.abc import Iterator


class StandInQueue(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Keeps tasks by name; a name it knows is ALREADY_EXISTS. After `room` tasks it does not answer."""

    def __init__(self) -> None:
        self.tasks: dict[str, tasks_v2.Task] = {}
        self.room = 10**9

    def service(self, details: Any) -> Any:
        if details.method != "/google.cloud.tasks.v2.CloudTasks/CreateTask":
            return None
        return grpc.unary_unary_rpc_method_handler(
            self.create,
            request_deserializer=tasks_v2.CreateTaskRequest.deserialize,
            response_serializer=tasks_v2.Task.serialize,
        )

    def create(self, request: tasks_v2.CreateTaskRequest, context: Any) -> tasks_v2.Task:
        if request.task.name in self.tasks:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, "the name is taken")
        if len(self.tasks) >= self.room:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "no more")
        assert request.task.name.startswith(f"{request.parent}/tasks/")
        self.tasks[request.task.name] = request.task
        return request.task


@contextmanager
def listening(queue: StandInQueue) -> Iterator[str]:
    """Serves the queue; gives the address."""
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([queue])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None)
