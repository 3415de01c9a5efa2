"""The command line: one module a command group; each imports its room only when it runs."""
