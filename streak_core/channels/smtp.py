"""Sends letters to users by a mail server.

It must not know why something is sent, nor where a user's address is from.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import Unavailable
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from streak_core.config.mail import MailRules
    from streak_core.notice_texts import Message

    # The address that a user is reached at, None where there is none that is known to be theirs.
    AddressOf = Callable[[str], str | None]

ANSWER_SECONDS_MAX: Final = 10.0
_REFUSED_FROM: Final = 500


class MailUnavailable(Unavailable):
    """The mail server does not answer, or takes no more for now."""

    code = "mail_unavailable"
    message = "The mail server does not take the letter. Call again later."


@dataclass(frozen=True)
class SmtpMail:
    """Letters by one server."""

    rules: MailRules
    address_of: AddressOf

    def send(self, user_id: str, message: Message) -> None:
        """Sends the user a letter; to whoever has no address nothing.

        What is refused as it is would be so each time, and is only logged. Raises `MailUnavailable`, where it is to be
        tried again, and what asking for the address raises.
        """
        address = self.address_of(user_id)
        if address is None:
            return
        try:
            with self._connected() as server:
                self._sign_in(server)
                refused = _refused(server, self._letter(user_id, address, message))
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable from error
        if refused:
            log(LogEvent.NOTICE_REFUSED, "a letter was refused as it is", error=refused, kind=message.kind)

    def _connected(self) -> smtplib.SMTP:
        place = self.rules.host, self.rules.port
        if self.rules.is_tls_from_start:
            return smtplib.SMTP_SSL(*place, timeout=ANSWER_SECONDS_MAX, context=ssl.create_default_context())
        return smtplib.SMTP(*place, timeout=ANSWER_SECONDS_MAX)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        """Behind TLS, but on this very machine. Raises `SMTPException`, `OSError`."""
        rules = self.rules
        if not rules.is_tls_from_start and not rules.is_own_machine:
            server.starttls(context=ssl.create_default_context())
        if rules.user is not None and rules.password is not None:
            server.login(rules.user, rules.password)

    def _letter(self, user_id: str, address: str, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.rules.sender, address, message.title
        # The same name each time, without anything of the user: who is sent it twice may see that it is one.
        name = hashlib.sha256(f"{user_id}/{message.message_id}".encode()).hexdigest()[:40]
        letter["Message-ID"] = f"<{name}@{self.rules.sender.rpartition('@')[2]}>"
        letter["Date"] = formatdate()
        # Nobody's holiday reply is wanted.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.body)
        return letter


def _refused(server: smtplib.SMTP, letter: EmailMessage) -> smtplib.SMTPException | None:
    """Why the letter is taken as little another time; None where it was taken. Raises `SMTPException`, `OSError`."""
    try:
        server.send_message(letter)
    except smtplib.SMTPNotSupportedError as error:
        # An address that this server can't write.
        return error
    except smtplib.SMTPRecipientsRefused as error:
        ((code, _),) = error.recipients.values()
        if code >= _REFUSED_FROM:
            return error
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= _REFUSED_FROM:
            return error
        raise
    return None
