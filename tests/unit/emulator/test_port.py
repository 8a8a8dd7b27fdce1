"""Which port is asked for, and whether it is free. Must not start a server."""

import socket

import pytest

from emulator.errors import SetupError
from emulator.port import HOST, PORT_DEFAULT, free_port, requested_port, require_free


@pytest.mark.parametrize(("text", "port"), [("1", 1), ("8081", 8081), ("65535", 65535)])
def test_a_port_is_a_whole_number(text: str, port: int) -> None:
    assert requested_port({"PORT": text}) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80.5", "x", "8_0", "\uff18\uff10", "99999999999999999999"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SetupError, match=f"PORT={text} is not a port"):
        requested_port({"PORT": text})


@pytest.mark.parametrize("environment", [{}, {"PORT": ""}])
def test_without_a_word_it_is_the_default(environment: dict[str, str]) -> None:
    assert requested_port(environment) == PORT_DEFAULT


def test_a_port_is_free_until_somebody_listens() -> None:
    port = free_port()
    require_free(port)
    with socket.create_server((HOST, port)), pytest.raises(SetupError, match=f"port {port} is taken"):
        require_free(port)


def test_a_port_whose_server_just_left_is_free() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection((HOST, port))
        connection, _ = server.accept()
        connection.close()
        client.close()
    require_free(port)
    with socket.create_server((HOST, port)) as again:
        assert again.getsockname()[1] == port
