"""Friend streaks: invitations, who are friends, and what each is told of the other. Must not know HTTP."""
