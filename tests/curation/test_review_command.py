"""Review in a terminal: each letter, each end, at each width; and in a terminal that is one."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select

import pytest

from tests.curation.desk import Desk
from tests.curation.extraction import (
    ARTICLE,
    RULE,
    decide,
    decided,
    extract,
    extraction,
    found,
    offer,
    one,
    queue,
    waits,
)
from tests.support import BIN, PATIENCE, Ran, environment, in_process

Review = Callable[..., Ran]


class Keys:
    """What is typed; a line may be something that happens meanwhile."""

    def __init__(self, *lines: str | Callable[[], object]) -> None:
        self._lines: Iterator[str | Callable[[], object]] = iter(lines)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        for line in self._lines:
            if isinstance(line, str):
                return f"{line}\n"
            line()
        return ""


@pytest.fixture
def review(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Review:
    """Runs `onrecord review` on the desk's database, with these lines typed."""
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    url = desk.database.url.render_as_string(hide_password=False)

    def run(*lines: str | Callable[[], object], args: tuple[object, ...] = (), **env: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", Keys(*lines))
        given = ("review", "--by", "ana", *map(str, args))
        return in_process(*given, database_url=url, **{"COLUMNS": "80"} | env)

    return run


def ended(ran: Ran) -> str:
    """The last line of a review that went well."""
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.rstrip().splitlines()[-1]


def last(desk: Desk, id_: str) -> tuple[str, str | None, str]:
    told = desk.data(f"/v1/positions/{id_}/history", "read")[-1]
    return told["recorded_by"], told["reason"], told["curation"]


def three(desk: Desk) -> None:
    extract(desk, found("closed", 0.9), found("open", 0.6), found("hope", 0.3))


def test_nothing_waits(review: Review) -> None:
    assert ended(review()) == "Nothing waits for review."


def test_a_draft_is_shown_where_its_words_stand(desk: Desk, review: Review) -> None:
    extract(desk, found("open", 0.87))
    shown = review("q").stdout
    assert "Before it stood unquoted prose on open." in shown
    assert "⟦“We will open the road,”⟧ an envoy said." in shown
    assert "Then came more prose." in shown
    for told in ("1 of 1", "Observers stay", RULE, "confidence 0.87", "Kenya (KEN)", "asserts"):
        assert told in shown


@pytest.mark.parametrize("width", [80, 120])
def test_it_keeps_to_the_width_of_the_terminal(desk: Desk, review: Review, width: int) -> None:
    three(desk)
    long = "word " * 55 + "end."
    extract(desk, found("closed", proposition=long), found("seen", speaker_role="y" * 200))
    decided(desk, "accept", one(desk, long))
    extract(desk, found("closed", proposition=long[5:]), mediation_offers=[], edition=2)
    shown = review("s", "s", "s", "?", COLUMNS=str(width)).stdout
    assert max(map(len, shown.splitlines())) <= width


def test_each_letter_does_what_it_says(desk: Desk, review: Review) -> None:
    three(desk)
    keys = {key: one(desk, f"It is said: {key}.")["id"] for key in ("closed", "open", "hope")}
    ran = review("a", "?", "x", "r", "Nobody said so.", "s")
    assert ended(ran) == "1 accepted, 1 rejected, 1 skipped, 1 left."
    assert ran.stdout.count("withdraw it, with a reason") == 2
    assert last(desk, keys["closed"]) == ("ana", "Accepted in review.", "published")
    assert last(desk, keys["open"]) == ("ana", "Nobody said so.", "withdrawn")
    assert last(desk, keys["hope"]) == ("ingest", None, "draft")
    assert waits(desk) == ["It is said: hope."]


def test_only_some_are_gone_through(desk: Desk, review: Review) -> None:
    three(desk)
    extract(desk, *(found(k) for k in ("closed", "hope")), mediation_offers=[offer(0.1)], edition=2)
    assert "1 of 3" in review("q").stdout
    assert "1 of 1" in review("q", args=("--below", 0.5)).stdout
    assert "1 of 2" in review("q", args=("--kind", "position", "--article", ARTICLE)).stdout
    assert ended(review(args=("--article", "art_other"))) == "Nothing waits for review."
    assert review(args=("--kind", "article")).returncode == 2


def test_a_reason_is_asked_for_and_none_goes_back(desk: Desk, review: Review) -> None:
    extract(desk, found("closed"))
    with desk.unchanged():
        assert ended(review("r", "", "q")) == "1 left."
    assert ended(review("r", " ", "r", "A dream.")) == "1 rejected, 0 left."


def test_fields_are_edited_line_by_line_where_there_is_no_editor(
    desk: Desk, review: Review
) -> None:
    extract(desk, found("closed"))
    item, seq = one(desk, "It is said: closed."), desk.version()
    ran = review(
        "e",
        "stance=warned",
        "",
        "",
        "e",
        "nonsense",
        "stance=warns",
        "said_on=2024",
        "",
        "It warns.",
    )
    assert ended(ran) == "1 edited, 0 left."
    assert "Did you mean warns?" in ran.stdout
    assert "Write FIELD=VALUE." in ran.stdout
    shown = desk.data(f"/v1/positions/{item['id']}")
    assert (shown["stance"], shown["said_on"]) == ("warns", "2024")
    assert (desk.version(), last(desk, item["id"])) == (seq + 1, ("ana", "It warns.", "published"))


def editor(folder: Path, script: str) -> str:
    path = folder / "editor"
    lines = [
        f"#!{sys.executable}",
        "import re, sys",
        "from pathlib import Path",
        "path = Path(sys.argv[1])",
        "text = path.read_text()",
        script,
        "path.write_text(text)",
    ]
    path.write_text("\n".join(lines))
    path.chmod(0o755)
    return str(path)


def test_an_editor_is_opened_on_its_fields(desk: Desk, review: Review, tmp_path: Path) -> None:
    extract(desk, found("closed", speaker_role="envoy"))
    id_ = one(desk, "It is said: closed.")["id"]
    script = "text = text.replace('stance: asserts', 'stance: warns')"
    script += ".replace('speaker_role: envoy', 'speaker_role:')"
    ran = review("e", "", EDITOR=editor(tmp_path, script))
    assert ended(ran) == "1 edited, 0 left."
    shown = desk.data(f"/v1/positions/{id_}")
    assert (shown["stance"], shown["speaker_role"]) == ("warns", None)
    assert last(desk, id_) == ("ana", "Edited in review.", "published")


@pytest.mark.parametrize(
    ("script", "sign"),
    [
        ("pass", "Nothing was changed."),
        ("text = '[]'", "holds no fields"),
        ("text = 'a: [b'", "neither YAML nor JSON"),
        ("text = text.replace('stance:', 'stnce:')", "fact.stnce"),
        ("text = re.sub('topic: .*', 'topic:', text)", "fact.topic"),
    ],
)
def test_what_is_no_edit_goes_back(
    desk: Desk, review: Review, tmp_path: Path, script: str, sign: str
) -> None:
    extract(desk, found("closed"))
    with desk.unchanged():
        ran = review("e", "", "q", EDITOR=editor(tmp_path, script))
        assert sign in ran.stdout
        assert ran.stdout.rstrip().endswith("1 left.")


def test_a_proposal_is_shown_beside_its_fact(desk: Desk, review: Review) -> None:
    extract(desk, found("closed"))
    id_ = one(desk, "It is said: closed.")["id"]
    decided(desk, "accept", one(desk, "It is said: closed."))
    extract(desk, found("closed", stance="warns"), edition=2)
    ran = review("a")
    assert ended(ran) == "1 accepted, 0 left."
    (line,) = [each for each in ran.stdout.splitlines() if each.strip().startswith("stance")]
    assert line.split() == ["stance", "asserts", "≠", "warns"]
    assert f"proposed for {id_}, which is published" in " ".join(ran.stdout.split())
    assert desk.data(f"/v1/positions/{id_}")["stance"] == "warns"


def test_an_offer_that_rests_on_a_draft_says_so_and_waits(desk: Desk, review: Review) -> None:
    extract(desk, found("hope"), mediation_offers=[offer()])
    ran = review("s", "a", "s")
    assert "rests on the draft" in ran.stdout
    assert ended(ran) == "2 skipped, 2 left."
    assert ended(review("a", "a")) == "2 accepted, 0 left."


def test_of_two_reviewers_the_second_is_told(desk: Desk, review: Review) -> None:
    three(desk)
    closed, opened = one(desk, "It is said: closed."), one(desk, "It is said: open.")
    ran = review(
        lambda: decided(desk, "accept", closed),
        "r",
        "Not so.",
        lambda: desk.revise("positions", opened["id"], stance="denies"),
        "a",
        "a",
        "s",
    )
    assert "somebody decided on it" in " ".join(ran.stdout.split())
    assert "1 of 3: " in ran.stdout
    assert "denies" in ran.stdout
    assert ended(ran) == "1 decided elsewhere, 1 accepted, 1 skipped, 1 left."
    assert last(desk, closed["id"])[0] == "curate"
    assert desk.data(f"/v1/positions/{opened['id']}")["stance"] == "denies"


def test_what_was_decided_elsewhere_before_it_comes_up_is_passed_over(
    desk: Desk, review: Review
) -> None:
    three(desk)
    items = queue(desk)
    ran = review(lambda: [decide(desk, "reject", item) for item in items[:2]], "s")
    assert ended(ran) == "1 skipped, 2 decided elsewhere, 1 left."


@pytest.mark.parametrize(
    "lines", [(), ("a",), ("a", "r"), ("a", "e"), ("a", "e", "stance=warns", "")]
)
def test_at_the_end_of_the_input_what_was_decided_stays(
    desk: Desk, review: Review, lines: tuple[str, ...]
) -> None:
    three(desk)
    assert ended(review(*lines)) == ("1 accepted, 2 left." if lines else "3 left.")
    assert len(waits(desk)) == (2 if lines else 3)


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("lines", [("a",), ("a", "r"), ("a", "e")])
def test_interrupted_it_ends_cleanly(desk: Desk, review: Review, lines: tuple[str, ...]) -> None:
    three(desk)
    ran = review(*lines, interrupt)
    assert (ran.returncode, ran.stderr) == (130, "")
    assert ran.stdout.rstrip().endswith("1 accepted, 2 left.")
    assert len(waits(desk)) == 2


def test_without_the_text_the_words_of_the_record_are_shown(desk: Desk, review: Review) -> None:
    record = {"record": extraction(found("closed"))}
    assert desk.post("/v1/articles", record, "ingest").status_code == 201
    shown = review("q").stdout
    assert "⟦The bridge is closed⟧" in shown
    assert "the article's text is not held" in " ".join(shown.split())


def test_in_a_terminal_the_words_stand_out_in_colour(desk: Desk) -> None:
    three(desk)
    url = desk.database.url.render_as_string(hide_password=False)
    master, slave = pty.openpty()
    env = environment(url, TERM="xterm-256color", COLUMNS="80", LC_ALL="C.UTF-8")
    command = [str(BIN / "onrecord"), "review", "--by", "ana"]
    with subprocess.Popen(command, env=env, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        shown = until(master, "[?]")
        os.write(master, b"a\n")
        shown += until(master, "[?]")
        os.write(master, b"\x04")
        shown += until(master, "left.")
        assert process.wait(PATIENCE) == 0
    os.close(master)
    assert "\x1b[1;33m“The bridge is closed,”\x1b[0m" in shown
    assert "1 accepted, 2 left." in shown


def until(master: int, sign: str) -> str:
    """What a terminal shows up to here."""
    shown = b""
    while sign not in shown.decode(errors="replace"):
        assert select([master], [], [], PATIENCE)[0], shown
        shown += os.read(master, 65536)
    return shown.decode()
