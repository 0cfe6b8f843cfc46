from __future__ import annotations

from presskit.load.references import AGENCY, Named, unknown
from presskit.load.yaml import Places


def test_what_is_known_is_listed_in_the_same_order_every_time() -> None:
    known = frozenset(("york", "opp", "peel", "london", "durham", "halton", "windsor"))
    (problem,) = unknown(Named("x", "agencies[0]"), AGENCY, known, Places())
    assert problem.fix.endswith("use one of: durham, halton, london, opp, peel, windsor, york.")
