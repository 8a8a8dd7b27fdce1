"""The ways to reach users."""
