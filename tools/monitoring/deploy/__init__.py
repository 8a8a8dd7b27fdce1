"""`python -m tools.monitoring.deploy`: brings a project's metrics, alerts and dashboard to what the folder says.

It must not judge what is deployed: `monitoring.checks` does.
"""
