"""add payment type, unique payment id

Revision ID: a5e31c90d7b2
Revises: 84f0b6d2c1e9
Create Date: 2024-12-26 13:28:51.730066

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'a5e31c90d7b2'
down_revision: Union[str, Sequence[str], None] = '84f0b6d2c1e9'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('purchases', sa.Column('payment_type', sa.String(length=20), server_default='card', nullable=False))
    op.create_unique_constraint('uq_purchases_payment_id', 'purchases', ['payment_id'])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint('uq_purchases_payment_id', 'purchases', type_='unique')
    op.drop_column('purchases', 'payment_type')
