"""`streakctl policy`: publish, list, withdraw and show policies in time, compare two, and try one on real users.

Nothing that is deployed may import it.
"""
