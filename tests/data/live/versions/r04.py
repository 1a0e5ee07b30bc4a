"""objects of a session: changed, added, counted"""
import sqlalchemy as sa
from alembic import op

import datetime
from decimal import Decimal
from sqlalchemy.orm import Session, declarative_base
Base = declarative_base()
class User(Base):
    __tablename__ = 'users'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50))
    email = sa.Column(sa.String(80))
    active = sa.Column(sa.Boolean)
    created = sa.Column(sa.DateTime)
    balance = sa.Column(sa.Numeric(10, 2))
    kind = sa.Column(sa.String(20))

revision = 'r04'
down_revision = 'r03'

def upgrade():
    session = Session(bind=op.get_bind())
    for user in session.query(User).order_by(User.id).all():
        user.email = user.email.lower() if user.email else f'{user.name.lower()}@example.org'
        if user.created is None:
            user.created = datetime.datetime(2020, 1, 1)
        user.balance = user.balance + Decimal('1.25')
        user.active = not user.active
    session.add(User(id=10, name='Zoe', email='zoe@z.org', active=True, kind='user'))
    session.commit()
    n = session.query(User).filter(User.kind == 'user').count()
    session.execute(sa.text("INSERT INTO notes (user_id, body) VALUES (10, :b)"), {'b': f'{n} users'})
    session.commit()

def downgrade():
    pass
