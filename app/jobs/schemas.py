"""Jobs: what is asked and what is shown."""

from typing import Literal

from pydantic import Field

from app.codelists import JobState
from app.web.schemas import ARTICLE_ID, Cursor, ItemLinks, Limit, Query, Shown

JOB_ID = "job_k3v7q2m5x4wzt6ya"


class Progress(Shown):
    """How many articles were read, and what became of them so far."""

    read: int = Field(description="Articles that were read.", examples=[1])
    stored: int = Field(description="Articles that are new on record.", examples=[1])
    unchanged: int = Field(description="Articles that were on record already.", examples=[0])
    refused: int = Field(description="Articles of which nothing is stored.", examples=[0])


class Taken(Shown):
    """An article that is on record."""

    article: str = Field(description="Its id.", examples=[ARTICLE_ID])
    change: int = Field(description="The change that brought it first.", examples=[2])
    facts: int = Field(description="Facts that its records brought, drafts included.", examples=[7])
    link: str = Field(description="Its address.", examples=[f"/v1/articles/{ARTICLE_ID}"])


class Refused(Shown):
    """An article of which nothing is stored."""

    name: str = Field(
        description="What it is called: its address, or the form in which it was sent.",
        examples=["https://ferrypost.example/border-talks"],
    )
    reason: str = Field(
        description="Why.", examples=["The page has no story: no paragraphs of text were found."]
    )


class Result(Shown):
    """What came of a job."""

    articles: list[Taken] = Field(description="Those on record, in their order; the first 200.")
    refused: list[Refused] = Field(
        description="Those of which nothing is stored; the first 200.", examples=[[]]
    )


class Problem(Shown):
    """Why nothing came of a job, as problem documents have it."""

    type: str = Field(
        description="The kind of problem.", examples=["/v1/codes/problem#article_refused"]
    )
    title: str = Field(description="It in short.", examples=["The article was refused"])
    detail: str = Field(
        description="What happened.",
        examples=["192.168.1.7 is no public address: nothing is fetched from there."],
    )


class Job(Shown):
    """Work that was asked for, and how far it got."""

    id: str = Field(description="Its id.", examples=[JOB_ID])
    state: JobState = Field(description="How far it got.", examples=["done"])
    form: Literal["text", "html", "url"] = Field(
        description="What was sent. It is not shown again.", examples=["url"]
    )
    name: str = Field(
        description="The address, or the form.",
        examples=["https://ferrypost.example/border-talks"],
    )
    created_at: str = Field(
        description="When it was asked for.", examples=["2025-11-15T09:30:00.000000Z"]
    )
    started_at: str | None = Field(
        description="When a process took it last.", examples=["2025-11-15T09:30:00.041000Z"]
    )
    finished_at: str | None = Field(
        description="When it ended. It is kept for seven days from then.",
        examples=["2025-11-15T09:30:00.350000Z"],
    )
    progress: Progress = Field(description="Articles so far.")
    result: Result | None = Field(description="What came of it, once it is done.")
    problem: Problem | None = Field(
        description="Why nothing came of it, if it failed.", examples=[None]
    )


class JobItem(Shown):
    """A job."""

    data: Job = Field(description="The job.")
    links: ItemLinks = Field(description="Where to go.")


class JobLinks(Shown):
    """Where to go from a list of jobs."""

    self: str = Field(description="The address of this page.", examples=["/v1/jobs?limit=50"])
    next: str | None = Field(description="The next page, if there is one.", examples=[None])


class JobPage(Shown):
    """A page of jobs, the latest first."""

    data: list[Job] = Field(description="The jobs.")
    links: JobLinks = Field(description="Where to go.")


class JobQuery(Query):
    """What the list of jobs takes."""

    state: JobState | None = Field(
        default=None, title="State", description="How far they got.", examples=["running"]
    )
    limit: Limit = 50
    cursor: Cursor = None
