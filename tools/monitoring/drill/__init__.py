"""The drill: what the service really says of itself in trouble, judged by the conditions of the alert policies.

Real processes are brought into trouble, their log lines become the series that Cloud Monitoring would make of them,
and Prometheus' own promtool says which policy fires, and when. It must not be imported by anything that is deployed.
"""
