"""The ways to reach users, one module each; none knows why it does. Each module is imported by its own name."""
