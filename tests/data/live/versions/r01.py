"""tables and rows to work on"""
import sqlalchemy as sa
from alembic import op

revision = 'r01'
down_revision = None

def upgrade():
    op.create_table('users', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(50)), sa.Column('email', sa.String(80)),
      sa.Column('active', sa.Boolean), sa.Column('created', sa.DateTime), sa.Column('balance', sa.Numeric(10,2)), sa.Column('data', sa.JSON), sa.Column('kind', sa.String(20)))
    op.create_table('notes', sa.Column('id', sa.Integer, primary_key=True), sa.Column('user_id', sa.Integer, sa.ForeignKey('users.id')), sa.Column('body', sa.Text))
    op.execute("INSERT INTO users (id, name, email, active, created, balance, kind) VALUES (1, 'Ann Lee', 'Ann@X.org', true, '2024-01-02 03:04:05.000000', 12.50, 'admin'), (2, 'Bob', NULL, false, '2023-12-31 23:59:59.000000', 0, 'user'), (3, 'O''Hara Jo', 'jo@y.org', true, NULL, 99.99, 'user')")
    op.execute("INSERT INTO notes (user_id, body) VALUES (1, 'a'), (1, 'b'), (3, 'c')")

def downgrade():
    pass
