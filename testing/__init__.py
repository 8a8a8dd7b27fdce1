"""What tests and tools share, so that neither imports the other: the independent model, scenarios, random lives."""
