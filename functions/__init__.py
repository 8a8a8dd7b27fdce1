"""The deployed functions, one module each, and the HTTP edge that they share."""
