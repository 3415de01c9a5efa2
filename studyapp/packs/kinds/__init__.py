"""The answer part of each kind of question: how it is read, and what a check proves of it."""
