"""Everything that decides: pure, without a clock, a database or a framework."""
