"""JSON, enums, dates, booleans and decimals"""
import sqlalchemy as sa
from alembic import op

import enum
class Kind(enum.Enum):
    admin = 'A'
    user = 'U'

revision = 'r08'
down_revision = 'r07'

def upgrade():
    bind = op.get_bind()
    u = sa.table('users', sa.column('id', sa.Integer), sa.column('data', sa.JSON), sa.column('kind', sa.Enum(Kind, native_enum=False)), sa.column('created', sa.DateTime), sa.column('active', sa.Boolean), sa.column('balance', sa.Numeric(10, 2)))
    for row in bind.execute(sa.select(u).order_by(u.c.id)):
        data = {'year': row.created.year if row.created else None, 'kind': row.kind.value, 'active': row.active, 'bal': str(row.balance)}
        bind.execute(u.update().where(u.c.id == row.id).values(data=data))
    for row in bind.execute(sa.select(u.c.id, u.c.data).where(u.c.data.isnot(None)).order_by(u.c.id)):
        d = dict(row.data)
        d['seen'] = [row.id]
        bind.execute(u.update().where(u.c.id == row.id).values(data=d))

def downgrade():
    pass
