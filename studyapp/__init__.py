"""Learn Windows Server clustering in the terminal.

Nothing is imported here: a command pays only for the rooms it enters.
"""
