"""`python -m tools.monitoring.preview`: the dashboard's own file, drawn with the data of a local run, as one HTML page.

It must not know a metric or a query that is not in the files of monitoring.
"""
