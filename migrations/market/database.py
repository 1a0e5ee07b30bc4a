from datetime import datetime
from typing import Annotated

from sqlalchemy import Integer, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

int_pk = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=True)]
unique_name = Annotated[str, mapped_column(String(80), unique=True)]


class Base(DeclarativeBase):
    __abstract__ = True

    id: Mapped[int_pk]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "s"
