"""ids of inserted rows"""
import sqlalchemy as sa
from alembic import op

revision = 'r03'
down_revision = 'r02'

def upgrade():
    op.create_table('tags', sa.Column('id', sa.Integer, primary_key=True), sa.Column('label', sa.String(30)))
    op.create_table('user_tags', sa.Column('user_id', sa.Integer), sa.Column('tag_id', sa.Integer))
    conn = op.get_bind()
    tags = sa.table('tags', sa.column('id', sa.Integer), sa.column('label', sa.String))
    users = sa.table('users', sa.column('id', sa.Integer), sa.column('kind', sa.String))
    full = sa.Table('tags', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('label', sa.String(30)))
    ut = sa.table('user_tags', sa.column('user_id', sa.Integer), sa.column('tag_id', sa.Integer))
    ids = {}
    for (kind,) in conn.execute(sa.select(users.c.kind).distinct().order_by(users.c.kind)):
        res = conn.execute(full.insert().values(label=kind.upper()))
        ids[kind] = res.inserted_primary_key[0]
    for row in conn.execute(sa.select(users.c.id, users.c.kind).order_by(users.c.id)):
        conn.execute(ut.insert().values(user_id=row.id, tag_id=ids[row.kind]))

def downgrade():
    pass
