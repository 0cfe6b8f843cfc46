from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presskit.compose import TEMPLATE, compose
from presskit.document import nodes
from presskit.document.walk import blocks, words
from presskit.errors import BadSettings, Problem
from tests.compose.drafts import draft, everything, pack, with_templates

FOLDER = "templates/news-release/"


def found(templates: Mapping[str, str], **fields: object) -> tuple[Problem, ...]:
    with pytest.raises(BadSettings) as raised:
        compose(draft(fields), with_templates(templates))
    return raised.value.problems


def found_in_document(source: str) -> list[tuple[str, str]]:
    """Place in the document's template and code of each problem."""
    return [(str(p.place).removeprefix(f"{FOLDER}{TEMPLATE}"), p.code) for p in found({TEMPLATE: source})]


P = 'id="p" field="body[0]"'


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        # the template can not be read
        ("<document>\n{% for x in %}\n</document>", "template-syntax", 2),
        ("<document>\n{% endfo %}\n</document>", "template-syntax", 2),
        ("<document>\n{{ release.headline", "template-syntax", 2),
        ("<document>\n{{ release.headline|urlize }}</document>", "template-forbidden", 2),
        ("<document>\n{{ release.headline.content|safe }}</document>", "template-forbidden", 2),
        ("<document>\n{% autoescape false %}x{% endautoescape %}</document>", "template-syntax", 2),
        # it names what is not there
        ("<document>\n\n{{ release.headlin }}</document>", "template-field", 3),
        ("<document>\n{{ relase.headline }}</document>", "template-field", 2),
        ("<document>\n{{ wording.qotes }}</document>", "template-field", 2),
        ("<document>\n{% if release.x %}{% endif %}</document>", "template-field", 2),
        ('<document>\n{% include "parts/qoute.xml.j2" %}</document>', "template-missing", 2),
        # it does what it may not
        ("<document>\n{{ release.__class__ }}</document>", "template-forbidden", 2),
        ("<document>\n{{ release.language.upper() }}</document>", "template-forbidden", 2),
        ('<document>\n{{ "%999999999d".format(1) }}</document>', "template-forbidden", 2),
        ('<document>\n{{ "a" * 999999999 }}</document>', "template-forbidden", 2),
        ('<document>\n{{ "%0999999999d" % 1 }}</document>', "template-forbidden", 2),
        ("<document>\n{{ 9 ** 999999999 }}</document>", "template-forbidden", 2),
        # it fails
        ("<document>\n{{ 1 / 0 }}</document>", "template-failed", 2),
        ("<document>\n{{ release.body }}</document>", "template-failed", 2),
        ("<document>\n{{ release }}</document>", "template-failed", 2),
        ("<document>\n{% for x in 5 %}{% endfor %}</document>", "template-failed", 2),
        # elements
        (f"<document>\n<paragraf {P}>x</paragraf></document>", "template-element", 2),
        (
            f"<document>\n<section {P} kind='facts'><section {P} kind='facts'/></section></document>",
            "template-nesting",
            2,
        ),
        (f"<document>\n<paragraph {P}>\n<quote {P}/></paragraph></document>", "template-nesting", 3),
        (f"<document>\n<paragraph {P}>x</paragraph>\n<paragraph {P}>y</paragraph></document>", "id-twice", 3),
        ("<document>\n<paragraph id='p'>x</paragraph></document>", "template-attribute", 2),
        (f"<document>\n<paragraph {P} colour='red'>x</paragraph></document>", "template-attribute", 2),
        ("<document>\n<paragraph id='P 1' field='x'>x</paragraph></document>", "template-attribute", 2),
        (f"<document>\n<heading {P} level='1'>x</heading></document>", "template-attribute", 2),
        (f"<document>\n<figure {P} photo='no.png' alt='x'/></document>", "template-attribute", 2),
        (f"<document>\n<paragraph {P}> </paragraph></document>", "template-incomplete", 2),
        (f"<document>\n<quote {P}><speech>x</speech></quote></document>", "template-incomplete", 2),
        (
            f"<document>\n<agency-list {P} form='sentence'><item id='i' field='f'>x</item></agency-list>"
            "</document>",
            "template-incomplete",
            2,
        ),
        (
            f"<document>\n<section {P} kind='facts'><paragraph id='q' field='f'>x</paragraph>"
            "<heading id='h' field='f' level='2'>x</heading></section></document>",
            "template-nesting",
            2,
        ),
        (
            f"<document>\n<table {P}><header><cell>a</cell></header>"
            "<row><cell>b</cell><cell>c</cell></row></table></document>",
            "template-incomplete",
            2,
        ),
        (
            f"<document><quote {P}>\n<attribution>a</attribution>\n<attribution>b</attribution></quote>"
            "</document>",
            "template-nesting",
            3,
        ),
        ("<document>\nloose words</document>", "template-words", 1),
        # XML
        ("<document>\n<paragraph id='p'", "template-xml", 2),
        (f"<document>\n<paragraph {P}>x</document>", "template-xml", 2),
        (f"<document>\n<paragraph {P}>&nbsp;</paragraph></document>", "template-xml", 2),
        (f"<document>\n<paragraph {P} id='q'>x</paragraph></document>", "template-xml", 1),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>\n<document>&a;</document>", "template-xml", 0),
        ("", "template-xml", 0),
        ('<document>\n{{ "\\ud800" }}</document>', "template-xml", 1),
        ("no element at all", "template-xml", 0),
    ],
)
def test_a_mistake_in_a_template_is_reported_with_its_file_and_line(
    source: str, code: str, line: int
) -> None:
    problems = found_in_document(source)
    assert (f":{line}" if line else "", code) in problems


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "{{ release.quotes[0].spekaer }}",
            "“spekaer” is not a field of Quote, which has id, field, speech, name,",
        ),
        ("{{ wording.qotes }}", "“qotes” is not a label of the wording, which has attribution_comma,"),
        ("{{ relase }}", "“relase” is not known here."),
        (f"<paragraf {P}/>", "fix: did you mean <paragraph>?"),
        (f"<paragraph {P}>a <em>x</em></paragraph>", "fix: did you mean <emphasis>?"),
        ("{% include 'parts/qoute.xml.j2' %}", "fix: did you mean “parts/quote.xml.j2”?"),
        (
            f"<paragraph {P}>a <marquee>x</marquee></paragraph>",
            "write one of <break>, <emphasis>, <link>, <span>, <strong>.",
        ),
        ("{{ release.body }}", "this prints a whole tuple; print one of its fields."),
        (f"<paragraph {P}>&nbsp;</paragraph>", "or its number: &#160; for a no-break space."),
        (f"<paragraph {P}>x", "<paragraph> opens here, and </document> comes before its end."),
        (
            "{{ release.headline.content|safe }}",
            "fix: the filters there are: default, length, lower, trim, upper.",
        ),
    ],
)
def test_a_message_says_what_is_there_and_what_was_probably_meant(source: str, said: str) -> None:
    quotes = [{"id": "roy", "speaker": "roy", "words": "Yes."}]
    (problem,) = found({TEMPLATE: f"<document>{source}</document>"}, quotes=quotes)
    assert said in str(problem)


def test_a_mistake_in_a_part_is_reported_in_the_part() -> None:
    quotes = [{"id": "roy", "speaker": "roy", "words": "Yes."}]
    part = {"parts/quote.xml.j2": '{# A quote #}\n<quote id="a" field="b">\n<speach>x</speach></quote>'}
    problems = found(part, quotes=quotes)
    assert [(str(p.place), p.code) for p in problems] == [
        (f"{FOLDER}parts/quote.xml.j2:2", "template-incomplete"),
        (f"{FOLDER}parts/quote.xml.j2:3", "template-element"),
    ]
    broken = {"parts/quote.xml.j2": "\n\n{{ block.nothing }}"}
    assert str(found(broken, quotes=quotes)[0].place) == f"{FOLDER}parts/quote.xml.j2:3"


def test_an_id_that_stands_twice_names_both_places() -> None:
    again = (
        pack("en-CA")
        .templates[TEMPLATE]
        .replace("</document>", '\n{% include "parts/notice.xml.j2" %}</document>')
    )
    (problem,) = found({TEMPLATE: again})
    assert str(problem.place) == f"{FOLDER}parts/notice.xml.j2:2"
    assert f"that of <notice> in {FOLDER}parts/notice.xml.j2:2 already" in problem.what


def test_what_stands_in_an_element_nobody_knows_is_not_looked_at() -> None:
    inner = f"<a><b/><c>x</c>y</a><paragraph {P}>z</paragraph>"
    assert found_in_document(f"<document>\n{inner}</document>") == [(":2", "template-element")]


def test_elements_do_not_stand_endlessly_deep_in_each_other() -> None:
    deep = "<strong>" * 50 + "x" + "</strong>" * 50
    assert compose(
        draft({}), with_templates({TEMPLATE: f"<document><paragraph {P}>{deep}</paragraph></document>"})
    )
    deep = "<strong>" * 70 + "x" + "</strong>" * 70
    problems = found_in_document(f"<document><paragraph {P}>{deep}</paragraph></document>")
    assert problems == [(":1", "template-nesting")]


def test_all_wrong_elements_of_a_document_are_reported_together() -> None:
    source = f"<document>\n<a/>\n<paragraph {P} x='1'>x</paragraph>\n<quote id='q' field='f'/>\n</document>"
    assert found_in_document(source) == [
        (":2", "template-element"),
        (":3", "template-attribute"),
        (":4", "template-incomplete"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) if false %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}xxxxxxxxxxxxxx{% endfor %}{% endfor %}",
        "{% for a in range(99999999999) %}{% endfor %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(24) }}",
        "{% include 'documents/news-release.xml.j2' %}",
        "{% block b %}{{ self.b() }}{% endblock %}",
        "{% extends 'documents/news-release.xml.j2' %}",
        "{% set n = namespace(t='xxxxxxxx') %}{% for a in range(80) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
        "{% set n = namespace(t='xxxxxxxxxx') %}{% for a in range(80) %}"
        "{% set n.t %}{{ n.t }}{{ n.t }}{% endset %}{% endfor %}",
        "{% set n = namespace(t=99) %}{% for a in range(80) %}{% set n.t = n.t * n.t %}{% endfor %}",
        "{% for a in range(99999) %}{% if a in range(99999)|list %}{% endif %}{% endfor %}",
        "{% for a in range(99999) %}{% if a in range(1, 99999) %}{% endif %}{% endfor %}",
        "{% for a in [1] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{% for a in [60] recursive %}{% if a %}{{ loop([a - 1, a - 1]) }}{% endif %}{% endfor %}",
    ],
)
def test_a_template_that_does_not_end_is_stopped(source: str) -> None:
    problems = found({TEMPLATE: f"<document>\n{source}\n</document>"})
    assert [p.code for p in problems] in (["template-runaway"], ["template-forbidden"])
    assert ("forbidden" in problems[0].code) == ("|list" in source)


def test_a_search_in_a_long_list_is_paid_for_too() -> None:
    body = ["A.", {"list": [f"Entry {n}" for n in range(10_000)]}]
    search = "{% for a in range(99999) %}{% if a in release.body[1].items %}{% endif %}{% endfor %}"
    (problem,) = found({TEMPLATE: f"<document>{search}</document>"}, body=body)
    assert problem.code == "template-runaway"


def test_the_longest_list_a_release_can_have_is_printed() -> None:
    release = {"body": ["A.", {"list": [f"Entry {n} of a long list" for n in range(10_000)]}]}
    printed = words(compose(draft(release), pack("en-CA")))
    assert printed.count("Entry 9999 of a long list") == 1


def test_a_template_can_be_rewritten_with_what_it_needs() -> None:
    source = """<document>
    {% macro line(text) %}<line>{{ text }}</line>{% endmacro %}
    {% set shown = namespace(count=0) %}
    <headline id="h" field="headline">{{ release.headline.content|upper }}</headline>
    {% for block in release.body if block.content is defined %}
      {% set shown.count = shown.count + 1 %}
      <paragraph id="x.{{ loop.index }}" field="{{ block.field }}">
        {{ loop.index ~ ". " ~ block.content }}
      </paragraph>
    {% endfor %}
    <contact id="c" field="contacts">{{ line("%d" if false else "Blocks: ") }}{{ line(shown.count) }}
    {{ line(release.subhead|default("none")|lower) if false else line(wording.quotes|lower|trim) }}</contact>
    </document>"""
    release = {
        "headline": "A *new* bridge & more",
        "body": ["One.", {"heading": "Two"}, {"page_break": "yes"}],
    }
    document = compose(draft(release), with_templates({TEMPLATE: source}))
    assert words(document)[3:] == ["A NEW BRIDGE & MORE", "1. One.", "2. Two", "Blocks:", "2", "quotes"]


def test_a_document_may_extend_another() -> None:
    base = (
        "<document>{% block text %}<headline id='h' field='headline'>base</headline>{% endblock %}</document>"
    )
    source = "{% extends 'documents/base.xml.j2' %}{% block text %}{{ super() }}" + (
        "<subhead id='s' field='subhead'>more</subhead>{% endblock %}"
    )
    document = compose(draft({}), with_templates({TEMPLATE: source, "documents/base.xml.j2": base}))
    assert words(document)[3:] == ["base", "more"]


def test_blanks_and_line_ends_of_a_template_are_not_printed_but_no_break_spaces_are() -> None:
    inner = "\n  a\u00a0b <strong> c\n d </strong> e <break/> f\u00a0"
    source = f"<document><paragraph {P}>{inner}</paragraph></document>"
    (block,) = compose(draft({}), with_templates({TEMPLATE: source})).blocks
    assert isinstance(block, nodes.Paragraph)
    assert block.content == (
        nodes.Text("a\u00a0b "),
        nodes.Strong((nodes.Text("c d "),)),
        nodes.Text("e"),
        nodes.Break(),
        nodes.Text("f\u00a0"),
    )


def test_elements_for_words_that_hold_none_leave_nothing_behind() -> None:
    inner = "<strong> </strong><emphasis/><span language='fr'></span>x<emphasis> </emphasis>"
    source = f"<document><paragraph {P}>{inner}</paragraph></document>"
    (block,) = compose(draft({}), with_templates({TEMPLATE: source})).blocks
    assert isinstance(block, nodes.Paragraph)
    assert block.content == (nodes.Text("x"),)


WILD = st.text(
    st.sampled_from("<>&\"'{}%#/=! ab\n")
    | st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() and "[" not in text and "]" not in text and "\n" not in text.strip())


@settings(max_examples=150)
@given(WILD, WILD, WILD)
def test_no_data_can_add_a_block_or_an_element(one: str, two: str, three: str) -> None:
    def shape(a: str, b: str, c: str) -> list[tuple[str, str]]:
        release = {
            "headline": a,
            "subhead": b,
            "dateline": c,
            "body": [
                a,
                {"heading": b},
                {"list": [c, {"text": a, "items": [b]}]},
                {"agencies": ["opp"], "intro": a},
                {"photo": "pont.png", "alt": a, "caption": b, "credit": c},
                {"table": a, "header": [b, c], "rows": [[a, b]]},
            ],
            "quotes": [{"id": "roy", "speaker": "roy", "words": [a, b]}],
            "facts": [c],
        }
        return [(type(block).__name__, block.id) for block in blocks(compose(draft(release), pack("en-CA")))]

    assert shape(one, two, three) == shape("a", "b", "c")


def test_hostile_words_are_printed_as_they_were_typed() -> None:
    hostile = "</paragraph><headline id=x>{{ 7*7 }}{% raw %} &lt;b&gt; <! ]]> <script>alert(1)</script>"
    assert hostile in words(compose(draft({"body": [hostile]}), pack("en-CA")))


def test_two_threads_do_not_spend_each_others_budget() -> None:
    loops = "{% for a in range(99999) %}{% for b in range(999) %}{% endfor %}{% endfor %}"
    endless = with_templates({TEMPLATE: f"<document>{loops}</document>"})
    stopped: list[str] = []

    def run() -> None:
        try:
            compose(draft({}), endless)
        except BadSettings as error:
            stopped.append(error.problems[0].code)

    thread = threading.Thread(target=run)
    thread.start()
    for _ in range(20):
        assert words(compose(everything(), pack("fr-CA")))
    thread.join()
    assert stopped == ["template-runaway"]
