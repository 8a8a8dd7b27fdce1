"""`make judges`: takes the contract to the generators and linters that apps use. Must not know any single route."""
