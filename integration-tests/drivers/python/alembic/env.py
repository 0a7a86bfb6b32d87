"""Runs migrations on the connection of the walk's configuration."""

from alembic import context
from sqlalchemy import engine_from_config

target = context.config.attributes["target"]
engine = engine_from_config(context.config.get_section(context.config.config_ini_section))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
