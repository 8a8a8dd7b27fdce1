"""One decision for each command: `decide_…(situation, wish) -> Decision`, or a refusal.

Nothing in here performs I/O or reads a clock.
"""
