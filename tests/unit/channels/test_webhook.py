"""How an endpoint is reached: which addresses are, and what each answer means. Must not know when it is tried again."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks.webhooks import Webhook

from streak_core.channels.webhook import WebhookChannel, is_public
from streak_core.domain.events import EventKind
from streak_core.domain.webhook_messages import WebhookMessage
from streak_core.domain.webhooks import Endpoint, Reply
from streak_core.telemetry import LogEvent
from testing.logged import Logged
from testing.stand_in_endpoint import StandInEndpoint, listening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET: Final = b"s" * 24
MESSAGE: Final = WebhookMessage(message_id="evt_1", body='{"type":"ünï"}'.encode())
OWN: Final = WebhookChannel(allows_own_machine=True)
PUBLIC: Final = "8.8.8.8"


def endpoint(url: str) -> Endpoint:
    return Endpoint(name="crm", url=url, kinds=frozenset({EventKind.STREAK_BROKEN}), secrets=(SECRET,))


def sent(url: str, channel: WebhookChannel = OWN) -> Reply:
    return channel.send(endpoint(url), MESSAGE, datetime.now(UTC))


@pytest.fixture
def logged() -> Iterator[Logged]:
    with Logged() as lines:
        yield lines


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_an_address_that_everybody_may_have_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "169.254.169.254", "169.254.0.1", "224.0.0.1", "255.255.255.255"),  # noqa: S104 - refused
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fd00:ec2::254", "ff02::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1"),
        *("64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::808:808", "2002:a00:1::", "2002:7f00:1::1"),
        *("2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1", "192.0.2.1", "240.0.0.1", "not an address"),
    ],
)
def test_an_address_of_a_network_or_of_a_machine_is_not(address: str) -> None:
    assert not is_public(address)


def test_a_message_arrives_signed_and_as_it_is() -> None:
    server = StandInEndpoint()
    with listening(server) as port:
        assert sent(f"http://127.0.0.1:{port}/in/here?key=1") is Reply.TAKEN
    (received,) = server.received
    assert (received.path, received.body) == ("/in/here?key=1", MESSAGE.body)
    assert received.headers["content-type"] == "application/json"
    assert Webhook(SECRET).verify(received.body, received.headers) == {"type": "ünï"}


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (200, Reply.TAKEN),
        (299, Reply.TAKEN),
        (300, Reply.FAILED),
        (307, Reply.FAILED),
        (404, Reply.FAILED),
        (409, Reply.FAILED),
        (410, Reply.GONE),
        (411, Reply.FAILED),
        (429, Reply.FAILED),
        (500, Reply.FAILED),
    ],
)
def test_each_answer_means_one_thing_and_no_redirection_is_followed(status: int, reply: Reply) -> None:
    server = StandInEndpoint(statuses=[status])
    with listening(server) as port:
        assert sent(f"http://127.0.0.1:{port}/") is reply
    assert len(server.received) == 1


def test_whoever_answers_without_end_is_cut_off(logged: Logged) -> None:
    server = StandInEndpoint(statuses=[None])
    with listening(server) as port:
        assert sent(f"http://127.0.0.1:{port}/", replace(OWN, seconds_max=0.3)) is Reply.FAILED
    assert [one["endpoint"] for one in logged.of(LogEvent.WEBHOOK_REFUSED)] == ["crm"]


def test_whoever_answers_without_end_behind_tls_is_cut_off_as_well(tmp_path: Path) -> None:
    of_server, believing = _certificate(tmp_path, "app.example.com")
    server = StandInEndpoint(statuses=[None])
    channel = replace(OWN, resolve=lambda *_: ["127.0.0.1"], tls=believing, seconds_max=0.5)
    with listening(server, of_server) as port:
        assert sent(f"https://app.example.com:{port}/", channel) is Reply.FAILED
    assert len(server.received) == 1


def test_nobody_there_is_a_failure() -> None:
    with listening(StandInEndpoint()) as port:
        pass
    assert sent(f"http://127.0.0.1:{port}/") is Reply.FAILED


@pytest.mark.parametrize("found", [["127.0.0.1"], ["10.0.0.1"], [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], []])
def test_a_host_is_sent_nothing_where_any_of_its_addresses_is_private(found: list[str], logged: Logged) -> None:
    server = StandInEndpoint()
    with listening(server) as port:
        deployed = WebhookChannel(resolve=lambda _host, _port: found)
        assert sent(f"http://app.example.com:{port}/", deployed) is Reply.FAILED
    assert server.received == []
    (line,) = logged.of(LogEvent.WEBHOOK_REFUSED)
    assert "AddressRefused" in str(line)


def test_where_nobody_listens_at_the_first_address_the_next_one_is_tried() -> None:
    server = StandInEndpoint()
    with listening(server) as port:
        channel = replace(OWN, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
        assert sent(f"http://app.example.com:{port}/", channel) is Reply.TAKEN


def test_an_emulator_lets_in_its_own_machine_and_no_other_private_address() -> None:
    assert sent("http://app.example.com/", replace(OWN, resolve=lambda *_: ["169.254.169.254"])) is Reply.FAILED


def test_a_host_that_changes_its_address_is_asked_once_and_what_was_judged_is_connected_to() -> None:
    server, answers = StandInEndpoint(), [["127.0.0.1"]]
    with listening(server) as port:
        # Asked once more there would be no answer.
        channel = replace(OWN, resolve=lambda _host, _port: answers.pop())
        assert sent(f"http://rebound.example.com:{port}/", channel) is Reply.TAKEN
    assert server.received[0].headers["host"] == f"rebound.example.com:{port}"


def _certificate(place: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of a server with that name, and of who believes it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    written = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (place / "pem").write_bytes(written + key.private_bytes(serialization.Encoding.PEM, *private))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(place / "pem")
    return server, ssl.create_default_context(cadata=written.decode())


def test_a_certificate_is_of_the_host_and_not_of_the_address_that_is_connected_to(tmp_path: Path) -> None:
    of_server, believing = _certificate(tmp_path, "app.example.com")
    server = StandInEndpoint()
    channel = replace(OWN, resolve=lambda *_: ["127.0.0.1"], tls=believing)
    with listening(server, of_server) as port:
        assert sent(f"https://app.example.com:{port}/", channel) is Reply.TAKEN
        assert sent(f"https://other.example.com:{port}/", channel) is Reply.FAILED
        assert sent(f"https://app.example.com:{port}/", replace(channel, tls=None)) is Reply.FAILED
    assert len(server.received) == 1
