"""The mail server of a deployment: none until one is named, and then whole or refused by the variable."""

from __future__ import annotations

import pytest

from streak_core.config.mail import MailRules, mail_rules

FINE = {"STREAK_SMTP_URL": "smtps://us%40er@smtp.example.com", "STREAK_MAIL_FROM": "streaks@app.example.com"}
PASSWORD = {"STREAK_SMTP_PASSWORD": "s"}


def test_no_letters_are_sent_until_a_server_is_named() -> None:
    wrong: list[str] = []
    assert mail_rules({}, wrong) is None
    assert mail_rules({"STREAK_SMTP_URL": ""}, wrong) is None
    assert wrong == []


@pytest.mark.parametrize(
    ("url", "more", "port", "is_tls_from_start", "user"),
    [
        ("smtps://us%40er@smtp.example.com", PASSWORD, 465, True, "us@er"),
        ("smtp://smtp.example.com", {}, 587, False, None),
        ("smtp://smtp.example.com:2525/", {}, 2525, False, None),
    ],
)
def test_a_server_is_read_from_its_address(
    url: str, more: dict[str, str], port: int, *, is_tls_from_start: bool, user: str | None
) -> None:
    wrong: list[str] = []
    assert mail_rules({**FINE, "STREAK_SMTP_URL": url, **more}, wrong) == MailRules(
        host="smtp.example.com",
        port=port,
        is_tls_from_start=is_tls_from_start,
        user=user,
        password=more.get("STREAK_SMTP_PASSWORD"),
        sender="streaks@app.example.com",
    )
    assert wrong == []


@pytest.mark.parametrize(
    ("change", "variable"),
    [
        ({"STREAK_SMTP_URL": "https://user@smtp.example.com"}, "STREAK_SMTP_URL"),
        ({"STREAK_SMTP_URL": "smtps://user@smtp.example.com/inbox"}, "STREAK_SMTP_URL"),
        ({"STREAK_SMTP_URL": "smtps://user@smtp.example.com:port"}, "STREAK_SMTP_URL"),
        ({"STREAK_SMTP_URL": "smtps://user:hunter2@smtp.example.com"}, "STREAK_SMTP_URL"),
        ({"STREAK_SMTP_PASSWORD": ""}, "STREAK_SMTP_URL and STREAK_SMTP_PASSWORD"),
        ({"STREAK_MAIL_FROM": ""}, "STREAK_MAIL_FROM"),
        ({"STREAK_MAIL_FROM": "Streaks <streaks@app.example.com>"}, "STREAK_MAIL_FROM"),
        ({"STREAK_MAIL_FROM": "streaks@app.example.com\nBcc: all@example.com"}, "STREAK_MAIL_FROM"),
    ],
)
def test_what_no_letter_could_be_sent_with_is_refused_by_its_variable(change: dict[str, str], variable: str) -> None:
    wrong: list[str] = []
    mail_rules({**FINE, **PASSWORD, **change}, wrong)
    assert variable in {line.partition(":")[0] for line in wrong}
    assert not any("hunter2" in line for line in wrong)
