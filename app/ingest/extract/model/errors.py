"""Why asking a model can fail. Nothing is stored when it does."""

from decimal import Decimal

from app.errors import OnRecordError, RecordRefused
from app.ingest.extract.extractor import Usage


class ModelUnavailable(OnRecordError):
    """The endpoint does not answer, or only that it cannot just now."""

    status = 503
    title = "The language model does not answer"


class RequestRefused(OnRecordError):
    """The endpoint refuses what it was asked, or is not set up: asking again changes nothing."""

    status = 502
    title = "The language model cannot be asked"


class AnswerRefused(RecordRefused):
    """The model answered, and what it answered is of no use: cut off, or not in the form.

    A refusal of this article: the next one may fare better. The other errors stop a run.
    """

    status = 502
    title = "The language model's answer was refused"


class BudgetSpent(OnRecordError):
    """The next call could cost more than the budget has left; it was not made."""

    status = 503
    title = "The budget for the language model is spent"
    spent: Usage
    money: Decimal | None
    tokens: int | None

    @classmethod
    def of(
        cls, spent: Usage, most: Usage, money: Decimal | None, tokens: int | None
    ) -> "BudgetSpent":
        """The error for a call that could take `most`."""
        allowed = [f"{money} in money"] if money is not None else []
        allowed += [f"{tokens} tokens"] if tokens is not None else []
        error = cls(
            f"The next call could take {most.tokens} tokens and cost {most.cost}; "
            f"{spent.tokens} tokens and {spent.cost} are spent in {spent.calls} calls, and the "
            f"budget is {' and '.join(allowed)}. Raise it (MODEL_BUDGET, MODEL_BUDGET_TOKENS), "
            "or go on another day."
        )
        error.spent, error.money, error.tokens = spent, money, tokens
        return error
