"""Downloads from a real server on this machine, with every fault it may have. Must not reach the network."""

import hashlib
import io
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from emulator.download import ATTEMPTS_MAX, Download, fetch
from emulator.errors import SetupError
from emulator.port import free_port
from tests.unit.emulator.file_server import FileServer, serving

CONTENT = bytes(range(256)) * 4096
NAME = "emulator.jar"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(FileServer(content=CONTENT)) as running:
        yield running


def pinned(server: FileServer, content: bytes = CONTENT) -> Download:
    """What is expected of the server."""
    digest = hashlib.sha256(content).hexdigest()
    return Download(name=NAME, url=server.url, size_bytes=len(content), sha256=digest)


def left_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - {f"{NAME}.lock"}


def test_a_file_arrives_whole_and_alone(server: FileServer, tmp_path: Path) -> None:
    assert fetch(pinned(server), tmp_path / "new").read_bytes() == CONTENT
    assert left_in(tmp_path / "new") == {NAME}


def test_off_a_terminal_progress_is_told_in_lines(
    server: FileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(pinned(server), tmp_path)
    told = capsys.readouterr()
    assert told.err.startswith(f"{NAME}: 0 % of 1.0 MB\n")
    assert told.err.endswith(f"{NAME}: 100 % of 1.0 MB\n")
    assert told.out == ""


class Terminal(io.StringIO):
    """A standard error that a person looks at."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_progress_is_a_bar(server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fetch(pinned(server), tmp_path)
    assert "1.0/1.0 MB" in terminal.getvalue()
    assert f"{NAME}: 100 %" not in terminal.getvalue()


def test_a_file_that_is_there_is_not_asked_for_again(server: FileServer, tmp_path: Path) -> None:
    fetch(pinned(server), tmp_path)
    fetch(pinned(server), tmp_path)
    assert server.ranges_asked == [None]


def test_a_broken_connection_is_taken_up_where_it_broke(server: FileServer, tmp_path: Path) -> None:
    server.breaks_after_bytes = [300_000, 200_000]
    assert fetch(pinned(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == [None, "bytes=300000-", "bytes=500000-"]


def test_what_an_earlier_run_left_is_taken_up(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:1000])
    assert fetch(pinned(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == ["bytes=1000-"]


def test_a_part_that_is_whole_is_only_checked(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT)
    assert fetch(pinned(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == []


def test_a_part_that_is_too_long_is_begun_anew(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT + b"!")
    assert fetch(pinned(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == [None]


def test_a_server_without_ranges_is_asked_for_the_whole_again(server: FileServer, tmp_path: Path) -> None:
    server.ranges = False
    server.breaks_after_bytes = [300_000]
    assert fetch(pinned(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == [None, "bytes=300000-"]


def test_a_server_that_tells_no_length_is_taken_up_too(server: FileServer, tmp_path: Path) -> None:
    server.length_told = False
    server.breaks_after_bytes = [300_000]
    assert fetch(pinned(server), tmp_path).read_bytes() == CONTENT


def test_a_connection_that_brings_nothing_is_given_up_and_the_part_kept(server: FileServer, tmp_path: Path) -> None:
    server.breaks_after_bytes = [300_000, 0]
    with pytest.raises(SetupError, match="cannot download"):
        fetch(pinned(server), tmp_path)
    assert (tmp_path / f"{NAME}.part").read_bytes() == CONTENT[:300_000]
    assert left_in(tmp_path) == {f"{NAME}.part"}


def test_a_connection_that_breaks_for_ever_is_given_up(server: FileServer, tmp_path: Path) -> None:
    server.breaks_after_bytes = [10] * ATTEMPTS_MAX
    with pytest.raises(SetupError, match=f"it broke off {ATTEMPTS_MAX} times"):
        fetch(pinned(server), tmp_path)
    assert len(server.ranges_asked) == ATTEMPTS_MAX


def test_a_connection_that_breaks_often_enough_to_end_is_not(server: FileServer, tmp_path: Path) -> None:
    server.breaks_after_bytes = [10] * (ATTEMPTS_MAX - 1)
    assert fetch(pinned(server), tmp_path).read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(server: FileServer, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"!"
    with pytest.raises(SetupError, match=r"has the SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}; it was not kept"):
        fetch(pinned(server), tmp_path)
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize("length_told", [True, False])
def test_a_file_with_a_byte_too_many_is_refused(server: FileServer, tmp_path: Path, *, length_told: bool) -> None:
    server.content = CONTENT + b"!"
    server.length_told = length_told
    with pytest.raises(SetupError, match=f"not {len(CONTENT)}; it was not kept"):
        fetch(pinned(server), tmp_path)
    assert left_in(tmp_path) == set()


def test_a_file_that_lacks_a_byte_is_refused(server: FileServer, tmp_path: Path) -> None:
    server.content = CONTENT[:-1]
    with pytest.raises(SetupError, match=f"has {len(CONTENT) - 1} bytes, not {len(CONTENT)}"):
        fetch(pinned(server), tmp_path)
    assert left_in(tmp_path) == set()


def test_a_file_that_lacks_a_byte_and_tells_no_length_is_refused(server: FileServer, tmp_path: Path) -> None:
    server.content = CONTENT[:-1]
    server.length_told = False
    with pytest.raises(SetupError, match=r"cannot download .* 416"):
        fetch(pinned(server), tmp_path)
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize("status", [HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE])
def test_a_refusal_is_told_with_its_status_and_the_part_kept(
    server: FileServer, tmp_path: Path, status: HTTPStatus
) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:1000])
    server.status = status
    with pytest.raises(SetupError, match=f"cannot download {server.url}: the answer is {status.value} "):
        fetch(pinned(server), tmp_path)
    assert (tmp_path / f"{NAME}.part").read_bytes() == CONTENT[:1000]


def test_without_a_network_the_message_says_so(tmp_path: Path) -> None:
    nobody = FileServer(content=CONTENT, port=free_port())
    with pytest.raises(SetupError, match=r"cannot download http://127.0.0.1:.*Connection refused"):
        fetch(pinned(nobody), tmp_path)
    assert left_in(tmp_path) == set()


def test_a_folder_that_cannot_be_written_is_told(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="cannot keep"):
        fetch(pinned(server), tmp_path / "file")


def test_two_at_once_download_once(server: FileServer, tmp_path: Path) -> None:
    both = [threading.Thread(target=fetch, args=(pinned(server), tmp_path)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert server.ranges_asked == [None]
