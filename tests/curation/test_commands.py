"""The command line: keys and single facts, on both databases."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from app.cli import main
from tests.curation.desk import BETTER, RESOURCES, Desk, cited, fact
from tests.http.factory import WORDS
from tests.http.helpers import problem
from tests.support import onrecord

NOUN = {"positions": "position", "mediation-offers": "mediation-offer", "rounds": "round"}
UNKNOWN = f"pos_{'a' * 16}"


class Ran(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def runner(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*args: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["onrecord", *map(str, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `onrecord` on the desk's database."""
    url = desk.database.url.render_as_string(hide_password=False)
    return runner(url, monkeypatch, capsys)


def good(ran: Ran) -> Ran:
    assert (ran.code, ran.err) == (0, "")
    return ran


def written(folder: Path, content: Any) -> Path:
    path = folder / "fact.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    return path


def refused(desk: Desk, run: Run, *args: object) -> str:
    """What a command says that cannot do its work; it has written nothing."""
    with desk.unchanged():
        ran = run(*args)
    assert ran.code in (1, 2), ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    return ran.err


# Keys


def test_a_key_is_made_used_listed_and_revoked(desk: Desk, run: Run) -> None:
    made = run("keys", "create", "night desk", "--scope", "curate", "--scope", "ingest")
    assert made.code == 0
    key = made.out.removesuffix("\n")
    assert re.fullmatch(r"onrecord_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", key)
    assert "cannot be shown again" in made.err
    desk.keys["night desk"] = key
    answer = desk.post("/v1/rounds", {"fact": fact("rounds")}, "night desk")
    assert answer.json()["data"]["recorded_by"] == "night desk"
    id_ = key.split("_")[1]
    (line,) = [each for each in good(run("keys", "list")).out.splitlines() if id_ in each]
    assert re.fullmatch(rf"{id_}  valid  curate,ingest  made \S+Z  night desk", line)
    assert good(run("keys", "revoke", "night desk")).out == "The key night desk is revoked.\n"
    assert "revoked" in problem(desk.get("/v1/rounds", "night desk"), 401).detail
    (line,) = [each for each in good(run("keys", "list")).out.splitlines() if id_ in each]
    assert f"{id_}  revoked  " in line
    assert key.split("_", 2)[2] not in line


def test_a_key_is_revoked_by_its_id_too(desk: Desk, run: Run) -> None:
    id_ = desk.keys["admin"].split("_")[1]
    good(run("keys", "revoke", id_))
    problem(desk.get("/v1/rounds", "admin"), 401)
    assert desk.get("/v1/rounds", "curate").status_code == 200


def test_a_key_may_end_by_itself(desk: Desk, run: Run) -> None:
    desk.keys["guest"] = run("keys", "create", "guest", "--scope", "read", "--days", 2).out.strip()
    assert desk.get("/v1/rounds", "guest").status_code == 200
    (line,) = [each for each in run("keys", "list").out.splitlines() if each.endswith("  guest")]
    assert "  expires " in line


@pytest.mark.parametrize(
    ("args", "sign"),
    [
        (("create", "admin", "--scope", "read"), "a key by the name 'admin' already"),
        (("create", "desk", "--scope", "write"), "'write' is not one of"),
        (("create", "desk"), "--scope"),
        (("create", "", "--scope", "read"), "a name of 1 to 80"),
        (("create", " ", "--scope", "read"), "a name of 1 to 80"),
        (("create", "x" * 81, "--scope", "read"), "a name of 1 to 80"),
        (("create", "a\nb", "--scope", "read"), "a name of 1 to 80"),
        (("create", "desk", "--scope", "read", "--days", 0), "--days"),
        (("create", "desk", "--scope", "read", "--days", 99_999_999), "--days"),
        (("revoke", "nobody"), "There is no key 'nobody'."),
    ],
)
def test_what_is_no_key_is_refused(
    desk: Desk, run: Run, args: tuple[object, ...], sign: str
) -> None:
    assert sign in refused(desk, run, "keys", *args)


def test_a_name_is_not_used_again_and_nothing_is_revoked_twice(desk: Desk, run: Run) -> None:
    good(run("keys", "revoke", "other"))
    assert "revoked already" in refused(desk, run, "keys", "revoke", "other")
    again = refused(desk, run, "keys", "create", "other", "--scope", "read")
    assert "names are not used again" in again


# Facts


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_fact_is_curated_from_the_command_line(
    desk: Desk, run: Run, resource: str, tmp_path: Path
) -> None:
    path, seq = written(tmp_path, fact(resource)), desk.version()
    (name, value), noun = BETTER[resource], NOUN[resource].replace("-", " ")
    made = good(run("fact", "create", NOUN[resource], path, "--draft", "--by", "a desk"))
    id_ = made.out.partition(":")[0]
    assert made.out == f"{id_}: change {seq + 1}: 1 {noun} new.\n"
    problem(desk.get(f"/v1/{resource}/{id_}"), 404)
    done = good(run("fact", "publish", id_, "--reason", "It holds.", "--by", "a desk", "--rev", 1))
    assert done.out.splitlines()[1] == "Its version is 2."
    for rev, (command, change_type) in enumerate(
        (("correct", "corrected"), ("update", "updated"), ("supersede", "superseded")), start=3
    ):
        new = value if rev % 2 else fact(resource)[name]
        done = good(run("fact", command, id_, "--reason", "Why.", "--set", f"{name}={new}"))
        assert f"1 {noun} {change_type}." in done.out
        assert f"Its version is {rev}." in done.out
        assert desk.data(f"/v1/{resource}/{id_}")[name] == new
    proof = cited(WORDS["arabic"])
    path = written(tmp_path, {"evidence": [proof], "topic": "security"})
    good(run("fact", "correct", id_, path, "--set", "topic=ceasefire", "--reason", "Why."))
    shown = desk.data(f"/v1/{resource}/{id_}")
    assert shown["topic"]["slug"] == "ceasefire"
    assert [each["start"] for each in shown["evidence"]] == [proof["start"]]
    other = desk.id(resource, fact(resource, evidence=[cited(WORDS["greek"])]))
    good(run("fact", "merge", id_, other, "--reason", "The same."))
    assert desk.get(f"/v1/{resource}/{id_}").status_code == 308
    good(run("fact", "withdraw", other, "--reason", "Neither holds.", "--rev", 2))
    assert "Neither holds." in problem(desk.get(f"/v1/{resource}/{other}"), 410).detail
    merged = refused(desk, run, "fact", "withdraw", id_, "--reason", "Why.")
    assert f"{id_} was merged into {other}," in merged
    history = desk.data(f"/v1/{resource}/{id_}/history", "read")
    assert [each["recorded_by"] for each in history][:3] == ["a desk", "a desk", "cli"]


def test_values_are_read_as_in_a_file(desk: Desk, run: Run) -> None:
    id_ = desk.id("positions")
    good(
        run(
            *("fact", "correct", id_, "--reason", "Why.", "--set", "said_on=2024"),
            *("--set", "targets=[{country: EGY}, {group: bridge-mission}]"),
            *("--set", "speaker=null", "--set", "reported_via="),
        )
    )
    shown = desk.data(f"/v1/positions/{id_}")
    assert (shown["said_on"], shown["said_on_precision"]) == ("2024", "year")
    assert [each["group"] is None for each in shown["targets"]] == [True, False]
    assert (shown["speaker"], shown["reported_via"]) == (None, None)


WHY = ("--reason", "Why.")


@pytest.mark.parametrize(
    ("args", "sign"),
    [
        (("correct", "ID", *WHY), "Say what changes"),
        (("correct", "ID", *WHY, "--set", "stance"), "--set takes NAME=VALUE, not 'stance'"),
        (("correct", "ID", *WHY, "--set", "=welcomes"), "the format has no such field"),
        (("correct", "ID", *WHY, "--set", "stance=welcome"), "Did you mean welcomes?"),
        (("correct", "ID", *WHY, "--set", "stanc=welcomes"), "fact.stanc"),
        (("correct", "ID", *WHY, "--set", "stanc=", "--set", "stance=welcomes"), "fact.stanc"),
        (("correct", "ID", *WHY, "--set", "stance=asserts"), "says all this already"),
        (("correct", "ID", *WHY, "--set", "targets=[{"), "--set targets"),
        (("correct", "ID", *WHY, "--set", "stance="), "fact.stance: this field is missing"),
        (("correct", "ID", *WHY, "nowhere.yaml"), "nowhere.yaml cannot be read"),
        (("update", "ID", "--set", "stance=welcomes"), "--reason"),
        (("supersede", "ID", "--set", "stance=welcomes", "--reason", " "), "--reason: say why"),
        (("publish", "ID"), "--reason"),
        (("publish", "ID", *WHY), "published already"),
        (("withdraw", "ID"), "--reason"),
        (("withdraw", "ID", "--reason", ""), "--reason: say why"),
        (("withdraw", "ID", *WHY, "--rev", 2), "is at version 1 now, not 2"),
        (("withdraw", "ID", *WHY, "--rev", 0), "--rev"),
        (("correct", "ID", *WHY, "--rev", 7, "--set", "stance=welcomes"), "at version 1 now"),
        (("merge", "ID", *WHY), "INTO"),
        (("merge", "ID", "ID", *WHY), "into: is the fact itself"),
        (("merge", "ID", UNKNOWN, *WHY), f"there is no position '{UNKNOWN}' on record"),
        (("withdraw", UNKNOWN, *WHY), f"There is no position '{UNKNOWN}' on record"),
        (("withdraw", "art_scfda635kzgz3rk6", *WHY), "they begin with pos_, med_ or rnd_"),
        (("withdraw", "x" * 500, *WHY), "is the id of no fact"),
        (("create", "article", "nowhere.yaml"), "'article' is not one of"),
        (("create", "position", "nowhere.yaml"), "nowhere.yaml cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_and_not_done(
    desk: Desk, run: Run, args: tuple[str, ...], sign: str
) -> None:
    id_ = desk.id("positions")
    given = [id_ if each == "ID" else each for each in args]
    assert sign in refused(desk, run, "fact", *given)


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        (fact("rounds"), "fact.proposition: this field is missing"),
        (fact("positions", evidence=[]), "fact.evidence"),
        (fact("positions", topic="ceasefir"), "Did you mean ceasefire?"),
        ([], "fact"),
        ("words", "fact"),
    ],
)
def test_what_is_no_fact_is_not_put_on_record(
    desk: Desk, run: Run, content: Any, sign: str, tmp_path: Path
) -> None:
    path = written(tmp_path, content)
    assert sign in refused(desk, run, "fact", "create", "position", path)
    if not isinstance(content, dict):
        id_ = desk.id("positions")
        assert "holds no fields" in refused(desk, run, "fact", "correct", id_, path, *WHY)


def test_the_very_same_is_not_put_on_record_twice(desk: Desk, run: Run, tmp_path: Path) -> None:
    id_ = desk.id("positions")
    path = written(tmp_path, fact("positions"))
    assert id_ in refused(desk, run, "fact", "create", "position", path)


def test_the_command_line_and_the_service_give_the_same_ids(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    path = written(tmp_path, fact("rounds"))
    id_ = good(run("fact", "create", "round", path)).out.partition(":")[0]
    assert id_ in problem(desk.post("/v1/rounds", {"fact": fact("rounds")}), 409).detail


def test_commands_are_there_in_a_process_of_their_own(desk: Desk) -> None:
    url = desk.database.url.render_as_string(hide_password=False)
    made = onrecord("keys", "create", "a process", "--scope", "read", database_url=url)
    assert (made.returncode, made.stdout.count("\n")) == (0, 1)
    desk.keys["a process"] = made.stdout.strip()
    assert desk.get("/v1/rounds", "a process").status_code == 200
    failed = onrecord("fact", "withdraw", UNKNOWN, "--reason", "Why.", database_url=url)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("Error: ")
