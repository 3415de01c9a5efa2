"""What to ask next, and what has been answered so far."""
