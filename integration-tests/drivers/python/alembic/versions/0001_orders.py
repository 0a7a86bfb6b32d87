"""Orders of customers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_primary_key("customer_pkey", "customer", ["id"])
    op.create_table(
        "purchase",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id"), nullable=False),
    )
    op.create_index("purchase_customer", "purchase", ["customer_id"])


def downgrade():
    op.drop_table("purchase")
    op.drop_constraint("customer_pkey", "customer")
