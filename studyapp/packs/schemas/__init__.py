"""The format as JSON Schema, for editors: made from the tables that the readers of the format go by."""
