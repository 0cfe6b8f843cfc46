from __future__ import annotations

import pytest

from presskit.archive.s3.bucket import parse_address
from presskit.errors import BadSettings


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/archive",
        "s3:///archive",
        "s3://UPPER/archive",
        "s3://ab",
        "s3://key:secret@bucket/archive",
        "s3://bucket/../other",
        "s3://bucket/a//b",
        "s3://bucket/archive?version=1",
        "s3://bucket/archive#one",
        "s3://[bucket/archive",
        "/srv/archive",
    ],
)
def test_an_address_that_leads_to_no_bucket_is_refused(url: str) -> None:
    with pytest.raises(BadSettings) as error:
        parse_address(url)
    assert [problem.code for problem in error.value.problems] == ["bucket-address"]
    assert "secret" not in str(error.value)


def test_an_address_names_bucket_and_folder() -> None:
    assert parse_address("s3://office") == ("office", "")
    assert parse_address("s3://office/") == ("office", "")
    assert parse_address("s3://office.example/press/archive/") == ("office.example", "press/archive/")
