"""What follows from the versions, and is kept so that nobody has to look at them all."""

from datetime import date

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.models.base import Key


class PositionTally(SQLModel, table=True):
    """How many current published positions have these values of a cube's dimensions.

    A value that is missing is the empty text, and so is that of a dimension that a cube lacks.
    """

    __tablename__ = "position_tallies"

    cube: str = Field(primary_key=True, sa_type=Key)
    a: str = Field(primary_key=True, sa_type=Key)
    b: str = Field(primary_key=True, sa_type=Key)
    c: str = Field(primary_key=True, sa_type=Key)
    n: int = Field(sa_type=BigInteger)


class PositionTotal(SQLModel, table=True):
    """How many positions were published after a change, for each change that altered it."""

    __tablename__ = "position_totals"

    seq: int = Field(
        primary_key=True,
        foreign_key="changes.seq",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    n: int = Field(sa_type=BigInteger)


class Horizon(SQLModel, table=True):
    """The latest date of a kind up to a change, for each change that brought a later one."""

    __tablename__ = "horizons"

    kind: str = Field(primary_key=True, sa_type=Key)
    seq: int = Field(primary_key=True, foreign_key="changes.seq", sa_type=BigInteger)
    latest: date
