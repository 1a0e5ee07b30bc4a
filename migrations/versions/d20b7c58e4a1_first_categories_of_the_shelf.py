"""first categories of the shelf

Revision ID: d20b7c58e4a1
Revises: 9c41e07b2d55
Create Date: 2025-01-02 08:15:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'd20b7c58e4a1'
down_revision: Union[str, Sequence[str], None] = '9c41e07b2d55'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    categories = sa.table('categories', sa.column('name', sa.String()))
    op.bulk_insert(
        categories,
        [
            {'name': 'Books'},
            {'name': "Designers' fonts"},
            {'name': 'Sounds; loops and samples'},
        ],
    )
    op.execute("UPDATE purchases SET payment_type = 'stars' WHERE payment_id IS NULL")


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("UPDATE purchases SET payment_type = 'card' WHERE payment_type = 'stars'")
    op.execute(
        """
        DELETE FROM categories
        WHERE name IN ('Books', 'Designers'' fonts', 'Sounds; loops and samples')
        AND id NOT IN (SELECT category_id FROM products)
        """
    )
