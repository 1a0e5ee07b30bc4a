"""reports per category

Revision ID: b8d05f1e6a90
Revises: 77aa10c3f2be
Create Date: 2024-12-29 16:45:30.660412

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b8d05f1e6a90'
down_revision: Union[str, Sequence[str], None] = '77aa10c3f2be'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = 'a5e31c90d7b2'


def upgrade() -> None:
    """Upgrade schema."""
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.add_column(sa.Column('category_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_reports_category_id', 'categories', ['category_id'], ['id'], ondelete='SET NULL')

    op.execute(
        """
        INSERT INTO reports (title, month, revenue)
        SELECT 'Sales of December', '2024-12', coalesce(sum(price), 0) FROM purchases
        WHERE payment_type = 'card'
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("DELETE FROM reports WHERE title = 'Sales of December'")

    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.drop_constraint('fk_reports_category_id', type_='foreignkey')
        batch_op.drop_column('category_id')
