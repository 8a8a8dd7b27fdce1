"""Says what a limit leaves a user in the `RateLimit` headers of draft-ietf-httpapi-ratelimit-headers-10.

It must not know what is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.rate_limit import Quota

# The name that ties the two together: there is one limit.
_NAME: Final = '"commands"'


def quota_headers(quota: Quota | None) -> Mapping[str, str]:
    """The headers of an answer to what was counted or refused for its number; none for any other."""
    if quota is None:
        return {}
    return {
        "RateLimit-Policy": f"{_NAME};q={quota.commands_max};w={quota.window_seconds}",
        "RateLimit": f"{_NAME};r={quota.remaining};t={quota.more_after_seconds}",
    }
