"""Which channels can be chosen: letters only where the deployment names a mail server."""

from __future__ import annotations

import pytest

from functions.http import runtime
from functions.notices import ChannelsBody, chosen_channels
from streak_core.config import load_config
from streak_core.domain.errors import Malformed

MAIL = {"STREAK_SMTP_URL": "smtp://smtp.example.com", "STREAK_MAIL_FROM": "streaks@example.com"}
BODY = ChannelsBody(reminder=["push"], milestone=["inbox", "email"])


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    config = load_config({"GOOGLE_CLOUD_PROJECT": "demo-x", **request.param})
    monkeypatch.setattr(runtime, "config", lambda: config)


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("named", [MAIL], indirect=True)
def test_letters_are_chosen_where_there_is_a_mail_server() -> None:
    assert chosen_channels(BODY) == {"reminder": ["push"], "milestone": ["inbox", "email"]}


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("named", [{}], indirect=True)
def test_they_are_refused_by_their_kind_where_there_is_none_and_other_channels_are_not() -> None:
    with pytest.raises(Malformed) as refused:
        chosen_channels(BODY)
    assert [one.field for one in refused.value.errors] == ["channels.milestone"]
    assert chosen_channels(ChannelsBody(reminder=["push"], milestone=[])) == {"reminder": ["push"], "milestone": []}
