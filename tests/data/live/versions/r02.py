"""names split in Python, row by row, with bound values"""
import sqlalchemy as sa
from alembic import op

revision = 'r02'
down_revision = 'r01'

def upgrade():
    op.add_column('users', sa.Column('first', sa.String(50)))
    conn = op.get_bind()
    for row in conn.execute(sa.text('SELECT id, name FROM users ORDER BY id')).fetchall():
        first = row[1].split(' ')[0]
        conn.execute(sa.text('UPDATE users SET first = :f WHERE id = :id'), {'f': first, 'id': row.id})

def downgrade():
    pass
