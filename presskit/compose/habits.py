"""What each language does with dashes, signs and spaces, as a table of rules for `typography`.

A rule replaces a piece of text: the group of its pattern, or the whole match where it has none.  Not here:
quotation marks and apostrophes, whose rules need more than a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

NO_BREAK = "\u00a0"
NARROW = "\u202f"  # narrow no-break space


class Rule(NamedTuple):
    """One thing to replace."""

    needs: str  # what a text must contain for the rule to be tried at all
    pattern: str  # regular expression
    replacement: str


def _after(words: str, pattern: str = r"{}") -> str:
    """A condition on the space just read: one of the words, in the pattern, stands before it."""
    return f"(?:{'|'.join(f'(?<={start})' for start in _starts(words, pattern))})"


def _not_after(words: str, pattern: str = r"{}") -> str:
    return "".join(f"(?<!{start})" for start in _starts(words, pattern))


def _starts(words: str, pattern: str) -> Iterable[str]:
    return (rf"\b{pattern} ".replace("{}", re.escape(word)) for word in words.split())


def _not_before(words: str) -> str:
    return rf"(?!(?:{'|'.join(words.split())})\b(?!\.))"


_DASHES = (
    Rule("---", r"(?<!-)---(?!-)", "—"),
    Rule("--", r"(?<!-)--(?!-)", "–"),
    Rule("...", r"(?<!\.)\.\.\.(?!\.)", "…"),
)
"""How typewriters wrote dashes and the ellipsis."""

_BEFORE_CAPITAL = "(?=[A-ZÀ-ÖØ-Þ])"
_BEFORE_DIGIT = r"(?=\d)"
_NUMBER_AND_WORD = (
    r"(?=[^\W\d_])(?<=\d )(?<!\b(?:19|20)\d\d )"  # a year does not hold on to the word after it
    r"(?<!-\d )(?<!-\d\d )(?<!-\d\d\d )"  # nor does a name: COVID-19 infection
)
_NUMBER_AND_SIGN = r"(?=[%$°€£¢‰])(?<=\d )"
_INITIAL = r"(?<=[A-ZÀ-ÖØ-Þ]\. )(?<!\w[A-ZÀ-ÖØ-Þ]\. )"

# --- English ---------------------------------------------------------------------------------------

_MONTHS = "January February March April May June July August September October November December"
_CUT_MONTHS = "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
_RANKS = (
    "Det Insp Sgt Const Cst Cpl Supt Lt Capt Col Maj Gen Brig Adm Cmdr Cmsr Comm Asst Dep Ofc Pte Dr Mr Mrs "
    "Ms Mx Messrs Prof Rev Hon Gov Sen Rep Ald Coun Pres Atty"
)
_REFERENCES = "p pp No Nos s ss c ch art arts fig figs Fig Figs vol vols Vol sec secs Sec para paras"
_OPENERS = _not_before(
    "The This That These Those It Its In On At He She They We You I A An And But For From As If When While "
    "There Their His Her Our Police No Not After Before"
)
_SMALL_WORDS = _not_before(
    "and or of to in on at by for from the a an is was were are has have had will would as with than that "
    "who which when where if but not"
)

_ENGLISH = (
    _BEFORE_CAPITAL + _OPENERS + _after(_RANKS, r"{}\."),  # Det. Insp. Dusto
    _BEFORE_CAPITAL + _after("Dr Mr Mrs Ms Mx"),
    _BEFORE_CAPITAL + _OPENERS + _after("in of at to near from and for the", r"{} (?:St|Mt|Ft)\."),
    _BEFORE_CAPITAL + _OPENERS + r"(?:(?<=^St\. )|(?<=\(St\. ))",  # St. Thomas, and not: Main St. Police
    _BEFORE_CAPITAL
    + _OPENERS
    + _INITIAL  # J. Smith, and not: Plan B. Police
    + _not_after(
        "plan grade type class group option phase vitamin hepatitis exhibit part unit and or", r"{} .\."
    )
    + _not_after("U.S. U.K. U.N. D.C. B.C. N.B. N.S. N.L. N.W. N.Y. P.E.I. L.A. A.M. P.M."),
    _BEFORE_DIGIT + _after(_REFERENCES, r"{}\."),  # p. 4, No. 5
    r"(?=\d\d?\b)" + _after(f"{_MONTHS} {_CUT_MONTHS}"),  # July 30
    r"(?=\d\d?\b)" + _after(_CUT_MONTHS, r"{}\."),  # Sept. 3
    _NUMBER_AND_WORD  # 165 charges, and not: July 30 each year
    + _SMALL_WORDS
    + _not_after(f"{_MONTHS} {_CUT_MONTHS}", r"{}\s\d")
    + _not_after(f"{_MONTHS} {_CUT_MONTHS}", r"{}\s\d\d")
    + _not_after(_CUT_MONTHS, r"{}\.\s\d")
    + _not_after(_CUT_MONTHS, r"{}\.\s\d\d"),
    _NUMBER_AND_SIGN,
)
"""Spaces an English line does not break at.

Why: words a sentence often opens with, and letters that name a thing ("Plan B."), keep the end of a sentence
from being taken for a name.

Source: the page design ("no break inside July 30, 165 charges, Det. Insp. Dusto, before units or after
initials"); Bringhurst, The Elements of Typographic Style, 2.4.6: hard spaces link short numerical
expressions.
"""

# --- French ----------------------------------------------------------------------------------------

_PETITS_MOTS = _not_before(
    "et ou de du des à au aux en par pour sur le la les un une est sont a ont qui que dont où mais dans "
    "avec sans"
)

_FRENCH = (
    _BEFORE_CAPITAL
    + _after("M. MM. Mme Mmes Mlle Mlles Me Mes Dr Dre Drs Pr Pre Mgr")
    + _not_after("M.", r"\w{}"),
    _BEFORE_CAPITAL + _after("sgt sgte Sgt Sgte cap. Cap. lt lte agt agte insp. Insp."),
    _BEFORE_CAPITAL + _INITIAL + _not_after("et ou plan groupe phase annexe type vitamine", r"{} .\."),
    _BEFORE_DIGIT + _after("no nos No Nos n° N° nº Nº nᵒ Nᵒ p. pp. art. al. chap. fig. vol. t."),
    r"(?=\d{3}(?!\d))(?<=\d )(?<!\d{4} )",  # 12 000
    r"(?=\d\d\b)(?<=\d h )",  # 9 h 30
    r"(?=[a-zà-ÿ])(?:(?<=\b1er )|(?<=\b1re ))",  # 1er juillet
    _NUMBER_AND_WORD + _PETITS_MOTS,  # 80 personnes, 30 juillet
    _NUMBER_AND_SIGN,
    r"(?=[:»](?:\W|$))",
    r"(?<=« )",
)
"""Spaces a French line does not break at.

Source: Office québécois de la langue française, Banque de dépannage linguistique, "Espacement avant et après
les signes de ponctuation et les symboles", for Canada; Imprimerie nationale, Lexique des règles
typographiques, for France.  Both put the no-break space (U+00A0) before the colon, inside « »
and before % and $.
"""

_FRENCH_SIGNS = (
    Rule("«", r"«()(?=\S)", NO_BREAK),
    Rule("»", r"(?<=\S)()(?=»)", NO_BREAK),
    Rule("", r"(?<=\d)()(?=[%$€])", NO_BREAK),
    Rule(":", r"(?<=[\w)\]%$’”])()(?=:(?:\s|$))", NO_BREAK),
)
"""The same no-break space where no space was typed at all."""

_QUEBEC_SIGNS = Rule(" ", r"( )(?=[;!?]+(?:\s|$))", "")
"""No space before ; ! ?  Source: Office québécois de la langue française, as above."""

_FRANCE_SIGNS = Rule("", r"(?<=[\w)\]»”’…%$])( ?)(?=[;!?]+(?:\s|$|[»)]))", NARROW)
"""A narrow no-break space before ; ! ?  Source: Imprimerie nationale, as above."""

# --- all -------------------------------------------------------------------------------------------


def _spaces(conditions: Iterable[str]) -> Rule:
    return Rule(" ", f"( )(?:{'|'.join(conditions)})", NO_BREAK)


RULES: dict[str, tuple[Rule, ...]] = {
    "": (*_DASHES, _spaces((_NUMBER_AND_SIGN,))),
    "en": (*_DASHES, _spaces(_ENGLISH)),
    "fr": (*_DASHES, _spaces(_FRENCH), *_FRENCH_SIGNS, _FRANCE_SIGNS),
    "fr-CA": (*_DASHES, _spaces(_FRENCH), *_FRENCH_SIGNS, _QUEBEC_SIGNS),
}
"""The rules by language tag; "" for the languages that have none of their own."""


@lru_cache(maxsize=32)
def rules_of(language: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return the rules for a tag, compiled: the exact one's, else the bare language's, else those of all."""
    rules = RULES.get(language) or RULES.get(language.split("-")[0]) or RULES[""]
    return tuple((needs, re.compile(pattern), replacement) for needs, pattern, replacement in rules)
