"""Conducts practice and exams for both faces: applies, grades, records, in that order; and the words that both share.

The only room that asks the store to record anything.
"""

from __future__ import annotations

from studyapp.conduct.exam import ExamConductor
from studyapp.conduct.feedback import Feedback, OptionFeedback, compose
from studyapp.conduct.practice import Practice, checkpoint
from studyapp.conduct.trouble import BadResponse, ConductError

__all__ = [
    "BadResponse",
    "ConductError",
    "ExamConductor",
    "Feedback",
    "OptionFeedback",
    "Practice",
    "checkpoint",
    "compose",
]
