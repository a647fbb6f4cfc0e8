"""Facts of a record, each as one line that can be read and compared."""

from typing import Any


def lines(record: dict[str, Any]) -> list[str]:
    """Positions, offers and rounds, in the order of the record."""
    return [
        *map(_position, record.get("positions", [])),
        *map(_offer, record.get("mediation_offers", [])),
        *map(_round, record.get("rounds", [])),
    ]


def _position(fact: dict[str, Any]) -> str:
    who = "/".join(str(fact.get(each, "-")) for each in ("country", "body", "speaker"))
    said = f"{who} {fact['topic']} {fact['stance']} {fact['modality']}"
    return f"{said}{_to(fact.get('targets', []))}{_on(fact.get('said_on'))}"


def _offer(fact: dict[str, Any]) -> str:
    answers = [f"{_actor(each['party'])} {each['response']}" for each in fact["responses"]]
    offered = f"offer by {_actor(fact['mediator'])}: {fact['kind']} {fact['status']}"
    return f"{offered}; {', '.join(answers)}{_on(fact.get('offered_on'))}"


def _round(fact: dict[str, Any]) -> str:
    held = f"round {fact.get('ordinal', '-')} of {fact['process']}, {fact.get('venue', '-')}"
    return f"{held} ({fact.get('host', '-')}): {fact['outcome']}{_on(fact.get('held_on'))}"


def _to(targets: list[dict[str, str]]) -> str:
    return f" to {', '.join(map(_actor, targets))}" if targets else ""


def _on(when: str | None) -> str:
    return f" on {when}" if when else ""


def _actor(ref: dict[str, str]) -> str:
    return next(iter(ref.values()))
