"""a reflected table, IN with lists, rows inserted together"""
import sqlalchemy as sa
from alembic import op

revision = 'r13'
down_revision = 'r12'

def upgrade():
    bind = op.get_bind()
    meta = sa.MetaData()
    users = sa.Table('users', meta, autoload_with=bind)
    ids = [r.id for r in bind.execute(sa.select(users.c.id).where(users.c.active == True).order_by(users.c.id))]
    for i, chunk in enumerate([ids[k:k+2] for k in range(0, len(ids), 2)]):
        bind.execute(users.update().where(users.c.id.in_(chunk)).values(nick=f'chunk{i}'))
    bind.execute(users.insert(), [{'id': 801, 'name': 'M1', 'email': 'm1'}, {'id': 802, 'name': 'M2', 'email': 'm2'}])

def downgrade():
    pass
