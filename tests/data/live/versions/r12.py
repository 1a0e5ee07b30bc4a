"""bytes, UUIDs, dates, times and intervals"""
import sqlalchemy as sa
from alembic import op

import datetime, uuid
from sqlalchemy.orm import Session, DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class File(Base):
    __tablename__ = 'files'
    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid(), primary_key=True)
    blob: Mapped[bytes] = mapped_column(sa.LargeBinary)
    day: Mapped[datetime.date]
    at: Mapped[datetime.time]
    span: Mapped[datetime.timedelta] = mapped_column(sa.Interval)

revision = 'r12'
down_revision = 'r11'

def upgrade():
    op.create_table('files', sa.Column('id', sa.Uuid(), primary_key=True), sa.Column('blob', sa.LargeBinary), sa.Column('day', sa.Date), sa.Column('at', sa.Time), sa.Column('span', sa.Interval))
    session = Session(op.get_bind())
    session.add(File(id=uuid.UUID('12345678123456781234567812345678'), blob=b'\x00\x01abc', day=datetime.date(2024, 2, 29), at=datetime.time(1, 2, 3), span=datetime.timedelta(days=1, seconds=5)))
    session.flush()
    session.expire_all()
    f = session.scalars(sa.select(File)).one()
    f.blob = f.blob + b'!'
    f.day = f.day + datetime.timedelta(days=1)
    f.span = f.span * 2
    session.execute(sa.text('INSERT INTO raw VALUES (12, :b)'), {'b': f'{f.id} {f.at} {f.span} {f.blob!r}'})
    session.commit()

def downgrade():
    pass
