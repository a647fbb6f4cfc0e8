"""Drafts reviewed in a terminal: ``onrecord review``. Each decision is committed as it is made."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import click
import typer
import yaml
from rich.console import Console
from rich.markup import escape

from app.codelists import ChangeType, Curation
from app.commands import shown
from app.commands.console import opened
from app.commands.facts import KindOfFact
from app.db import Database
from app.errors import InvalidRequest, OnRecordError, PreconditionFailed, RecordRefused
from app.ingest import decide
from app.ingest.curate import Curator, current, kind_of
from app.ingest.decide import Choice
from app.ingest.facts import entry_of
from app.ingest.reading import read_written
from app.review.queries import fact_now, text_of, waiting, waiting_one
from app.sessions import ReadSession, WriteSession
from app.web.references import Entry

app = typer.Typer()

PROMPT = r"[bold]\[a]ccept \[e]dit \[r]eject \[s]kip \[q]uit \[?][/] "
ACCEPTED, EDITED = "Accepted in review.", "Edited in review."

EXIT_INTERRUPTED = 130
"""Ended by Ctrl-C, as shells have it."""

_HEAD = """\
# Change what is wrong and save; leave it as it is to go back. An empty value empties a field.
# The words that prove it stay: {words}
"""


@app.command()
def review(
    article: Annotated[str | None, typer.Option(help="Only of this article, by id.")] = None,
    kind: Annotated[KindOfFact | None, typer.Option(help="Only of this kind of fact.")] = None,
    below: Annotated[
        float | None,
        typer.Option(help="Only what the extractor was less sure of than this.", min=0, max=1),
    ] = None,
    by: Annotated[str, typer.Option(help="Who reviews, for the changes.")] = "cli",
) -> None:
    """Go through what waits for a decision: accept it, edit it or reject it."""
    with opened() as database:
        with database.read() as session:
            ids = waiting(session, article, kind and kind.replace("-", "_"), below)
        table = _Table(database, by, Console(highlight=False))
        try:
            table.go_through(ids)
        except _Ended:
            pass
        except KeyboardInterrupt:
            table.tell(len(ids))
            raise SystemExit(EXIT_INTERRUPTED) from None
        table.tell(len(ids))


class _Ended(Exception):
    """The reviewer has had enough, or there is no more input."""


class _Back(Exception):
    """The reviewer thinks again."""


@dataclass
class _Table:
    """Where drafts are laid out one by one, and decided on."""

    database: Database
    by: str
    console: Console
    done: Counter[str] = field(default_factory=Counter)

    def go_through(self, ids: list[str]) -> None:
        """Show each of these that still waits, until it is decided. Raises _Ended."""
        if not ids:
            self.console.print("Nothing waits for review.")
        for number, id_ in enumerate(ids, start=1):
            while self._at(id_, f"{number} of {len(ids)}"):
                pass

    def tell(self, count: int) -> None:
        """Say what was done."""
        if count:
            left = count - sum(n for name, n in self.done.items() if name != "skipped")
            parts = [f"{number} {name}" for name, number in self.done.items()]
            self.console.print(f"{', '.join([*parts, f'{left} left'])}.")

    def _at(self, id_: str, place: str) -> bool:
        """Show a draft and do what is answered. Gives whether it has to be shown again."""
        with self.database.read() as session:
            item = waiting_one(session, id_)
            if item is not None:
                text, fact = text_of(session, item["article"]["id"]), _changing(session, item)
        if item is None:
            self.console.print(f"{place}: {id_} was decided on by somebody else.")
            self.done["decided elsewhere"] += 1
            return False
        self.console.print(shown.item(self.console, item, fact, text, place))
        return self._answered(Choice(id_, item["rev"], fact["rev"] if fact else None))

    def _answered(self, choice: Choice) -> bool:
        """Ask until there is a decision. Gives whether the draft has to be shown again."""
        while True:
            letter = self._ask(PROMPT).strip().lower()[:1]
            do = self._doing(letter)
            if do is None:
                self.console.print(shown.hints())
                continue
            try:
                self.done[do(choice)] += 1
            except _Back:
                continue
            except (InvalidRequest, RecordRefused) as error:
                self._fault(error)
                continue
            except OnRecordError as error:
                self._fault(error)
                if self._moved(choice, error):
                    return True
                continue
            return False

    def _moved(self, choice: Choice, error: OnRecordError) -> bool:
        """After a decision that was refused: whether somebody else was there before."""
        with self.database.read() as session:
            item = waiting_one(session, choice.id)
        return item is None or isinstance(error, PreconditionFailed)

    def _doing(self, letter: str) -> Callable[[Choice], str] | None:
        """What a letter stands for; nothing if it stands for nothing."""
        return {
            "a": self._accept,
            "e": self._edit,
            "r": self._reject,
            "s": lambda _: "skipped",
            "q": self._quit,
        }.get(letter)

    def _accept(self, choice: Choice) -> str:
        self._decide(lambda session: decide.accept(session, self.by, ACCEPTED, [choice]))
        return "accepted"

    def _reject(self, choice: Choice) -> str:
        reason = self._ask("Why? It is public, and stays. ").strip()
        if not reason:
            raise _Back
        self._decide(lambda session: decide.reject(session, self.by, reason, [choice]))
        return "rejected"

    def _edit(self, choice: Choice) -> str:
        kind = kind_of(choice.id)
        with self.database.read() as session:
            entry = entry_of(kind, current(session, kind, choice.id).snapshot)
        fields = self._changed(entry)
        if not fields:
            self.console.print("Nothing was changed.")
            raise _Back
        reason = self._ask(f"Why? Empty: {EDITED} ").strip() or EDITED

        def work(session: WriteSession) -> object:
            curator = Curator(session, kind, self.by, reason, choice.expected, choice.onto)
            return curator.revise(choice.id, fields, ChangeType.CORRECTED, publish=True)

        self._decide(work)
        return "edited"

    def _quit(self, _: Choice) -> str:
        raise _Ended

    def _decide(self, work: Callable[[WriteSession], object]) -> None:
        """Do it in a transaction of its own: whatever comes next, it is done."""
        with self.database.write() as session:
            work(session)

    def _changed(self, entry: dict[str, Any]) -> dict[str, Any]:
        """The fields that the reviewer changes, in an editor or line by line."""
        proofs = entry.pop("evidence")
        words = "; ".join(f"{each['start']} to {each['end']}" for each in proofs)
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            return self._lines(entry)
        written = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False)
        head = _HEAD.format(words=words)
        edited = click.edit(head + written, editor=editor, extension=".yaml")
        before, after = (_fields(each) for each in (written, edited or written))
        removed = dict.fromkeys(before.keys() - after.keys())
        return {name: v for name, v in after.items() if v != before.get(name)} | removed

    def _lines(self, entry: dict[str, Any]) -> dict[str, Any]:
        names = ", ".join(entry)
        self.console.print(f"FIELD=VALUE, one a line; an empty line ends. Fields: {names}.")
        found: dict[str, Any] = {}
        while line := self._ask("> ").strip():
            name, equals, value = line.partition("=")
            if not equals:
                self.console.print("Write FIELD=VALUE.")
                continue
            found[name.strip()] = read_written(value, name.strip())
        return found

    def _ask(self, prompt: str) -> str:
        """A line of input. Raises _Ended where there is no more."""
        self.console.print(prompt, end="")
        line = sys.stdin.readline()
        if not line:
            self.console.print()
            raise _Ended
        if not sys.stdin.isatty():
            self.console.print(escape(line.rstrip()))  # as a terminal shows what is typed
        return line

    def _fault(self, error: OnRecordError) -> None:
        self.console.print(f"[bold red]Not done:[/] {escape(str(error))}")


def _changing(session: ReadSession, item: Entry) -> Entry | None:
    """The fact that a proposal would change, unless it is gone."""
    proposes = item["proposes"]
    if proposes is None or proposes["curation"] == Curation.WITHDRAWN:
        return None
    return fact_now(session, proposes["id"])


def _fields(written: str) -> dict[str, Any]:
    """What was written in an editor. Raises InvalidRequest if it is no list of fields."""
    found = read_written(written, "What you wrote")
    if not isinstance(found, dict):
        raise InvalidRequest("What you wrote holds no fields.")
    return found
