"""driver's SQL, many parameters, rowcount"""
import sqlalchemy as sa
from alembic import op

revision = 'r07'
down_revision = 'r06'

def upgrade():
    bind = op.get_bind()
    total = bind.exec_driver_sql('SELECT sum(weight) FROM contacts').scalar()
    bind.execute(sa.text('INSERT INTO profiles (id, bio) VALUES (:id, :bio)'), [{'id': i, 'bio': f'bio {i} of {total}'} for i in range(1, 4)])
    first = bind.execute(sa.text('SELECT bio FROM profiles ORDER BY id')).first()
    bind.execute(sa.text("UPDATE profiles SET bio = :x WHERE id = 3"), {'x': ': ' + first.bio + " it's 100% :ok"})
    r = bind.execute(sa.text("UPDATE contacts SET weight = 7 WHERE weight > 0.5"))
    bind.execute(sa.text("INSERT INTO profiles (id, bio) VALUES (50, :n)"), {'n': str(r.rowcount)})

def downgrade():
    pass
