"""Google's Firestore emulator as a context manager. Must not know what is stored in it."""

import json
import os
import tempfile
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final, Self

from emulator.child import Child
from emulator.errors import SetupError
from emulator.jar import MAIN_CLASS, download_jar, installed_jar, java_release_for
from emulator.java import find_java
from emulator.places import FIRESTORE_RULES
from emulator.port import ADDRESS, ANSWER_SECONDS_MAX, HOST, answers, free_port, require_free

HOST_VARIABLE: Final = "FIRESTORE_EMULATOR_HOST"
# On a machine that has much else to do.
FIRST_ANSWER_SECONDS_MAX: Final = 30.0
LOG_TAIL_BYTES_MAX: Final = 4_000
# It lives for minutes: what the second compiler and several collectors cost is not earned back, on few cores least.
JAVA_OPTIONS: Final = ("-Duser.language=en", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# For one that goes through very many documents for many minutes.
LONG_LIVED: Final = ("-Duser.language=en", "-XX:+UseParallelGC")


class FirestoreEmulator:
    """Runs while entered.

    `host` ("127.0.0.1:PORT", or "[::1]:PORT") is what FIRESTORE_EMULATOR_HOST wants. When that variable is set already,
    the emulator it names is used, and left running.
    """

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        *,
        rules: Path = FIRESTORE_RULES,
        port: int | None = None,
        java_options: Sequence[str] = JAVA_OPTIONS,
    ) -> None:
        """Start nothing yet. `port` is what FIRESTORE_PORT says; None is any that is free."""
        self._environment = environment
        self._rules = rules
        self._port = port
        self._java_options = java_options
        self._child: Child | None = None
        self._log: IO[bytes] | None = None
        self.host = environment.get(HOST_VARIABLE, "")

    def __enter__(self) -> Self:
        """Start, and return once it answers. Raises SetupError."""
        if self.host:
            if self._port is not None:
                message = (
                    f"FIRESTORE_PORT={self._port} says where to start an emulator, and {HOST_VARIABLE}={self.host} "
                    "that one runs already: unset one of them"
                )
                raise SetupError(message)
            if not answers(f"http://{self.host}/"):
                message = f"{HOST_VARIABLE} is {self.host}, but nothing answers there; unset it to start one"
                raise SetupError(message)
            return self
        try:
            self._start().wait_until_it_answers(f"http://{self.host}/", self.log_tail)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def child(self) -> Child | None:
        """Our own process; None when the emulator is somebody else's."""
        return self._child

    def reset(self, project: str) -> None:
        """Delete every document of `project`."""
        url = f"http://{self.host}/emulator/v1/projects/{project}/databases/(default)/documents"
        request = urllib.request.Request(url, method="DELETE")
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS_MAX):  # noqa: S310
            pass

    def reset_all(self) -> None:
        """Forget all projects: what was deleted costs every later query in its project time, after this nothing does.

        Raises SetupError when the emulator is somebody else's, who may have other projects there.
        """
        if self._child is None:
            message = f"the Firestore emulator at {self.host} is not ours to reset: unset {HOST_VARIABLE} to start one"
            raise SetupError(message)
        request = urllib.request.Request(f"http://{self.host}/reset", method="POST")
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS_MAX):  # noqa: S310
            pass

    def warm_up(self, project: str) -> None:
        """Wait for the answer to a first question, which takes seconds: a function would not wait so long for it.

        Raises SetupError.
        """
        database = f"projects/{project}/databases/(default)"
        content = json.dumps({"documents": [f"{database}/documents/nothing/there"]}).encode()
        headers = {"Authorization": "Bearer owner", "Content-Type": "application/json"}
        url = f"http://{self.host}/v1/{database}/documents:batchGet"
        request = urllib.request.Request(url, content, headers)
        try:
            with urllib.request.urlopen(request, timeout=FIRST_ANSWER_SECONDS_MAX):  # noqa: S310
                pass
        except OSError as error:
            message = f"the Firestore emulator at {self.host} answers no question: {error}\n{self.log_tail()}"
            raise SetupError(message.rstrip()) from error

    def log_tail(self) -> str:
        """The end of what our own emulator printed."""
        if self._log is None:
            return ""
        size = os.fstat(self._log.fileno()).st_size
        tail = os.pread(self._log.fileno(), LOG_TAIL_BYTES_MAX, max(0, size - LOG_TAIL_BYTES_MAX))
        return tail.decode(errors="replace").strip()

    def _start(self) -> Child:
        if self._port is not None:
            require_free(self._port, "FIRESTORE_PORT")
        installed = installed_jar(self._environment)
        # Java first: finding out after a download of 130 MB that it can't run would be late.
        java = find_java(java_release_for(installed), self._environment)
        jar = installed or download_jar()
        port = self._port or free_port()
        self._log = tempfile.TemporaryFile(prefix="firestore-emulator-")  # noqa: SIM115  (closed in _stop)
        command = [str(java), *self._java_options, "-cp", str(jar), MAIN_CLASS, "start"]
        options = ["--host", ADDRESS, "--port", str(port), "--rules", str(self._rules)]
        self._child = Child("Firestore emulator", [*command, *options], output=self._log)
        self.host = f"{HOST}:{port}"
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None
            self.host = ""
        if self._log is not None:
            self._log.close()
            self._log = None


def require_java(environment: Mapping[str, str] = os.environ) -> None:
    """Raise SetupError when an emulator would have to be started and no Java here can run it."""
    if not environment.get(HOST_VARIABLE):
        find_java(java_release_for(installed_jar(environment)), environment)
