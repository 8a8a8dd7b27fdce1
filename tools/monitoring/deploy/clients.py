"""The three Google services that are deployed to, and the one place where their clients are made.

It must not know what is deployed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from google.cloud.logging_v2.services.metrics_service_v2 import MetricsServiceV2Client
    from google.cloud.monitoring_dashboard_v1 import DashboardsServiceClient
    from google.cloud.monitoring_v3 import AlertPolicyServiceClient

# Of one call; none of them does long work.
CALL_SECONDS_MAX: Final = 30.0


@dataclass(frozen=True, kw_only=True)
class Clients:
    """One client for each kind of object."""

    metrics: MetricsServiceV2Client
    policies: AlertPolicyServiceClient
    dashboards: DashboardsServiceClient


def google_clients() -> Clients:
    """Clients of Google's own services, with the credentials of this machine. Raises `DefaultCredentialsError`."""
    import google.auth
    from google.cloud.logging_v2.services.metrics_service_v2 import MetricsServiceV2Client
    from google.cloud.monitoring_dashboard_v1 import DashboardsServiceClient
    from google.cloud.monitoring_v3 import AlertPolicyServiceClient

    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    return Clients(
        metrics=MetricsServiceV2Client(credentials=credentials),
        policies=AlertPolicyServiceClient(credentials=credentials),
        dashboards=DashboardsServiceClient(credentials=credentials),
    )
