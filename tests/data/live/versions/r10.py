"""objects in SQLAlchemy 2's way: deleted, updated, grouped"""
import sqlalchemy as sa
from alembic import op

from sqlalchemy.orm import Session, declarative_base
Base = declarative_base()
class Note(Base):
    __tablename__ = 'notes'
    id = sa.Column(sa.Integer, primary_key=True)
    user_id = sa.Column(sa.Integer)
    body = sa.Column(sa.Text)

revision = 'r10'
down_revision = 'r09'

def upgrade():
    session = Session(op.get_bind())
    notes = session.execute(sa.select(Note).where(Note.user_id == 1).order_by(Note.id)).scalars().all()
    notes[0].body = notes[0].body * 3
    session.delete(notes[1])
    new = Note(user_id=2, body='new')
    session.add(new)
    session.flush()
    session.add(Note(user_id=2, body=f'after {new.id}'))
    three = session.get(Note, 3)
    three.body = None
    session.query(Note).filter(Note.user_id == 10).update({'body': 'upd'}, synchronize_session=False)
    session.query(Note).filter(Note.user_id == 999).delete()
    for uid, n in session.query(Note.user_id, sa.func.count(Note.id)).group_by(Note.user_id).order_by(Note.user_id):
        session.execute(sa.text('INSERT INTO raw VALUES (:a, :b)'), {'a': uid, 'b': str(n)})
    session.commit()

def downgrade():
    pass
