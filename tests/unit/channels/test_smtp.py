"""Letters by smtplib, against a stand-in that keeps the contract of SMTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from streak_core.channels.smtp import MailUnavailable, SmtpMail
from streak_core.config.mail import MailRules
from streak_core.notice_texts import Message
from testing.logged import Logged
from testing.stand_in_mail import StandInMail, listening_mail

RULES: Final = MailRules(
    host="127.0.0.1", port=0, is_tls_from_start=False, user=None, password=None, sender="streaks@app.example.com"
)
TOLD: Final = Message(
    message_id="2026-03-03.reminder", kind="reminder", title="Halte sie: 12 Tage", body="Heute fehlt …"
)


def send(mail: StandInMail, address: str | None = "ada@example.org", rules: MailRules = RULES, times: int = 1) -> None:
    with listening_mail(mail, rules.host) as port:
        channel = SmtpMail(replace(rules, port=port), lambda _: address)
        for _ in range(times):
            channel.send("ada", TOLD)


def test_a_letter_says_what_the_notice_says_and_has_the_same_name_each_time() -> None:
    mail = StandInMail()
    send(mail, times=2)
    first, second = mail.letters
    assert (first["From"], first["To"], first["Subject"]) == (RULES.sender, "ada@example.org", TOLD.title)
    assert first.get_content().strip() == TOLD.body
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@app.example.com>")
    assert "ada" not in first["Message-ID"]


def test_who_has_no_address_is_sent_nothing_and_no_server_is_asked() -> None:
    SmtpMail(replace(RULES, port=1), lambda _: None).send("ada", TOLD)
    with pytest.raises(MailUnavailable):
        SmtpMail(replace(RULES, port=1), lambda _: "ada@example.org").send("ada", TOLD)


@pytest.mark.parametrize(("code", "is_over"), [(550, True), (450, False)])
def test_a_recipient_who_is_refused_for_good_is_logged_and_one_who_is_for_now_is_tried_again(
    code: int, *, is_over: bool
) -> None:
    mail = StandInMail(refusals={"ada@example.org": code})
    if is_over:
        with Logged() as logged:
            send(mail)
        assert logged.events() == ["notice_refused"]
    else:
        with pytest.raises(MailUnavailable):
            send(mail)
    assert mail.letters == []


@pytest.mark.parametrize(("code", "is_over"), [(554, True), (452, False)])
def test_so_is_a_letter(code: int, *, is_over: bool) -> None:
    mail = StandInMail(content_code=code)
    if is_over:
        send(mail)
    else:
        with pytest.raises(MailUnavailable):
            send(mail)


def test_an_address_that_the_server_can_not_write_is_refused_for_good() -> None:
    mail = StandInMail()
    send(mail, "ädä@example.org")
    assert mail.letters == []


def test_the_password_is_given_and_a_wrong_one_is_no_letter_s_fault() -> None:
    mail = StandInMail(password="secret")  # noqa: S106 - of a stand-in
    own = replace(RULES, user="streaks", password="secret")  # noqa: S106
    send(mail, rules=own)
    assert len(mail.letters) == 1
    for wrong in (replace(own, password="guessed"), RULES):  # noqa: S106
        with pytest.raises(MailUnavailable):
            send(mail, rules=wrong)
    assert "secret" not in repr(own)


def test_nothing_leaves_the_machine_without_tls() -> None:
    mail = StandInMail()
    for rules in (replace(RULES, host="127.0.0.2"), replace(RULES, is_tls_from_start=True)):
        with pytest.raises(MailUnavailable):
            send(mail, rules=rules)
    assert mail.letters == []
