"""Changes of the schema, run by Alembic when a database is not current."""
