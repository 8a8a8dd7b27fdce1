"""`streakctl audit`: proves audit trails, also against the heads that the job has logged.

It must not change anything.
"""
