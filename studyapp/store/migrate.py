"""Bring a database's schema up to date. Imported only when it is not, because Alembic takes long to import."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config() -> Config:
    """Alembic's settings, made here so that no file has to be found."""
    config = Config()
    # A percent sign in a folder's name would be read as a reference to another setting.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(engine: Engine) -> None:
    """Migrate to the newest schema in one transaction: whatever stops it, the database is as before or current.

    `engine` begins its transactions by taking the write lock, so that of several programs one migrates and the others,
    which wait for it, find nothing left to do.

    Raises:
        sqlalchemy.exc.DBAPIError: the database cannot be written.
    """
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
