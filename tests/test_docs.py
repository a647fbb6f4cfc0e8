"""The documentation does what it says: its commands are run, its links are followed."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.settings import Settings
from tests.support import PATIENCE, ROOT, Server, environment, seeded, serving

PAGES = sorted(
    path for pattern in ("*.md", "docs/**/*.md") for path in ROOT.glob(pattern) if path.is_file()
)
SERVER = "localhost:8000"
"""Where the documentation has its server."""
RUNNABLE = {"curl", "jq", "onrecord", "sort", "head", "tail", "wc", "cut", "uniq", "tr", "grep"}


@dataclass(frozen=True)
class Command:
    """A command in the documentation, and what it is said to print."""

    place: str
    line: str
    printed: str

    @property
    def programs(self) -> set[str]:
        """The programs that it starts, one for each part of the pipe."""
        words = shlex.split(self.line, comments=True)
        starts = [0, *(number + 1 for number, word in enumerate(words) if word in ("|", "&&"))]
        return {words[start] for start in starts}


def commands(page: Path) -> Iterator[Command]:
    """The lines after `$ ` in blocks for a shell, each with the output that follows it."""
    text = page.read_text()
    for block in re.finditer(r"^```(?:console|sh)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        first = text.count("\n", 0, block.start(1)) + 1
        body = block[1].replace("\\\n", "")
        for found in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
            place = f"{page.relative_to(ROOT)}:{first + body.count(chr(10), 0, found.start())}"
            yield Command(place, found[1], found[2])


COMMANDS = [command for page in PAGES for command in commands(page)]
IN_ORDER = ("docs/README.md", "docs/curation.md", "docs/review.md")
"""Pages whose commands write: they are run one after the other, on a record of their own."""
RUN = [
    command
    for command in COMMANDS
    if command.programs <= RUNNABLE and not command.place.startswith(IN_ORDER)
]
END = "-- what the command above printed --"


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return seeded(tmp_path_factory.mktemp("docs"))


@pytest.fixture(scope="module")
def server(database_url: str) -> Iterator[Server]:
    with serving(database_url) as server:
        yield server


@pytest.mark.parametrize("command", RUN, ids=lambda command: command.place)
def test_a_command_prints_what_the_documentation_says(
    command: Command, server: Server, database_url: str
) -> None:
    for program in command.programs - {"onrecord"}:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    address = urlsplit(server.url).netloc
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.line.replace(SERVER, address)],
        cwd=ROOT,
        env=environment(database_url, PORT=address.rpartition(":")[2], LC_ALL="C.UTF-8"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.replace(address, SERVER) == command.printed


@pytest.mark.parametrize("page", IN_ORDER)
def test_commands_that_write_print_what_the_documentation_says(page: str, tmp_path: Path) -> None:
    told = list(commands(ROOT / page))
    assert told
    for program in ("curl", "jq"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    url = seeded(tmp_path)
    with serving(url) as server:
        address = urlsplit(server.url).netloc
        lines = [line for each in told for line in (each.line, f"echo '{END}'")]
        ran = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines).replace(SERVER, address)],
            cwd=ROOT,
            env=environment(url, LC_ALL="C.UTF-8"),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split(f"{END}\n")[:-1] == [each.printed for each in told]


def test_the_readme_has_commands_to_run() -> None:
    """Else the test above would show nothing."""
    assert len([command for command in RUN if command.place.startswith("README.md:")]) >= 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_in_the_documentation_lead_somewhere(page: Path, server: Server) -> None:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        address = urlsplit(target)
        if not address.scheme and address.path:
            assert (page.parent / address.path).exists(), target
    for address in re.findall(rf"<http://{SERVER}(/[^>]*)>", text):
        assert httpx.get(server.url + address).status_code == 200, address


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    assert f"| `{name.upper()}` | `{Settings.model_fields[name].default}` |" in text


def test_every_path_of_the_contract_that_the_documentation_names_exists(server: Server) -> None:
    paths = httpx.get(f"{server.url}/openapi.json").json()["paths"]
    patterns = [re.sub(r"\{\w+\}", "[^/]+", path) for path in paths]
    named = {
        path.rstrip("/.")
        for page in PAGES
        for path in re.findall(r"/v1/[\w/{}-]+", page.read_text())
    }
    assert named
    for path in named:
        assert any(re.fullmatch(pattern, path) for pattern in patterns), path
