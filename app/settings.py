"""Settings, read once from the environment and frozen."""

from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class Settings(BaseSettings):
    """What a deployment may set. Every field is an environment variable of the same name."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = Field(
        default="sqlite:///onrecord.db",
        description="`sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port; 0 takes a free one.")
    workers: int = Field(default=1, ge=1, description="Server processes.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged: this and what is graver."
    )
    cors_origins: str = Field(
        default="*", description="Origins that may read from a browser, separated by commas."
    )
    sqlite_busy_seconds: float = Field(
        default=30.0, ge=0, description="How long a statement waits for a locked SQLite file."
    )
    signing_key_file: Path | None = Field(
        default=None,
        description="PEM file with the Ed25519 key that signs receipts, former keys after it. "
        "Without it receipts are not signed.",
    )
    response_cache_mb: int = Field(
        default=64,
        ge=0,
        description="Memory for answers that are kept, in megabytes a process; 0 keeps none.",
    )
    response_cache_lease_ms: int = Field(
        default=20,
        ge=0,
        le=10_000,
        description="On PostgreSQL: for how long a server takes the state of the record for known. "
        "Each write waits as long before it is acknowledged, so that nobody reads less afterwards; "
        "0 asks the database before every answer. The same for all processes of a deployment.",
    )
    article_mb: int = Field(
        default=10,
        ge=1,
        description="The largest text, page or feed that is read, in megabytes, unpacked.",
    )
    fetch_seconds: float = Field(
        default=20.0, gt=0, description="How long fetching an address may take in all."
    )
    fetch_networks: str | None = Field(
        default=None,
        description="Networks that are fetched from beside public addresses, separated by commas: "
        "`10.1.0.0/16,127.0.0.1/32`.",
    )
    fetch_user_agent: str = Field(
        default="OnRecord",
        pattern=r"^[A-Za-z][A-Za-z_-]*([/ ][ -~]*)?$",
        description="What fetching calls itself, to servers and their robots.txt.",
    )
    publish_above: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Confidence above which what an extractor found is published at once, from 0 "
        "to 1. Without it all of it waits for review.",
    )
    article_at_once_kb: int = Field(
        default=64,
        ge=0,
        description="Articles sent as text or HTML up to this size, in kilobytes, are answered "
        "with the result; of larger ones, and of addresses, a job is made.",
    )
    jobs_limit: int = Field(
        default=1000, ge=1, description="Jobs that may wait; more are refused until some are done."
    )
    job_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        description="After so long without a sign from the process that works on a job, another "
        "takes it up.",
    )
    extractor: str = Field(
        default="app.ingest.extract.compose:extract_source",
        pattern=r"^\w+(\.\w+)*:\w+$",
        description="What makes records of articles: a module and a function in it.",
    )
    pool_size: int = Field(default=10, ge=1, description="Connections kept to PostgreSQL.")
    model_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s@]+$",
        description="Where a language model answers, up to and without `/chat/completions`.",
    )
    model_name: str | None = Field(
        default=None, pattern=r"^\S{1,200}$", description="The model that is asked for there."
    )
    model_key: SecretStr | None = Field(
        default=None, description="The key for it. It is sent there and shown nowhere."
    )
    model_timeout_seconds: float = Field(
        default=120.0, gt=0, description="How long one answer of the model may take as a whole."
    )
    model_attempts: int = Field(
        default=5, ge=1, le=20, description="How often it is asked while it does not answer."
    )
    model_max_tokens: int = Field(default=8000, ge=1, description="The longest answer, in tokens.")
    model_input_price: Decimal = Field(
        default=Decimal(0), ge=0, description="What a million tokens of questions cost."
    )
    model_output_price: Decimal = Field(
        default=Decimal(0), ge=0, description="What a million tokens of answers cost."
    )
    model_budget: Decimal | None = Field(
        default=None, ge=0, description="The most that a process may spend, in the same currency."
    )
    model_budget_tokens: int | None = Field(
        default=None, ge=0, description="The most tokens that a process may spend."
    )

    @property
    def lease(self) -> float:
        """The lease of the response cache in seconds; none where nothing is kept."""
        return self.response_cache_lease_ms / 1000 if self.response_cache_mb else 0.0

    @field_validator("fetch_networks")
    @classmethod
    def _known_networks(cls, written: str | None) -> str | None:
        for each in (written or "").split(","):
            if each.strip():
                try:
                    ip_network(each.strip())
                except ValueError as error:
                    raise ValueError(
                        "FETCH_NETWORKS takes networks such as 10.1.0.0/16, separated by commas "
                        f"({error})"
                    ) from None
        return written

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        """Take the common spellings, and name SQLAlchemy's driver ourselves."""
        scheme, separator, rest = url.partition("://")
        if not separator or scheme.split("+")[0] not in ("sqlite", "postgresql", "postgres"):
            raise ValueError(
                "DATABASE_URL takes sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME, "
                f"not {scheme or url!r}"
            )
        if scheme.startswith("sqlite") and rest.lstrip("/") in ("", ":memory:"):
            raise ValueError("DATABASE_URL needs a file for SQLite: sqlite:///PATH")
        driver = "sqlite" if scheme.startswith("sqlite") else "postgresql+psycopg"
        try:
            parsed = make_url(f"{driver}://{rest}")
        except (ArgumentError, ValueError) as error:
            raise ValueError(f"DATABASE_URL is no address ({error})") from None
        if driver == "sqlite" and parsed.query:
            raise ValueError("DATABASE_URL takes nothing after a ? for SQLite")
        return f"{driver}://{rest}"


def resource(name: str) -> Path:
    """The folder ``migrations`` or ``seed``, in an installed wheel or beside `app/`."""
    package = Path(__file__).parent
    packaged = package / f"_{name}"
    return packaged if packaged.exists() else package.parent / name
