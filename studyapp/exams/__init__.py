"""Timed practice exams: a blueprint becomes a form, a form a sitting, a sitting a score."""
