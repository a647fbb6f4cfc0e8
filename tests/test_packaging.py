"""What is shipped, how a bare machine gets its tools, and whether the operator's page is true."""

import hashlib
import importlib.util
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from app import cli
from app.settings import Settings
from tests.support import PATIENCE, ROOT, onrecord

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md").read_text(encoding="utf-8") + OPERATIONS

# The wheel.


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from hatchling.build import build_wheel  # noqa: PLC0415 - only these tests build

    folder = tmp_path_factory.mktemp("dist")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return folder / build_wheel(str(folder))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["migrations", "seed"])
def test_the_wheel_carries_every_file_of(folder: str, names: set[str]) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*.*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert files
    assert {f"app/_{name}" for name in files} <= names


def test_the_wheel_carries_the_application_and_nothing_else(names: set[str]) -> None:
    tops = {name.partition("/")[0].partition("-")[0] for name in names}
    assert tops == {"app", "onrecord"}
    assert {Path(name).suffix for name in names if name.startswith("app/")} <= {
        ".py",
        ".mako",
        ".txt",
        ".yaml",
        ".typed",
    }


def test_the_wheel_says_its_licence_and_carries_it(wheel: Path, names: set[str]) -> None:
    info = next(name.partition("/")[0] for name in names if ".dist-info/" in name)
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{info}/METADATA").decode()
        licence = archive.read(f"{info}/licenses/LICENSE").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Apache License" in licence
    assert "Version 2.0" in licence


def test_a_database_is_set_up_and_seeded_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)

    def run(*args: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *args],
            cwd=elsewhere,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("db", "upgrade")
    assert "13 position new" in run("seed")


def test_servers_that_start_together_may_all_bring_the_schema_up(
    new_database: Callable[[str | None], str],
) -> None:
    url = new_database(None)
    with ThreadPoolExecutor(3) as together:
        runs = [together.submit(onrecord, "db", "upgrade", database_url=url) for _ in range(3)]
    assert [run.result().returncode for run in runs] == [0, 0, 0], runs[-1].result().stderr


# Getting uv onto a machine that has neither pip nor venv.


@pytest.fixture(scope="module")
def get_uv() -> ModuleType:
    spec = importlib.util.spec_from_file_location("get_uv", ROOT / ".ci" / "get_uv.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ARM_OLD = "uv-1.2.3-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl"
INTEL = "uv-1.2.3-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
INTEL_MUSL = "uv-1.2.3-py3-none-musllinux_1_1_x86_64.whl"
MAC_ARM = "uv-1.2.3-py3-none-macosx_11_0_arm64.whl"
RISC = "uv-1.2.3-py3-none-manylinux_2_31_riscv64.whl"
OFFERED = [
    "uv-1.2.3.tar.gz",
    "uv-1.2.2-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "uv_build-1.2.3-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "uv-1.2.3-py3-none-manylinux_2_17_i686.manylinux2014_i686.whl",
    "uv-1.2.3-py3-none-win_amd64.whl",
    ARM_OLD,
    INTEL,
    INTEL_MUSL,
    MAC_ARM,
    RISC,
]
DEBIAN_12 = ("glibc", (2, 36))


@pytest.mark.parametrize(
    ("machine", "libc", "wheel_name"),
    [
        ("linux-x86_64", DEBIAN_12, INTEL),
        ("linux-aarch64", DEBIAN_12, ARM_OLD),
        ("linux-x86_64", ("musl", (1, 2)), INTEL_MUSL),
        ("linux-aarch64", ("musl", (1, 2)), ARM_OLD),
        ("linux-riscv64", ("glibc", (2, 31)), RISC),
        ("macosx-14.2-arm64", ("musl", (1, 1)), MAC_ARM),
    ],
)
def test_a_platform_gets_its_wheel_of_the_pinned_version(
    get_uv: ModuleType, machine: str, libc: tuple[str, tuple[int, int]], wheel_name: str
) -> None:
    assert get_uv.choose_wheel(OFFERED, "1.2.3", machine, libc) == wheel_name


@pytest.mark.parametrize(
    ("version", "machine", "libc", "said"),
    [
        ("1.2.3", "linux-riscv64", ("glibc", (2, 30)), "no wheel for linux-riscv64"),
        ("1.2.3", "linux-sparc", DEBIAN_12, "no wheel for linux-sparc"),
        ("9.9.9", "linux-x86_64", DEBIAN_12, "lists no wheel of uv 9.9.9"),
    ],
    ids=["older C library", "unknown machine", "version not there"],
)
def test_a_platform_without_a_wheel_is_told_so(
    get_uv: ModuleType, version: str, machine: str, libc: Any, said: str
) -> None:
    with pytest.raises(get_uv.Refused, match=said):
        get_uv.choose_wheel(OFFERED, version, machine, libc)


@pytest.mark.parametrize(
    ("environment", "index"),
    [
        ({}, "https://pypi.org/simple"),
        ({"PIP_INDEX_URL": "https://a/simple"}, "https://a/simple"),
        ({"PIP_INDEX_URL": "https://a", "UV_INDEX_URL": "https://b"}, "https://b"),
        ({"UV_INDEX_URL": "https://b", "UV_DEFAULT_INDEX": "https://c"}, "https://c"),
        ({"UV_DEFAULT_INDEX": ""}, "https://pypi.org/simple"),
    ],
)
def test_the_environment_may_name_the_index(
    get_uv: ModuleType, environment: dict[str, str], index: str
) -> None:
    assert get_uv.choose_index(environment) == index


def test_a_file_with_another_hash_is_refused(get_uv: ModuleType) -> None:
    hashes = frozenset({hashlib.sha256(b"as published").hexdigest()})
    get_uv.verify(b"as published", "uv.whl", hashes)
    with pytest.raises(get_uv.Refused, match=r"uv\.whl has the hash"):
        get_uv.verify(b"tampered with", "uv.whl", hashes)


class Index:
    """A package index on this machine that asks for a password, as a company's may."""

    def __init__(self, page_type: str, content: bytes) -> None:
        self.content = content
        self.page_type = page_type
        self.url = ""

    def page(self) -> bytes:
        if self.page_type == "text/html":
            return "".join(f'<a href="../../files/{n}#sha256=0">{n}</a>' for n in OFFERED).encode()
        files = ", ".join(f'{{"filename": "{n}", "url": "/files/{n}"}}' for n in OFFERED)
        return f'{{"name": "uv", "files": [{files}]}}'.encode()

    def answer(self, path: str, authorization: str | None) -> tuple[int, str, bytes]:
        if authorization != "Basic dXNlcjpzM2NyZXQ=":
            return 401, "text/plain", b""
        if path == "/simple/uv/":
            return 200, self.page_type, self.page()
        return 200, "application/octet-stream", self.content


@contextmanager
def serving_index(index: Index) -> Iterator[Index]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = index.answer(self.path, self.headers["Authorization"])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        index.url = f"http://user:s3cret@127.0.0.1:{server.server_port}/simple"
        Thread(target=server.serve_forever).start()
        yield index
        server.shutdown()


@pytest.fixture
def fetch(tmp_path: Path) -> Any:
    """Runs the script as `make` does, pinned to a wheel that holds no more than a word."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("uv-1.2.3.data/scripts/uv", "the program")
    script = tmp_path / "get_uv.py"
    script.write_bytes((ROOT / ".ci" / "get_uv.py").read_bytes())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    (tmp_path / "uv.txt").write_text(f"# pin\nuv==1.2.3 \\\n    --hash=sha256:{digest}\n")

    def run(index_url: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", script, tmp_path / "bin"],
            env={"PATH": os.environ["PATH"], "UV_DEFAULT_INDEX": index_url},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return content.getvalue(), run


@pytest.mark.skipif(sys.platform != "linux", reason="the index of this test has Linux wheels")
@pytest.mark.parametrize("page_type", ["application/vnd.pypi.simple.v1+json", "text/html"])
def test_uv_comes_from_an_index_with_a_password(fetch: Any, page_type: str, tmp_path: Path) -> None:
    content, run = fetch
    with serving_index(Index(page_type, content)) as index:
        done = run(index.url)
    assert (done.returncode, done.stderr) == (0, "Fetching uv 1.2.3\n")
    assert (tmp_path / "bin" / "uv").read_text() == "the program"
    assert os.access(tmp_path / "bin" / "uv", os.X_OK)


@pytest.mark.skipif(sys.platform != "linux", reason="the index of this test has Linux wheels")
def test_nothing_is_unpacked_from_a_file_that_is_not_the_pinned_one(
    fetch: Any, tmp_path: Path
) -> None:
    content, run = fetch
    with serving_index(Index("text/html", content + b"!")) as index:
        done = run(index.url)
    assert done.returncode == 1
    assert "which uv.txt does not list" in done.stderr
    assert not (tmp_path / "bin").exists()


@pytest.mark.parametrize(
    ("index_url", "said"),
    [
        ("http://user:s3cret@127.0.0.1:1/simple", "cannot be fetched: "),
        ("/srv/simple", "is no http or https address"),
    ],
)
def test_a_fault_is_one_sentence_without_the_password(
    fetch: Any, index_url: str, said: str
) -> None:
    _, run = fetch
    done = run(index_url)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert said in done.stderr
    assert "s3cret" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_project_pins_a_uv_that_it_accepts(get_uv: ModuleType) -> None:
    pin = get_uv.read_pin((ROOT / ".ci" / "uv.txt").read_text())
    wanted = re.search(r'required-version = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert wanted is not None
    assert [int(n) for n in pin.version.split(".")] >= [int(n) for n in wanted[1].split(".")]


# The operator's page.


def test_every_setting_is_documented_with_its_default_and_nothing_else_is() -> None:
    section = OPERATIONS.partition("\n## Settings\n")[2].partition("\n## ")[0]
    documented = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \|", section, re.MULTILINE))
    assert documented == {
        name.upper(): str(field.default) for name, field in Settings.model_fields.items()
    }


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"\bonrecord ((?:db )?[a-z][a-z-]*)", PAGES)))
)
def test_every_command_that_is_documented_exists(command: str) -> None:
    assert CliRunner().invoke(cli.app, [*command.split(), "--help"]).exit_code == 0


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", PAGES, re.MULTILINE)))
)
def test_every_make_target_that_is_documented_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
