"""Questions: families, their variants, grading and the beliefs behind wrong answers. Pure."""
