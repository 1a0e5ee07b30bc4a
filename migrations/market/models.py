from decimal import Decimal
from typing import List, Optional

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from market.database import Base, unique_name


class User(Base):
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True, nullable=False)
    username: Mapped[Optional[str]] = mapped_column(String(64))
    first_name: Mapped[Optional[str]] = mapped_column(String(64))
    last_name: Mapped[str | None] = mapped_column(String(64))
    # No revision has this one yet.
    language: Mapped[Optional[str]] = mapped_column(String(8))
    purchases: Mapped[List["Purchase"]] = relationship(back_populates="user")


class Category(Base):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return "categories"

    name: Mapped[unique_name]
    products: Mapped[List["Product"]] = relationship(back_populates="category")


class Product(Base):
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[Optional[str]] = mapped_column(Text)
    # The revisions still say INTEGER: cents, before the market sold in fractions.
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    file_id: Mapped[Optional[str]] = mapped_column(Text)
    hidden_content: Mapped[str] = mapped_column(Text, server_default="")
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    category: Mapped["Category"] = relationship(back_populates="products")


class Purchase(Base):
    __table_args__ = (
        Index("ix_purchases_user_id_created_at", "user_id", "created_at"),
        # No revision has this one yet.
        Index("ix_purchases_payment_type", "payment_type"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    price: Mapped[int]
    payment_type: Mapped[str] = mapped_column(String(20), server_default="card")
    payment_id: Mapped[Optional[str]] = mapped_column(String(64), unique=True)
    user: Mapped["User"] = relationship(back_populates="purchases")
    product: Mapped["Product"] = relationship()


class Report(Base):
    title: Mapped[str] = mapped_column(String(120))
    month: Mapped[str] = mapped_column(String(7), index=True)
    revenue: Mapped[int] = mapped_column(server_default="0")
    category_id: Mapped[Optional[int]] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"))
