"""`python -m tools.monitoring.deploy`: brings what is deployed of monitoring to what the folder says.

It must not judge what is deployed: `monitoring.checks` does.
"""
