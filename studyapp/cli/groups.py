"""Every group of commands. Imported only when there are words to read: without any, the first screen comes at once."""

from __future__ import annotations

from studyapp.cli import analyse, backup, doctor, goal, history, pack, simulate, stats, study

GROUPS = (study, goal, stats, simulate, analyse, pack, backup, history, doctor)
