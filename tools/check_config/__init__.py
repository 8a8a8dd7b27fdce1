"""`make check-config`: judges the settings of a deployment and tries its database, before anybody depends on them.

Nothing that is deployed imports it, and no value that could be a secret is ever shown.
"""
