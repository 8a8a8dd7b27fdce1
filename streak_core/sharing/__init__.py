"""Pictures of a streak to be shown around. Must not know HTTP or Firestore."""
