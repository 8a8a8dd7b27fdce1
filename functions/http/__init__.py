"""The HTTP edge: who asks, what was sent, which route, and how answers and errors are rendered.

It must not know Firestore, nor any rule of a streak.
"""
