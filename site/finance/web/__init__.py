"""Pages of one's own money. Whose they are the session says, and nothing else."""
