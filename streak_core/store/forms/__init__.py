"""What is stored, as types of its own: one module for each schema version that was ever deployed, closed for good.

They must not know Firestore. A field that a form does not have is refused, never dropped: an older program that meets
what a newer one wrote says so, and changes nothing.
"""
