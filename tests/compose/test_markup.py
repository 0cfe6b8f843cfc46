from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presskit.compose.builder import tidied
from presskit.compose.markup import BadLink, speech, to_xml, words
from presskit.compose.typography import style_for
from presskit.document.nodes import Emphasis, Inline, Link, Span, Strong, Text
from presskit.document.walk import plain

EN, FR = style_for("en-CA"), style_for("fr-CA")


@pytest.mark.parametrize(
    ("typed", "content"),
    [
        ("plain", (Text("plain"),)),
        ("*a* _b_", (Emphasis((Text("a"),)), Text(" _b_"))),
        ("__init__ f(x)=a*b*c *d*", (Text("__init__ f(x)=a*b*c "), Emphasis((Text("d"),)))),
        ("[a](https://c.ca/_d_*e*f)", (Link("https://c.ca/_d_*e*f", (Text("a"),)),)),
        ("**a *b***", (Strong((Text("a "), Emphasis((Text("b"),)))),)),
        (
            "[a *b*](https://c.ca/?e=1&f=2)",
            (Link("https://c.ca/?e=1&f=2", (Text("a "), Emphasis((Text("b"),)))),),
        ),
        ("[m](mailto:a@b.ca)", (Link("mailto:a@b.ca", (Text("m"),)),)),
        ("[t](tel:+1705)", (Link("tel:+1705", (Text("t"),)),)),
        ("[](https://a.ca)", (Link("https://a.ca", (Text("https://a.ca"),)),)),
        (r"\*not\* \[so\] a_b_c 5 * 3", (Text("*not* [so] a_b_c 5 * 3"),)),
        ("<b>a</b> &amp; # h `c` ![x] <https://a.ca>", (Text("<b>a</b> &amp; # h `c` ![x] <https://a.ca>"),)),
        ("*a* <b>&lt;</b>", (Emphasis((Text("a"),)), Text(" <b>&lt;</b>"))),
        ("  two\n\tlines  ", (Text("two lines"),)),
        ('He said "*stop*"', (Text("He said “"), Emphasis((Text("stop"),)), Text("”"))),
        ("**July** 30", (Strong((Text("July"),)), Text("\u00a030"))),
    ],
)
def test_stress_and_links_become_inlines_and_all_else_stays_text(
    typed: str, content: tuple[Inline, ...]
) -> None:
    assert words(typed, EN) == content


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "file:///etc"),
        *("/page", "page", "https://", "tel:x", "http:a", "mailto:"),
    ],
)
def test_a_link_that_no_format_may_carry_is_refused(link: str) -> None:
    with pytest.raises(BadLink, match="link to"):
        words(f"[words]({link})", EN)


def test_a_title_of_a_link_is_refused_since_it_would_be_lost() -> None:
    with pytest.raises(BadLink, match="“hidden words”"):
        words('[words](https://a.ca "hidden words")', EN)


def test_speech_stands_in_the_marks_of_the_text_around_it() -> None:
    assert speech(["*Never*, said I.", 'I said "no".'], EN, EN) == (
        (Text("“"), Emphasis((Text("Never"),)), Text(", said I.")),
        (Text("“I said ‘no’.”"),),
    )
    assert speech(["Non."], FR, EN) == ((Text("“"), Span("fr-CA", (Text("Non."),)), Text("”")),)


@given(st.text(st.sampled_from("ab \\*_[]()<>&\"'!`#~\n") | st.characters(codec="utf-8"), max_size=60))
@example("*a **b* c**")
@example("[a](b)")
@example("[a](https://b.ca)*c*")
def test_no_word_of_any_text_is_lost(text: str) -> None:
    def letters(of: str) -> list[str]:
        return [character for character in of if character.isalnum()]

    try:
        content = words(text, EN)
    except BadLink:
        assert "](" in text
        return
    if any(isinstance(inline, Link) for inline in content):
        typed = iter(letters(text))
        assert all(letter in typed for letter in letters(plain(content)))
    else:
        assert letters(plain(content)) == letters(text)


@given(st.text(max_size=80))
def test_the_xml_of_inlines_holds_no_element_of_the_text(text: str) -> None:
    xml = str(
        to_xml((Text(text), Strong((Text(text),)), Link(text, (Text(text),)), Span(text, (Text(text),))))
    )
    assert re.findall(r"<[^>]*?[ >]", xml) == [
        "<strong>",
        "</strong>",
        "<link ",
        "</link>",
        "<span ",
        "</span>",
    ]


@pytest.mark.parametrize(
    ("content", "tidy"),
    [
        ([Text(" a  b\n")], [Text("a b")]),
        ([Text(" \n ")], []),
        ([Text("a "), Strong((Text(" b "),)), Text(" c")], [Text("a "), Strong((Text("b "),)), Text("c")]),
        ([Text("a"), Strong((Text(" "),))], [Text("a")]),
        ([Emphasis((Strong((Text(" a "),)),)), Text(" ")], [Emphasis((Strong((Text("a"),)),))]),
        ([Text("a"), Text("\u00a0"), Text("b")], [Text("a\u00a0b")]),
        ([Text("a "), Link("u", (Text(" b"), Text(" ")))], [Text("a "), Link("u", (Text("b"),))]),
        ([Span("fr", (Text(" a"),)), Text("  ")], [Span("fr", (Text("a"),))]),
    ],
)
def test_blanks_between_words_are_single_wherever_elements_begin(
    content: list[Inline], tidy: list[Inline]
) -> None:
    assert tidied(content) == tidy


@pytest.mark.parametrize("unit", ["[", "*a", "[a](", "_a*", "**", "\\", "*a **b "])
def test_the_longest_paragraph_is_parsed_whatever_it_holds(unit: str) -> None:
    text = unit * (49_000 // len(unit))  # a parser that starts over at each sign would need hours
    assert plain(words(text, EN)).count("a") == text.count("a")
