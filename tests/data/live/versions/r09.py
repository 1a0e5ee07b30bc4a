"""a batch whose type depends on the rows; a table made by text"""
import sqlalchemy as sa
from alembic import op

revision = 'r09'
down_revision = 'r08'

def upgrade():
    bind = op.get_bind()
    longest = bind.scalar(sa.text('SELECT max(length(name)) FROM users'))
    with op.batch_alter_table('users') as batch:
        batch.alter_column('name', existing_type=sa.String(50), type_=sa.String(longest * 10), nullable=False)
        batch.drop_column('first')
    op.execute('CREATE TABLE raw (a INTEGER, b TEXT)')
    insp = sa.inspect(bind)
    if insp.has_table('raw') and [c['name'] for c in insp.get_columns('raw')] == ['a', 'b']:
        op.execute("INSERT INTO raw VALUES (1, 'yes')")

def downgrade():
    pass
