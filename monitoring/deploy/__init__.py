"""`python -m monitoring.deploy`: brings a project's log metrics, alert policies and dashboard to what the folder says.

It must not judge what is deployed: `monitoring.checks` does.
"""
