"""Authors' files in, typed content out; every problem with its line and column. Reads disk, remembers nothing."""
