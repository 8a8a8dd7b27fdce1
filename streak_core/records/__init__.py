"""What people are and did, beside their streak: kinds of records as data, and the audit trail.

It must not know HTTP, Flask, or how a streak is judged. The function `streak` loads nothing of it before it is needed.
"""
