"""hidden content for products

Revision ID: 61d7e2a94f03
Revises: 10c4a8f7be55
Create Date: 2024-12-22 20:10:44.118203

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '61d7e2a94f03'
down_revision: Union[str, Sequence[str], None] = '10c4a8f7be55'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('products', sa.Column('file_id', sa.Text(), nullable=True))
    op.add_column('products', sa.Column('hidden_content', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('products', 'hidden_content')
    op.drop_column('products', 'file_id')
