"""Keys are shown once: they are neither in the database nor in the logs of a server."""

import hashlib

import httpx
import pytest
from sqlalchemy import select

from app import keys
from app.codelists import Scope
from app.db import Database
from app.models import ApiKey
from app.settings import Settings
from app.sql import table
from tests.curation.desk import content, fact
from tests.support import onrecord, serving


def kept(settings: Settings) -> str:
    """Everything in the database: all rows of all tables and, of a file, its very bytes."""
    database = Database(settings)
    found = repr(content(database))
    path = database.path
    if path is not None:
        files = path.parent.glob(f"{path.name}*")
        found += "".join(each.read_bytes().decode("latin-1") for each in files)
    database.dispose()
    return found


def test_a_key_is_stored_as_a_hash_of_its_secret(fresh_settings: Settings) -> None:
    database = Database(fresh_settings)
    with database.write() as session:
        made = keys.create(session, "desk", [Scope.CURATE], None)
    _, id_, secret = made.split("_", 2)
    with database.read() as session:
        row = session.rows(select(table(ApiKey)))[0]
        assert all("secret_sha256" not in each._fields for each in keys.listed(session))
    database.dispose()
    assert (row.id, row.name, row.scopes) == (id_, "desk", "curate")
    assert row.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert len(secret) == 43


def test_no_two_keys_are_alike(fresh_settings: Settings) -> None:
    database = Database(fresh_settings)
    with database.write() as session:
        made = {keys.create(session, f"desk {n}", [Scope.READ], None) for n in range(20)}
    database.dispose()
    assert len({key.rpartition("_")[2] for key in made}) == 20


@pytest.mark.parametrize("level", ["info", "debug"])
def test_a_server_that_is_sent_keys_keeps_none_of_them(
    fresh_settings: Settings, level: str
) -> None:
    url = fresh_settings.database_url
    made = onrecord("keys", "create", "desk", "--scope", "admin", database_url=url)
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip()
    wrong = f"{key[:-6]}sesame"
    said = fact("positions", evidence=[])
    answers = []
    with serving(url, LOG_LEVEL=level) as server, httpx.Client(base_url=server.url) as http:
        for sent in (key, wrong, f"{key}more", "sesame"):
            given = {"Authorization": f"Bearer {sent}"}
            answers += [
                http.get("/v1/positions", headers=given),
                http.get("/v1/nothing", headers=given),
                http.post("/v1/positions", json={"fact": said}, headers=given),
                http.post("/v1/articles?dry_run=true", json={}, headers=given),
                http.patch("/v1/rounds/rnd_a", json={}, headers=given | {"If-Match": "*"}),
            ]
        given = {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}
        record = {"record": {"format": "another"}}
        answers.append(http.post("/v1/articles", json=record, headers=given))
        server.stop()
    log = "".join(server.log)
    assert log.count("/v1/positions") >= 8
    listed = onrecord("keys", "list", database_url=url).stdout
    assert key.split("_")[1] in listed
    heads = "".join(f"{each.headers}{each.text}" for each in answers)
    for place in (log, kept(fresh_settings), listed, heads):
        for secret in (key, key.split("_", 2)[2], wrong, wrong.split("_", 2)[2]):
            assert secret not in place
