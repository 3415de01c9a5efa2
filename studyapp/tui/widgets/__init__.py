"""Pieces of the screen that know nothing of the screens they are on."""
