"""Which ports are asked for, which are chosen, and whether they are free. Must not start a server."""

import socket

import pytest

from emulator.errors import SetupError
from emulator.port import HOST, PORTS, Ports, chosen_ports, free_port, is_taken, requested_port, require_free


@pytest.mark.parametrize("name", ["PORT", "FIRESTORE_PORT"])
@pytest.mark.parametrize(("text", "port"), [("1", 1), ("8081", 8081), ("65535", 65535), ("", None)])
def test_a_port_is_a_whole_number_or_nobodys_word(name: str, text: str, port: int | None) -> None:
    assert requested_port(name, {name: text}) == port


@pytest.mark.parametrize("name", ["PORT", "FIRESTORE_PORT"])
@pytest.mark.parametrize("text", ["0", "65536", "-1", "80.5", "x", "8_0", "\uff18\uff10", "99999999999999999999"])
def test_anything_else_is_refused(name: str, text: str) -> None:
    with pytest.raises(SetupError, match=f"{name}={text} is not a port: .* as in {name}=8081"):
        requested_port(name, {name: text})


def test_what_is_named_is_chosen_whoever_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        assert chosen_ports({"PORT": str(port), "FIRESTORE_PORT": "9000"}) == Ports(port, 9000)
    assert chosen_ports({"PORT": "9001"}, named=9002) == Ports(9002)
    assert capsys.readouterr().err == ""


def test_one_port_for_both_is_refused() -> None:
    for environment, named in (({"PORT": "9000", "FIRESTORE_PORT": "9000"}, None), ({"FIRESTORE_PORT": "9000"}, 9000)):
        with pytest.raises(SetupError, match="PORT and FIRESTORE_PORT are both 9000: leave one of them out"):
            chosen_ports(environment, named=named)


def test_the_usual_port_is_that_of_firebases_own_emulator_and_left_to_it() -> None:
    assert (PORTS[0], PORTS[-1]) == (8080, 8084)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_first_that_nobody_has_is_chosen_and_told_where_it_is_not_the_usual_one(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    usual, next_one, other = free_port(), free_port(), free_port()
    assert chosen_ports({}, [usual, next_one]) == Ports(usual)
    assert capsys.readouterr().err == ""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        server = socket.create_server((address, usual), family=family)
    except OSError:
        pytest.skip(f"this machine has no {address}")
    with server:
        assert is_taken(usual)
        assert chosen_ports({}, [usual, next_one]) == Ports(next_one)
        told = capsys.readouterr().err
        assert told.startswith(f"port {usual} is taken, ")
        assert f"serving at port {next_one} (PORT=" in told
        with pytest.raises(SetupError, match=f"{usual} to {usual} are all taken: name another one, as in PORT=9000"):
            chosen_ports({}, [usual])
    assert chosen_ports({"FIRESTORE_PORT": str(usual)}, [usual, other]) == Ports(other, usual)
    assert f"port {usual} is FIRESTORE_PORT" in capsys.readouterr().err


def test_a_port_is_free_until_somebody_listens() -> None:
    port = free_port()
    require_free(port)
    assert not is_taken(port)
    with socket.create_server((HOST, port)):
        assert is_taken(port)
        with pytest.raises(SetupError, match=rf"port {port} is taken: .* as in PORT=\d+"):
            require_free(port)
        with pytest.raises(SetupError, match=r"as in FIRESTORE_PORT=\d+"):
            require_free(port, "FIRESTORE_PORT")


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
