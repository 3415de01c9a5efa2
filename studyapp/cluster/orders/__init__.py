"""What the timeline may order: faults, repairs, and the work of administrators."""
