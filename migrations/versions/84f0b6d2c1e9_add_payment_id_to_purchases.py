"""add payment id to purchases

Revision ID: 84f0b6d2c1e9
Revises: 61d7e2a94f03
Create Date: 2024-12-23 09:41:03.551947

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '84f0b6d2c1e9'
down_revision: Union[str, Sequence[str], None] = '61d7e2a94f03'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('purchases', sa.Column('payment_id', sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('purchases', 'payment_id')
