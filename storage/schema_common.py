"""What the tables share: the metadata with its naming of constraints, and the usual columns."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID = BigInteger().with_variant(Integer(), "sqlite")


def own_id() -> Column[int]:
    """The table's own number."""
    return Column("id", ID, primary_key=True, autoincrement=True)


def ref(name: str, target: str, nullable: bool = False) -> Column[int]:
    """A reference to another table's number."""
    return Column(name, ID, ForeignKey(target), nullable=nullable, index=True)


def added_text(name: str, default: str = "") -> Column[str]:
    """A text column that came later: rows and log entries from before it have its default."""
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))
