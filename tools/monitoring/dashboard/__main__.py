"""The command `python -m tools.monitoring.dashboard`: checks the dashboard's file. It must not know what is checked."""

from __future__ import annotations

import sys

from tools.monitoring.dashboard.reading import DASHBOARD, NotADashboardError, dashboard_problems, read_dashboard


def main() -> int:
    """Prints every complaint; 0 where there is none, else 1."""
    try:
        found = dashboard_problems(read_dashboard(DASHBOARD))
    except NotADashboardError as error:
        found = [str(error)]
    for problem in found:
        print(problem)
    print(f"{len(found)} problems" if found else "the dashboard is as it should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
