"""merge reports into the market

Revision ID: c6f3a9e81d27
Revises: d20b7c58e4a1, b8d05f1e6a90
Create Date: 2025-01-05 12:00:41.907265

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'c6f3a9e81d27'
down_revision: Union[str, Sequence[str], None] = ('d20b7c58e4a1', 'b8d05f1e6a90')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
