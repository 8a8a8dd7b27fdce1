"""Starts Google's Firestore emulator and every function on this machine. Must not know what a streak is."""
