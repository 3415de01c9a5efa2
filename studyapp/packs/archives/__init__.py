"""Packs as one file, and as part of a person's own: made, judged, put in place in one step, taken away again."""
