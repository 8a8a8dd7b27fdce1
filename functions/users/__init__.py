"""What users do, where a function has no room for it: the handlers of their own routes."""
