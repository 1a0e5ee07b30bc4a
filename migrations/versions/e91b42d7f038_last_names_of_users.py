"""last names of users

Revision ID: e91b42d7f038
Revises: c6f3a9e81d27
Create Date: 2025-01-07 19:33:18.472630

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e91b42d7f038'
down_revision: Union[str, Sequence[str], None] = 'c6f3a9e81d27'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('users', sa.Column('last_name', sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('users', 'last_name')
