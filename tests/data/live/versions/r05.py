"""what is done depends on what is there"""
import sqlalchemy as sa
from alembic import op

revision = 'r05'
down_revision = 'r04'

def upgrade():
    insp = sa.inspect(op.get_bind())
    cols = {c['name'] for c in insp.get_columns('users')}
    if 'nick' not in cols:
        op.add_column('users', sa.Column('nick', sa.String(20)))
    if 'name' in cols and not insp.has_table('profiles'):
        op.create_table('profiles', sa.Column('id', sa.Integer, primary_key=True), sa.Column('bio', sa.Text))
    count = op.get_bind().execute(sa.text('SELECT count(*) FROM users')).scalar()
    if count > 3:
        op.execute(f"UPDATE users SET nick = 'n{count}'")
    if 'ix_users_email' not in [i['name'] for i in insp.get_indexes('users')]:
        op.create_index('ix_users_email', 'users', ['email'])
    print([t for t in insp.get_table_names()])

def downgrade():
    pass
