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
    op.drop_index('ix_purchases_user_id_created_at', table_name='purchases')
