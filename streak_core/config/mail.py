"""The part of the configuration that says by which server e-mail is sent; none is, until one is named.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD: Final = "STREAK_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
# The ports of mail that is submitted: with TLS from the beginning, and with TLS that is asked for.
_PORTS: Final = {"smtps": 465, "smtp": 587}
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_OWN_MACHINE: Final = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True, kw_only=True)
class MailRules:
    """A server that takes mail, as whom, and whose letters they are."""

    host: str
    port: int
    # Else it is asked for before anything is said, but of this very machine.
    is_tls_from_start: bool
    user: str | None
    password: str | None = field(repr=False)
    sender: str

    @property
    def is_own_machine(self) -> bool:
        """Whether nothing leaves the machine."""
        return self.host in _OWN_MACHINE


def mail_rules(environ: Mapping[str, str], wrong: list[str]) -> MailRules | None:
    """What the environment says; None where STREAK_SMTP_URL is not set."""
    text, sender = environ.get("STREAK_SMTP_URL", ""), environ.get("STREAK_MAIL_FROM", "")
    password = environ.get(PASSWORD) or None
    if not text:
        return None
    try:
        url = urlsplit(text)
        host, port, scheme = url.hostname, url.port, url.scheme
    except ValueError:
        host, port, scheme, url = None, None, "", urlsplit("")
    if scheme not in _PORTS or not host or url.path.strip("/") or url.query or url.fragment:
        wrong.append(
            "STREAK_SMTP_URL: is not of a form such as smtps://user@smtp.example.com or smtp://smtp.example.com:587"
        )
    if url.password is not None:
        wrong.append("STREAK_SMTP_URL: has a password; it goes into STREAK_SMTP_PASSWORD, from a secret")
    if (url.username is None) != (password is None):
        wrong.append("STREAK_SMTP_URL and STREAK_SMTP_PASSWORD: give a user and a password, or neither")
    if not _ADDRESS.fullmatch(sender):
        wrong.append("STREAK_MAIL_FROM: must be the e-mail address that letters come from")
    return MailRules(
        host=host or "",
        port=port or _PORTS.get(scheme, 0),
        is_tls_from_start=scheme == "smtps",
        user=unquote(url.username) if url.username is not None else None,
        password=password,
        sender=sender,
    )
