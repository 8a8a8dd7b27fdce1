"""`streakctl migrate`: everybody brought along to another stored form, and back, under one lease.

Nothing that is deployed may import it.
"""
