"""Claims: how they are read, checked and evaluated over a trace."""
