"""Plans a day of millions of users with the job's own constants: schedule, size and cost."""
