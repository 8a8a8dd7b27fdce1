"""The project's tests, in folders that mirror the code. Must not be imported by it."""
