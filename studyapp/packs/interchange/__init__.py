"""Packs from other formats and into them: nothing of a source is dropped without being told."""
