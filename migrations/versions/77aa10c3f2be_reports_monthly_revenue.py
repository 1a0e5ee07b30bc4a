"""reports: monthly revenue

Revision ID: 77aa10c3f2be
Revises: 61d7e2a94f03
Create Date: 2024-12-24 18:02:27.004518

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '77aa10c3f2be'
down_revision: Union[str, Sequence[str], None] = '61d7e2a94f03'
branch_labels: Union[str, Sequence[str], None] = ('reports',)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        'reports',
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('month', sa.String(length=7), nullable=False),
        sa.Column('revenue', sa.Integer(), server_default='0', nullable=False),
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('created_at', sa.DateTime(), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False),
        sa.Column('updated_at', sa.DateTime(), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_reports_month'), 'reports', ['month'], unique=False)


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index(op.f('ix_reports_month'), table_name='reports')
    op.drop_table('reports')
