"""an error that is caught, in a savepoint"""
import sqlalchemy as sa
from alembic import op

revision = 'r11'
down_revision = 'r10'

def upgrade():
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT 1 FROM users WHERE name = 'Nobody'")).first() is None:
        bind.execute(sa.text("INSERT INTO users (id, name) VALUES (77, 'Nobody')"))
    try:
        with bind.begin_nested():
            bind.execute(sa.text("INSERT INTO users (id, name) VALUES (77, 'Twice')"))
    except sa.exc.IntegrityError:
        bind.execute(sa.text("INSERT INTO raw VALUES (77, 'caught')"))
    rows = list(bind.execute(sa.text("SELECT id, created FROM users WHERE created IS NOT NULL ORDER BY id")))
    for r in rows:
        bind.execute(sa.text("INSERT INTO raw VALUES (:a, :b)"), dict(a=r[0], b=repr(r[1])))
    bind.execute(sa.text("INSERT INTO raw VALUES (:a, :b)"), {'a': len(rows), 'b': str(tuple(rows[0]))})

def downgrade():
    pass
