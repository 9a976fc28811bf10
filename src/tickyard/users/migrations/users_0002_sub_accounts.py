"""Sub-accounts: labels, whether money may leave them, and such as belong to nobody who logs in."""

import sqlalchemy as sa
from alembic import op

revision = "users_0002"
down_revision = "users_0001"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Change the table of accounts."""
    with op.batch_alter_table("accounts") as accounts:
        accounts.alter_column("person", existing_type=_SERIAL, nullable=True)
        accounts.add_column(sa.Column("label", sa.String(50), nullable=False, server_default=""))
        accounts.add_column(sa.Column("can_transfer_out", sa.Boolean))
    with op.batch_alter_table("accounts") as accounts:
        accounts.alter_column("label", existing_type=sa.String(50), server_default=None)


def downgrade() -> None:
    """Change it back; accounts that belong to nobody are in the way."""
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("can_transfer_out")
        accounts.drop_column("label")
        accounts.alter_column("person", existing_type=_SERIAL, nullable=False)
