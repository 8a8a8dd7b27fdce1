"""The dashboard as its file says it: read strictly, and checked for what its service and its readers would trip over.

It must not know data. `python -m tools.monitoring.dashboard` checks the project's own file.
"""

from tools.monitoring.dashboard.layout import layout_problems
from tools.monitoring.dashboard.reading import DASHBOARD, NotADashboardError, dashboard_problems, read_dashboard

__all__ = ["DASHBOARD", "NotADashboardError", "dashboard_problems", "layout_problems", "read_dashboard"]
