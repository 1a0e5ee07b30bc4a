"""bulk_insert() of what was read"""
import sqlalchemy as sa
from alembic import op

revision = 'r06'
down_revision = 'r05'

def upgrade():
    bind = op.get_bind()
    rows = bind.execute(sa.text('SELECT id, name, email FROM users')).mappings().all()
    t = op.create_table('contacts', sa.Column('id', sa.Integer, primary_key=True), sa.Column('user_id', sa.Integer), sa.Column('value', sa.String(100)), sa.Column('weight', sa.Float))
    op.bulk_insert(t, [{'user_id': r['id'], 'value': f"{r['name']} <{r['email']}>", 'weight': r['id'] / 4} for r in rows])

def downgrade():
    pass
