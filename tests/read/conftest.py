"""What tests of reading take: a site on loopback."""

from collections.abc import Iterator

import pytest

from tests.read.support import Site
from tests.read.support import site as serving


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that answers 404 until it is told more."""
    with serving() as served:
        yield served
