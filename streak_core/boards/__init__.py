"""Leaderboards: who stands where, and the final standing of a period. What a user's numbers are is the domain's."""
