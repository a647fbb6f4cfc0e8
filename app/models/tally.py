"""Tallies: how many positions there are, counted as they are written."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.models.base import Key


class PositionTally(SQLModel, table=True):
    """How many current published positions have these values of a cube's dimensions.

    It follows from the versions, but is kept, so that counting does not have to look at them all.
    A value that is missing is the empty text, and so is that of a dimension that a cube lacks.
    """

    __tablename__ = "position_tallies"

    cube: str = Field(primary_key=True, sa_type=Key)
    a: str = Field(primary_key=True, sa_type=Key)
    b: str = Field(primary_key=True, sa_type=Key)
    c: str = Field(primary_key=True, sa_type=Key)
    n: int = Field(sa_type=BigInteger)
