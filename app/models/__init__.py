"""Every table of the record, and nothing else.

Each entity is an identity (``positions``) and its versions (``position_versions``). A version is
valid from the change that wrote it (``recorded_in``) until the change that replaced it
(``superseded_in``); its children (targets, evidence, names, ...) belong to it and never change.
"""

from sqlmodel import SQLModel

from app.models.access import ApiKey, IdempotentAnswer
from app.models.article import Article, ArticleText, ArticleVersion, RefusedArticle
from app.models.base import Actor, Evidence, FactVersion, Name, Version
from app.models.change import Change, TopicChange
from app.models.country import Country, CountryName, CountryVersion
from app.models.group import Group, GroupLabel, GroupLabelEvidence, GroupName, GroupVersion
from app.models.job import Job
from app.models.mediation import (
    MediationOffer,
    MediationOfferVersion,
    OfferEvidence,
    OfferParty,
    OfferResponse,
)
from app.models.official import Official, OfficialName, OfficialVersion, Tenure, TenureEvidence
from app.models.position import (
    Position,
    PositionClause,
    PositionEvidence,
    PositionTarget,
    PositionVersion,
)
from app.models.talks_round import Round, RoundEvidence, RoundParty, RoundVersion
from app.models.tally import Horizon, PositionTally, PositionTotal
from app.models.topic import Topic, TopicCode, TopicVersion

metadata = SQLModel.metadata

__all__ = [
    "Actor",
    "ApiKey",
    "Article",
    "ArticleText",
    "ArticleVersion",
    "Change",
    "Country",
    "CountryName",
    "CountryVersion",
    "Evidence",
    "FactVersion",
    "Group",
    "GroupLabel",
    "GroupLabelEvidence",
    "GroupName",
    "GroupVersion",
    "Horizon",
    "IdempotentAnswer",
    "Job",
    "MediationOffer",
    "MediationOfferVersion",
    "Name",
    "OfferEvidence",
    "OfferParty",
    "OfferResponse",
    "Official",
    "OfficialName",
    "OfficialVersion",
    "Position",
    "PositionClause",
    "PositionEvidence",
    "PositionTally",
    "PositionTarget",
    "PositionTotal",
    "PositionVersion",
    "RefusedArticle",
    "Round",
    "RoundEvidence",
    "RoundParty",
    "RoundVersion",
    "Tenure",
    "TenureEvidence",
    "Topic",
    "TopicChange",
    "TopicCode",
    "TopicVersion",
    "Version",
    "metadata",
]
