"""The one place that touches Firestore: documents, the one write, and the queries of maintenance.

It must not decide anything about a streak. Each module is imported by its own name: no function pays for another's.
"""
