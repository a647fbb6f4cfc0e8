"""The code lists: every closed vocabulary of the record, each code with its definition.

Alignment follows the CAMEO codebook 1.1b3 (Schrodt 2012) and the PLOVER manual (OEDA 2022).
PLOVER has no event type for plain statements and appeals (CAMEO 01 and 02): such codes say
``dropped``. Codes that neither scheme describes carry no alignment at all.

`/v1/codes` serves these classes, the database checks its columns against them, the article record
validates with them: a code is added here and nowhere else.
"""

from enum import StrEnum
from typing import Self

DROPPED = "dropped"


class CodeList(StrEnum):
    """A closed vocabulary. The class docstring is the list's public description."""

    definition: str
    cameo: str | None
    plover: str | None

    def __new__(
        cls, code: str, definition: str = "", cameo: str | None = None, plover: str | None = None
    ) -> Self:
        """Make a member that is its code, and carries the rest."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.definition = definition
        member.cameo = cameo
        member.plover = plover
        return member


class Tone(CodeList):
    """The verbal half of the quad classes, derived from the stance."""

    COOPERATIVE = "cooperative", "The statement moves towards the other side (CAMEO 02 to 05)."
    NEUTRAL = "neutral", "The statement informs, or commits to nothing (CAMEO 01)."
    CONFLICTUAL = "conflictual", "The statement moves against the other side (CAMEO 10 to 13)."


class Stance(CodeList):
    """What an actor does by saying it. A stance is never a finding on whether it is so."""

    ACKNOWLEDGES = "acknowledges", "Concedes that something is the case.", "010", DROPPED
    ASSERTS = "asserts", "States something as a fact.", "010", DROPPED
    ACCUSES = "accuses", "Says that another actor does or did wrong.", "112", "ACCUSE"
    DENIES = "denies", "Says that a claim about the actor is not so.", "016", DROPPED
    DEMANDS = "demands", "Requires another actor to act or to refrain.", "100", "REQUEST"
    REJECTS = "rejects", "Refuses a proposal, a demand or an offer.", "120", "REJECT"
    WARNS = "warns", "Announces harm or cost if something happens.", "130", "THREATEN"
    COMMITS = "commits", "Binds the actor to a course of action.", "030", "AGREE"
    OFFERS = "offers", "Puts something forward that others may take up.", "030", "AGREE"
    ACCEPTS = "accepts", "Takes up a proposal, a demand or an offer.", "030", "AGREE"
    WELCOMES = "welcomes", "Says that something is or would be received gladly.", "019", DROPPED
    APPRECIATES = (
        "appreciates",
        "Thanks or praises. Appreciating an offer is not accepting it.",
        "051",
        "SUPPORT",
    )
    APPEALS = "appeals", "Asks others to act, with no means to require it.", "020", DROPPED
    CONDITIONS = "conditions", "Makes one thing depend on another.", "014", DROPPED
    UNDECIDED = "undecided", "Says that no decision has been taken.", "014", DROPPED
    DECLINES_TO_SAY = "declines_to_say", "Says that it will not or cannot say.", "011", DROPPED

    @property
    def tone(self) -> Tone:
        """The tone that this stance has: every stance has exactly one."""
        return _TONES.get(self, Tone.NEUTRAL)


_TONES: dict[Stance, Tone] = {
    **dict.fromkeys(
        (
            Stance.COMMITS,
            Stance.OFFERS,
            Stance.ACCEPTS,
            Stance.WELCOMES,
            Stance.APPRECIATES,
            Stance.APPEALS,
        ),
        Tone.COOPERATIVE,
    ),
    **dict.fromkeys(
        (Stance.ACCUSES, Stance.DEMANDS, Stance.REJECTS, Stance.WARNS), Tone.CONFLICTUAL
    ),
}


class Modality(CodeList):
    """The mode in which the statement puts its matter."""

    ACTUAL = "actual", "Said of the present, as it stands when it is said."
    PAST = "past", "Said of what has been done or has happened."
    FUTURE = "future", "Said of what is to come."
    HYPOTHETICAL = "hypothetical", "Said of what would be, if something else were so."


class Precision(CodeList):
    """How much of a date the evidence gives. Nothing finer is ever filled in."""

    DAY = "day", "The evidence gives the day: 2025-11-14."
    MONTH = "month", "The evidence gives the month: 2025-11."
    YEAR = "year", "The evidence gives the year: 2025."
    UNKNOWN = "unknown", "The evidence gives no date; the date is null."


class QuoteType(CodeList):
    """How the selected words of the article carry the fact."""

    DIRECT = "direct", "The speaker's own words inside quotation marks; they are served."
    MIXED = "mixed", "The reporter's sentence around some quoted words; pointed at, not served."
    INDIRECT = "indirect", "The reporter's account of what was said; pointed at, not served."
    MENTION = "mention", "The reporter names it and attributes it to nobody; not served."


class GroupKind(CodeList):
    """What sort of body acts or is addressed."""

    MINISTRY = "ministry", "A ministry or department of a state, a foreign office included."
    GOVERNMENT = "government", "A government or cabinet as a whole."
    LEGISLATURE = "legislature", "A parliament or a chamber of one."
    COURT = "court", "A court or tribunal, national or international."
    MILITARY = "military", "The armed forces of a state or a part of them."
    INTERGOVERNMENTAL = "intergovernmental", "A body whose members are states."
    DE_FACTO_AUTHORITY = "de_facto_authority", "Governs a territory without general recognition."
    ARMED_GROUP = "armed_group", "An armed group that is no state's force."
    MISSION = "mission", "An international mission or force, existing or proposed."
    POLITICAL_PARTY = "political_party", "A political party or movement."
    NEWS_AGENCY = "news_agency", "Supplies reports that others print."
    PUBLISHER = "publisher", "Publishes articles under its own name."
    OTHER = "other", "A body of another sort."


class EndStatus(CodeList):
    """What the record knows of the end of a tenure."""

    IN_POST = "in_post", "Held on the day attested; no end is on record."
    ENDED = "ended", "The evidence says that the tenure has ended."
    UNKNOWN = "unknown", "The evidence does not say whether the post is still held."


class OfferKind(CodeList):
    """What a third party offers to do."""

    GOOD_OFFICES = "good_offices", "To bring the parties into contact, without a part in the talks."
    FACILITATION = "facilitation", "To carry messages and arrange talks."
    MEDIATION = "mediation", "To mediate: a part in the talks, with proposals of its own."
    DELEGATION = "delegation", "To send a delegation to the parties."
    VENUE = "venue", "To host talks."
    MONITORING = "monitoring", "To watch over what has been agreed."
    GUARANTEE = "guarantee", "To stand surety for what has been agreed."
    UNSPECIFIED = "unspecified", "The evidence does not say what would be done."


class OfferStatus(CodeList):
    """How far an offer has come, as far as the evidence states it."""

    INVITED = "invited", "No offer is stated as made; a party says that it is open to one."
    ANNOUNCED = "announced", "The third party has announced it.", "039", "AGREE"
    OFFERED = "offered", "The third party has put it to the parties.", "039", "AGREE"
    UNDER_CONSIDERATION = "under_consideration", "The parties are weighing it."
    ACCEPTED = "accepted", "Every party has accepted it.", "038", "AGREE"
    ACTIVE = "active", "It is being carried out.", "045", "CONSULT"
    LAPSED = "lapsed", "It ended unanswered."
    WITHDRAWN = "withdrawn", "The third party took it back."
    DECLINED = "declined", "A party declined it.", "126", "REJECT"
    CONCLUDED = "concluded", "It was carried out to its end."


class Response(CodeList):
    """How a party answered an offer. Appreciating is not accepting; silence is not refusal."""

    NONE_ON_RECORD = "none_on_record", "The record holds no answer by this party."
    ACKNOWLEDGED = "acknowledged", "The party says that it has the offer.", "010", DROPPED
    APPRECIATED = "appreciated", "The party thanks for it and accepts nothing.", "051", "SUPPORT"
    WOULD_WELCOME = "would_welcome", "The party says it would welcome one.", "019", DROPPED
    ACCEPTED = "accepted", "The party accepts it.", "038", "AGREE"
    CONDITIONAL = "conditional", "The party accepts it if something else is met.", "038", "AGREE"
    DEFERRED = "deferred", "The party puts its answer off.", "014", DROPPED
    DECLINED = "declined", "The party declines it.", "126", "REJECT"


class Outcome(CodeList):
    """How a round of talks ended."""

    ONGOING = "ongoing", "The round has not ended.", "046", "CONSULT"
    NO_AGREEMENT = "no_agreement", "It ended without an agreement.", "046", "CONSULT"
    SUSPENDED = "suspended", "It was broken off, to be resumed.", "046", "CONSULT"
    CEASEFIRE = "ceasefire", "It ended with a ceasefire.", "046", "CONSULT"
    PARTIAL = "partial", "It ended with an agreement on some of the matter.", "057", "AGREE"
    FULL = "full", "It ended with an agreement on the whole matter.", "057", "AGREE"
    UNKNOWN = "unknown", "The evidence does not say how it ended."


class ChangeType(CodeList):
    """What one version did to the one before. Wrong is not the same as no longer true."""

    NEW = "new", "The first version."
    UPDATED = "updated", "More is known; the version before was not wrong."
    CORRECTED = "corrected", "The version before recorded it wrongly."
    SUPERSEDED = "superseded", "The world moved on; the version before was right in its time."
    WITHDRAWN = "withdrawn", "The record no longer stands behind it."
    MERGED = "merged", "It turned out to be the same as another, which goes on."


class Curation(CodeList):
    """How far a version of a fact is from the public."""

    DRAFT = "draft", "Waits for review; not public."
    PUBLISHED = "published", "Public."
    WITHDRAWN = "withdrawn", "Withdrawn; a tombstone is public."


class ChangeKind(CodeList):
    """What sort of transaction wrote a change."""

    REFERENCE = "reference", "Reference data: countries, regions, topics."
    INGEST = "ingest", "An article record came in."
    CURATION = "curation", "A curator created, corrected, published, withdrew or merged facts."


class Scope(CodeList):
    """What a key may do."""

    READ = "read", "See drafts."
    INGEST = "ingest", "Load article records."
    CURATE = "curate", "Create, revise, publish, withdraw and merge facts, and see drafts."
    ADMIN = "admin", "All of this."


class JobState(CodeList):
    """How far a job got."""

    QUEUED = "queued", "It waits for a process to take it."
    RUNNING = "running", "A process works on it."
    DONE = "done", "Its articles are on record, or were already; `result` tells which."
    FAILED = "failed", "Nothing of it is on record; `problem` tells why."


class ClauseKind(CodeList):
    """The parts of a position that qualify it."""

    CONDITION = "condition", "What has to be met first."
    AWAITS = "awaits", "What the actor says it waits for."
    DECIDED_BY = "decided_by", "Who is said to decide."


class NameKind(CodeList):
    """Why a name leads to an entity."""

    NAME = "name", "The entity's own name, short or official."
    ALIAS = "alias", "Another name or spelling in use."
    DEMONYM = "demonym", "The adjective or the people."
    METONYM = "metonym", "A capital or an institution that stands for the government."


class TopicScheme(CodeList):
    """The scheme that an outside code of a topic comes from."""

    IPTC = "iptc", "IPTC Media Topic, by its medtop number."
    PLOVER = "plover", "PLOVER context."


class ProblemType(CodeList):
    """What went wrong: the `type` of a problem document (RFC 9457) ends with one of these."""

    INVALID_REQUEST = "invalid_request", "A parameter or the body is not as documented (422)."
    TOO_MANY_CELLS = "too_many_cells", "A count has more cells than one answer holds (422)."
    RECORD_REFUSED = "record_refused", "An article record has faults; nothing was stored (422)."
    ARTICLE_REFUSED = "article_refused", "An article could not be read; nothing was stored (422)."
    UNAUTHORIZED = "unauthorized", "A key is needed, or the one given is not valid (401)."
    FORBIDDEN = "forbidden", "The key given lacks the scope for this (403)."
    NOT_FOUND = "not_found", "Nothing on record has this id, or no such path exists (404)."
    METHOD_NOT_ALLOWED = "method_not_allowed", "The path exists; the method does not (405)."
    CONFLICT = "conflict", "What is asked for does not go with how the record stands (409)."
    WITHDRAWN = "withdrawn", "The fact was withdrawn; its history tells when and why (410)."
    PRECONDITION_FAILED = "precondition_failed", "The fact has changed since it was read (412)."
    CONTENT_TOO_LARGE = "content_too_large", "The body is larger than is read (413)."
    REQUEST_TOO_LONG = "request_too_long", "The query string is longer than is read (414)."
    PRECONDITION_REQUIRED = (
        "precondition_required",
        "A change has to say in If-Match which version it goes by (428).",
    )
    DATABASE_UNAVAILABLE = "database_unavailable", "The record cannot be read just now (503)."
    BUSY = "busy", "So many jobs wait that no more are taken just now (503)."
    INTERNAL_ERROR = "internal_error", "A fault of the server; quote the request id (500)."


CODE_LISTS: dict[str, type[CodeList]] = {
    "stance": Stance,
    "tone": Tone,
    "modality": Modality,
    "precision": Precision,
    "quote-type": QuoteType,
    "group-kind": GroupKind,
    "end-status": EndStatus,
    "offer-kind": OfferKind,
    "offer-status": OfferStatus,
    "response": Response,
    "outcome": Outcome,
    "change-type": ChangeType,
    "change-kind": ChangeKind,
    "curation": Curation,
    "scope": Scope,
    "name-kind": NameKind,
    "topic-scheme": TopicScheme,
    "problem": ProblemType,
}
"""Every list that `/v1/codes` serves, by its public name."""
