"""a helper, a set of what was seen, a default of the client"""
import sqlalchemy as sa
from alembic import op

t = sa.table('users', sa.column('id', sa.Integer), sa.column('email', sa.String))
dom = sa.Table('domains', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(50)), sa.Column('flag', sa.Boolean, default=True))
def _make():
    op.create_table('domains', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(50)), sa.Column('flag', sa.Boolean))

revision = 'r15'
down_revision = 'r14'

def upgrade():
    _make()
    bind = op.get_bind()
    seen = set()
    for row in bind.execute(t.select().order_by(t.c.id)).yield_per(2):
        key = (row.email or '').split('@')[-1]
        if key in seen:
            continue
        seen.add(key)
        bind.execute(sa.insert(dom).values(name=key or '-'))
    dups = bind.execute(sa.select(sa.func.count()).select_from(dom)).scalar_one()
    bind.execute(sa.insert(dom).values(name=f'total {dups}'))

def downgrade():
    pass
