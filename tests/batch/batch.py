"""A batch as a process of its own: tells how many articles it read whose fate is known."""

import sys

from app.db import Database
from app.ingest.batch.orders import Orders
from app.ingest.batch.run import Summary, run
from app.ingest.batch.workers import Extractor
from app.settings import Settings
from tests.batch.press import METHOD, articles, extract


def told(summary: Summary) -> None:
    print(summary.stored, flush=True)  # noqa: T201 - for the test that started it


if __name__ == "__main__":
    orders = Orders(Extractor(METHOD, extract), "test", workers=2)
    run(Database(Settings()), articles(int(sys.argv[1])), orders, told=told)
