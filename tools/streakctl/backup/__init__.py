"""A logical copy of a database: taken at one moment, checked byte by byte, and brought back.

Nothing that is deployed may import it.
"""
