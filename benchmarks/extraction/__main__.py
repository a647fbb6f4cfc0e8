"""Measures the extractor.

python -m benchmarks.extraction [scores] [rules] [speed] [--corpora FOLDER] [--split dev]
"""

import argparse

from rich.console import Console
from rich.table import Table

from benchmarks.extraction.corpora import SPLITS, folder, scorer, split
from benchmarks.extraction.rules import precision
from benchmarks.extraction.scores import scores
from benchmarks.extraction.speed import growth, pace

PARTS = ("scores", "rules", "speed")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction")
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="all of them if none is named"
    )
    parser.add_argument("--corpora", help="folder of the corpora; or CORPORA in the environment")
    parser.add_argument("--split", action="append", choices=list(SPLITS), help="splits to score")
    parser.add_argument("--draws", type=int, default=1000, help="draws of the bootstrap")
    given = parser.parse_args()
    corpora, console = folder(given.corpora), Console(highlight=False)
    judge, parts = scorer(corpora), given.parts or PARTS
    if "scores" in parts:
        for name in given.split or SPLITS:
            table = Table(name, "value", "95 % interval")
            for each in scores(split(corpora, name), judge, given.draws):
                table.add_row(each.name, f"{each.value:.1f}", f"{each.low:.1f} to {each.high:.1f}")
            console.print(table)
    if "rules" in parts:
        table = Table("rule", "found", "right")
        for rule, (count, share) in precision(split(corpora, "train"), judge).items():
            table.add_row(rule, str(count), f"{share:.3f}")
        console.print(table)
    if "speed" in parts:
        articles = split(corpora, "train")
        rate, length = pace(articles)
        console.print(f"{rate:.0f} articles/s of {length:.0f} characters on one core")
        for name, times in growth(articles[0]["text"]).items():
            console.print(f"{name:14}", *(f"{each:9.1f} ms" for each in times))


if __name__ == "__main__":
    main()
