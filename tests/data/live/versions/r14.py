"""rows one by one, by their names"""
import sqlalchemy as sa
from alembic import op

revision = 'r14'
down_revision = 'r13'

def upgrade():
    bind = op.get_bind()
    res = bind.execute(sa.text('SELECT id, nick FROM users ORDER BY id'))
    names = list(res.keys())
    while True:
        row = res.fetchone()
        if row is None:
            break
        d = dict(zip(names, row))
        if d['nick']:
            bind.execute(sa.text('UPDATE users SET nick = :n WHERE id = :id').bindparams(n=d['nick'].title(), id=d['id']))
    res = bind.execute(sa.text('SELECT name, count(*) AS n FROM users GROUP BY name HAVING count(*) > 1'))
    assert res.fetchall() == []

def downgrade():
    pass
