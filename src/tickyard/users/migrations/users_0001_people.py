"""People, accounts, sessions, API keys."""

import sqlalchemy as sa
from alembic import op

revision = "users_0001"
down_revision = None
branch_labels = ("users",)
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "people",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("secured_ms", sa.BigInteger, nullable=False),
        sa.Column("totp_secret", sa.LargeBinary),
        sa.Column("totp_is_on", sa.Boolean, nullable=False),
        sa.Column("totp_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", _SERIAL, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("master", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
    )
    op.create_index("accounts_by_name", "accounts", ["master", "name"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("person", _SERIAL, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("public_id", sa.String(16), nullable=False, unique=True),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("api_key", sa.String(64), primary_key=True),
        sa.Column(
            "account", sa.BigInteger, sa.ForeignKey("accounts.account"), nullable=False, index=True
        ),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("passphrase_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("permissions", sa.String(64), nullable=False),
        sa.Column("label", sa.String(50), nullable=False),
        sa.Column("addresses", sa.String(1024), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("used_ms", sa.BigInteger, nullable=False),
        sa.Column(
            "session",
            sa.LargeBinary(32),
            sa.ForeignKey("sessions.token_sha256", ondelete="CASCADE"),
            index=True,
        ),
    )
    changes = op.create_table(
        "key_changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(changes, [{"id": 1, "version": 1}])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("key_changes", "api_keys", "sessions", "accounts", "people"):
        op.drop_table(table)
