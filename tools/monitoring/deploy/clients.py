"""The clients of Google's services that the objects are deployed with: Google's own, or those of a stand-in.

It must not know what is deployed.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import google.auth
import grpc
from google.cloud.logging_v2.services.metrics_service_v2 import MetricsServiceV2Client
from google.cloud.logging_v2.services.metrics_service_v2.transports import MetricsServiceV2GrpcTransport
from google.cloud.monitoring_dashboard_v1 import DashboardsServiceClient
from google.cloud.monitoring_dashboard_v1.services.dashboards_service.transports import DashboardsServiceGrpcTransport
from google.cloud.monitoring_v3 import AlertPolicyServiceClient, UptimeCheckServiceClient
from google.cloud.monitoring_v3.services.alert_policy_service.transports import AlertPolicyServiceGrpcTransport
from google.cloud.monitoring_v3.services.uptime_check_service.transports import UptimeCheckServiceGrpcTransport


class Clients(NamedTuple):
    """One client for each kind of object."""

    metrics: MetricsServiceV2Client
    uptime_checks: UptimeCheckServiceClient
    policies: AlertPolicyServiceClient
    dashboards: DashboardsServiceClient


def google_clients() -> Clients:
    """Clients of Google's own services, with the credentials of this machine. Raises `DefaultCredentialsError`.

    Where the variable GOOGLE_MONITORING_HOST names a stand-in of all of them, it is asked, without encryption.
    """
    if stand_in := os.environ.get("GOOGLE_MONITORING_HOST"):
        return clients_on(grpc.insecure_channel(stand_in))
    own, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    return Clients(
        metrics=MetricsServiceV2Client(credentials=own),
        uptime_checks=UptimeCheckServiceClient(credentials=own),
        policies=AlertPolicyServiceClient(credentials=own),
        dashboards=DashboardsServiceClient(credentials=own),
    )


def clients_on(channel: grpc.Channel) -> Clients:
    """Clients of what answers on one channel for all of the services."""
    return Clients(
        metrics=MetricsServiceV2Client(transport=MetricsServiceV2GrpcTransport(channel=channel)),
        uptime_checks=UptimeCheckServiceClient(transport=UptimeCheckServiceGrpcTransport(channel=channel)),
        policies=AlertPolicyServiceClient(transport=AlertPolicyServiceGrpcTransport(channel=channel)),
        dashboards=DashboardsServiceClient(transport=DashboardsServiceGrpcTransport(channel=channel)),
    )
