"""index purchases by user and time

Revision ID: 9c41e07b2d55
Revises: a5e31c90d7b2
Create Date: 2024-12-28 11:20:09.215730

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9c41e07b2d55'
down_revision: Union[str, Sequence[str], None] = 'a5e31c90d7b2'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_index('ix_purchases_user_id_created_at', 'purchases', ['user_id', 'created_at'], unique=False)


def downgrade() -> None:
    """Downgrade schema."""
    # MySQL had given up the index that it made for the key on user_id, which needs this one since:
    # made anew, the key gets its own again.
    is_mysql = op.get_context().dialect.name in ('mysql', 'mariadb')
    if is_mysql:
        op.drop_constraint('purchases_ibfk_2', 'purchases', type_='foreignkey')
    op.drop_index('ix_purchases_user_id_created_at', table_name='purchases')
    if is_mysql:
        op.create_foreign_key('purchases_ibfk_2', 'purchases', 'users', ['user_id'], ['id'])
