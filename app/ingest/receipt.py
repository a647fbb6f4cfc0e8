"""Receipts: what the record says of a fact, checked without the service.

`fact` is what a version says, by codes and slugs. `digests.fact` is the digest of that;
`digests.record` is the digest of the record after the change that wrote it; `digest` is that of all
the rest of the receipt. Digests are SHA-256 of canonical JSON (RFC 8785).
"""

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.canonical import digest
from app.errors import Fault
from app.faults import pointer
from app.ingest.changes import change_digest
from app.ingest.draft import Draft
from app.ingest.record import Selector
from app.ingest.verify import check_selector, sha256

if TYPE_CHECKING:
    from app.signing import Signer

FORMAT = "onrecord/receipt/1"
ANSWER_FORMAT = "onrecord/answer-receipt/1"


def sealed(content: dict[str, Any], signer: "Signer | None" = None) -> dict[str, Any]:
    """The receipt with this content: its own digest at the end, and a signature if one signs."""
    whole = {**content, "digest": digest(content)}
    return {**whole, "signature": signer.sign(whole)} if signer else whole


def check(
    receipt: object, *, text: str | None = None, record: object = None, keys: object = None
) -> list[Fault]:
    """Everything that does not hold of a receipt; nothing if it verifies.

    Args:
        receipt: the receipt, as read from JSON.
        text: the text of an article; every selection in it is checked.
        record: what `/v1/record/{change}` answers for the change that wrote the fact; the receipt
            is checked against it, and it against itself.
        keys: what `/.well-known/jwks.json` answers; the receipt has to be signed by one of them.
    """
    formats = (FORMAT, ANSWER_FORMAT)
    if not isinstance(receipt, dict) or receipt.get("format") not in formats:
        said = " or ".join(formats)
        return [Fault(f"this is no receipt: it does not say {said}.", pointer="format")]
    of_fact = receipt["format"] == FORMAT
    try:
        faults = _check_digests(receipt)
        if text is not None and of_fact:
            faults += _check_text(receipt, text)
        elif text is not None:
            faults.append(Fault("the receipt of an answer has no selections to check in a text."))
        faults += _check_signature(receipt, keys)
        if record is not None:
            faults += _check_record(receipt, record)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        return [Fault("a part of the receipt is missing or is not what it should be.")]
    return faults


def _check_digests(receipt: dict[str, Any]) -> list[Fault]:
    faults = []
    said = {k: v for k, v in receipt.items() if k not in ("digest", "signature")}
    if digest(said) != receipt["digest"]:
        faults.append(Fault("is not the digest of this receipt: it was altered.", pointer="digest"))
    if receipt["format"] == FORMAT and digest(receipt["fact"]) != receipt["digests"]["fact"]:
        faults.append(Fault("is not the digest of the fact.", pointer="digests.fact"))
    return faults


def _check_signature(receipt: dict[str, Any], keys: Any) -> list[Fault]:
    if "signature" not in receipt:
        missing = Fault("the receipt is not signed.", pointer="signature")
        return [missing] if keys is not None else []
    said = {k: v for k, v in receipt.items() if k != "signature"}
    from app.signing import why_not  # noqa: PLC0415 - cryptography is loaded where it is used

    reason = why_not(said, receipt["signature"], keys)
    return [Fault(reason, pointer="signature")] if reason else []


def _check_text(receipt: dict[str, Any], text: str) -> list[Fault]:
    found = sha256(text)
    ids = [a["id"] for a in receipt["articles"] if a["text_sha256"] == found]
    if not ids:
        return [Fault(f"none of them has this text (SHA-256 {found}).", pointer="articles")]
    draft = Draft(None)
    for index, proof in enumerate(receipt["fact"]["evidence"]):
        if proof["article_id"] not in ids:
            continue
        path = ("fact", "evidence", index)
        said = {k: v for k, v in proof.items() if k not in ("article_id", "start_at", "end_at")}
        try:
            selector = Selector(start=proof["start_at"], end=proof["end_at"], **said)
        except ValidationError:
            draft.faults.append(Fault("is no evidence.", pointer=pointer(path)))
        else:
            check_selector(draft, path, selector, text)
    return draft.faults


def _check_record(receipt: dict[str, Any], record: Any) -> list[Fault]:
    change = record.get("data", record)
    faults = []
    if change_digest(change["previous"], change, change["versions"]) != change["digest"]:
        faults.append(Fault("the record's digest does not follow from what it lists."))
    if receipt["format"] == ANSWER_FORMAT:
        state = receipt["record"]
        if (change["seq"], change["digest"]) != (state["version"], state["digest"]):
            faults.append(Fault("is another than the record's.", pointer="record"))
        return faults
    if change["digest"] != receipt["digests"]["record"]:
        faults.append(Fault("is another than the record's.", pointer="digests.record"))
    listed = {(v["kind"], v["id"], v["rev"]): v["digest"] for v in change["versions"]}
    key = (receipt["kind"], receipt["id"], receipt["rev"])
    if listed.get(key) != receipt["digests"]["fact"]:
        faults.append(Fault("is not what the record lists.", pointer="digests.fact"))
    return faults
