"""How often each rule is right: whether people marked as attributed what it found."""

from collections import Counter
from types import ModuleType

from app.ingest.extract.reader import read
from benchmarks.extraction.corpora import Article


def precision(articles: list[Article], scorer: ModuleType) -> dict[str, tuple[int, float]]:
    """Spans found by each rule, and the share of them that overlaps a marked one, one to one."""
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for article in articles:
        text = article["text"]
        marked = sorted(
            {
                scorer.trim(text, *span)
                for each in article["attributions"]
                for span in each["content"]
            }
        )
        found = [
            (scorer.trim(text, *span), each.rule)
            for each in read(text).attributions
            for span in each.content
        ]
        pairs = scorer.greedy(marked, [span for span, _ in found], lambda overlap: overlap > 0)
        total.update(rule for _, rule in found)
        right.update(found[index][1] for _, index in pairs)
    return {rule: (count, right[rule] / count) for rule, count in total.most_common()}
