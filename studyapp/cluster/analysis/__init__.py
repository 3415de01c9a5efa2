"""Sets of faults: what takes a service down, and what it survives, exactly."""
