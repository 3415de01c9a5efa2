"""Roles and virtual machines that are moved on purpose, or wait out what has befallen their host."""
