from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from presskit.send.outbox.store import Outbox
from tests.send.post import new_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """An outbox that was not there before."""
    with closing(new_outbox(tmp_path)) as found:
        yield found
