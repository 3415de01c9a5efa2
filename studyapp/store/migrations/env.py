"""Alembic's entry: migrate over the connection that the store hands in, inside the transaction that the store holds."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
