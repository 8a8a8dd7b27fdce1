"""`streakctl import`: brings users along from another system, row by row.

It must not know how a streak is judged; each row is a command like any other.
"""
