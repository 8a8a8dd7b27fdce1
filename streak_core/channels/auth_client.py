"""The client of Firebase Auth that knows the users of a deployment: of its project, or of one tenant of it.

It must not know who asks, or what about.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from firebase_admin import auth, tenant_mgt

if TYPE_CHECKING:
    import firebase_admin


@lru_cache(maxsize=1)
def auth_client(app: firebase_admin.App, tenant: str | None) -> auth.Client:
    """The client, made once for a process. Raises Google's `GoogleAuthError` where there are no credentials."""
    return auth.Client(app) if tenant is None else tenant_mgt.auth_for_tenant(tenant, app)
