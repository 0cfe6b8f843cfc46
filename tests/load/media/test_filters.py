from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.errors import Place, WrongUsage
from presskit.load.media import read_filter
from presskit.load.media.filters import LIMIT_CHARACTERS, LIMIT_DEPTH
from presskit.model.media import Address, Recipient, Wish


def recipient(
    email: str = "jane@star.example",
    *,
    outlet: str = "",
    reporter: str = "",
    language: str = "",
    region: str = "",
    beat: tuple[str, ...] = (),
    accepts_embargo: bool = False,
    wishes: tuple[Wish, ...] | None = None,
    consent: str = "",
) -> Recipient:
    address = Address(email, email, email)
    place = Place("data/media-lists/ontario.csv", 2)
    return Recipient(
        address, "ontario", place, reporter, outlet, language, region, beat, accepts_embargo, wishes, consent
    )


JANE = recipient(
    outlet="The Star",
    reporter="Jane Doe",
    language="en-CA",
    region="East",
    beat=("Crime", "courts"),
    accepts_embargo=True,
    wishes=("pdf", "docx"),
    consent="published address",
)
NORD = recipient(
    "r@nord.example", outlet="Radio du Nord-Été", language="fr-CA", region="North", beat=("sports",)
)
DESK = recipient("desk@wire.example", outlet="Wire", language="fr")

EVERYBODY = {"jane": JANE, "nord": NORD, "desk": DESK}


def found(condition: str) -> set[str]:
    test = read_filter(condition)
    return {name for name, one in EVERYBODY.items() if test(one)}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("reporter = o'neil or beat = 'crime", set()),
        ("language = fr", {"nord", "desk"}),
        ("language = FR_ca", {"nord"}),
        ("language = French", {"nord", "desk"}),
        ("language != fr", {"jane"}),
        ('language = ""', set()),
        ("beat = crime", {"jane"}),
        ("beat = COURTS", {"jane"}),
        ("beat != crime", {"nord", "desk"}),
        ('beat = ""', {"desk"}),
        ("beat ~ port", {"nord"}),
        ("region != North", {"jane", "desk"}),
        ("outlet ~ ete", {"nord"}),
        ('outlet = "the star"', {"jane"}),
        ("outlet = “The Star”", {"jane"}),
        ("outlet = 'Radio du Nord-Ete'", {"nord"}),
        ("outlet = radio", set()),
        ("accepts_embargo", {"jane"}),
        ("not accepts_embargo", {"nord", "desk"}),
        ("accepts_embargo = no", {"nord", "desk"}),
        ("accepts_embargo != no", {"jane"}),
        ("embargo and language = en", {"jane"}),
        ("email ~ @star.example", {"jane"}),
        ("e-mail = JANE@star.example", {"jane"}),
        ("domain = nord.example or domain = wire.example", {"nord", "desk"}),
        ("formats = docx", {"jane"}),
        ("list = ontario", {"jane", "nord", "desk"}),
        ("consent = ''", {"nord", "desk"}),
        ("reporter ~ 'doe'", {"jane"}),
        ("language = fr and (beat = crime or region != North) and not outlet ~ radio", {"desk"}),
        ("beat = crime or language = fr and region = North", {"jane", "nord"}),
        ("(beat = crime or language = fr) and region = North", {"nord"}),
        ("not beat = crime and not beat = sports", {"desk"}),
        ("not (beat = crime or beat = sports)", {"desk"}),
        ("not not accepts_embargo", {"jane"}),
        ("NOT region=North AND language=fr", {"desk"}),
        ('outlet != "and"', {"jane", "nord", "desk"}),
    ],
)
def test_a_condition_finds_whom_it_says(condition: str, names: set[str]) -> None:
    assert found(condition) == names


@pytest.mark.parametrize(
    ("condition", "column", "what", "fix"),
    [
        ("", 1, "here a field is missing.", "use one of: list, outlet"),
        ("langage = fr", 1, "there is no field “langage”.", "did you mean “language”?"),
        ("outlet = a and regoin = b", 16, "there is no field “regoin”.", "did you mean “region”?"),
        ("language", 9, "what language has to be is missing.", "write, for example  language = fr"),
        ("language =", 11, "the value after = is missing.", 'nothing at all is ""'),
        ("language = (", 12, "the value after = is missing.", 'nothing at all is ""'),
        ("region = New Brunswick", 14, "nothing can follow here, but “Brunswick” does.", "quotation marks"),
        ("beat = crime)", 13, "nothing can follow here, but “)” does.", "open it before, or delete it."),
        ("(beat = crime", 14, "here the parenthesis should be closed", "from character 1 on ends."),
        ("language = f", 12, "“f” is not a language tag.", "write it as en"),
        ('beat = "crime', 8, '“"” can not stand here.', "close the quotation mark."),
        ("beat ! crime", 6, "“!” can not stand here.", "write = or != or ~"),
        ("beat == crime", 7, "the value after = is missing.", 'nothing at all is ""'),
        ("accepts_embargo ~ yes", 19, "accepts_embargo holds no words.", "alone"),
        ("accepts_embargo = maybe", 19, "“maybe” is neither yes nor no.", "write yes or no."),
        ("formats = word", 11, "there is no format “word”.", "one of: pdf"),
        ("and", 1, "there is no field “and”.", "one of: list"),
        ("beat = crime or", 16, "here a field is missing.", "use one of"),
        ('"beat" = crime', 1, "there is no field “beat”.", "did you mean “beat”?"),
        ("not " * (LIMIT_DEPTH + 1) + "embargo", 4 * LIMIT_DEPTH + 1, "nested too deeply", "divide it"),
        ("(" * 900 + "embargo" + ")" * 900, LIMIT_DEPTH + 1, "nested too deeply", "divide it"),
        ("x" * (LIMIT_CHARACTERS + 1), 1, "2,001 characters; 2,000 are the most.", "shorten it."),
    ],
)
def test_what_is_no_condition_is_told_with_the_place(
    condition: str, column: int, what: str, fix: str
) -> None:
    with pytest.raises(WrongUsage) as caught:
        read_filter(condition)
    [problem] = caught.value.problems
    assert problem.code == "filter-wrong"
    assert (problem.place.file, problem.place.line, problem.place.column) == ("--where", 1, column)
    assert what in problem.what
    assert fix in problem.fix


PIECES = [
    "language",
    "beat",
    "embargo",
    "=",
    "!=",
    "~",
    "(",
    ")",
    "and",
    "or",
    "not",
    "fr",
    '"a b"',
    "'",
    "“",
    "\x00",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25).map(" ".join))
def test_any_words_are_a_condition_or_told_with_a_place(text: str) -> None:
    try:
        test = read_filter(text)
    except WrongUsage as error:
        [problem] = error.problems
        assert 1 <= problem.place.column <= len(text) + 1
        return
    assert test(JANE) in (True, False)


TESTS = st.sampled_from(["language = fr", "beat = crime", "region != North", "accepts_embargo", "outlet ~ r"])
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} and {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} or {two[1]})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=12,
)


@given(CONDITIONS)
def test_a_condition_means_what_python_means_by_it(condition: str) -> None:
    for one in EVERYBODY.values():
        spelled = condition
        for test in ("language = fr", "beat = crime", "region != North", "accepts_embargo", "outlet ~ r"):
            spelled = spelled.replace(test, str(read_filter(test)(one)))
        assert read_filter(condition)(one) is eval(spelled)
