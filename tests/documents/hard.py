"""The documents that are hard to set, each named by what is hard about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from presskit.document.nodes import (
    Attachment,
    Block,
    Break,
    Document,
    Figure,
    Head,
    Heading,
    Inline,
    Masthead,
    Notice,
    PageBreak,
    Paragraph,
    Quote,
    Span,
    Subhead,
    Table,
)
from tests.documents.content import ABOUT_IJFS, BODY, PARTNERS, SPEECH, TOWNS
from tests.documents.parts import (
    EASTERN,
    HEAD,
    about,
    agencies,
    contacts,
    emphasis,
    end_mark,
    french,
    headline,
    link,
    listed,
    notice,
    paragraph,
    picture,
    quote,
    section,
    strong,
    under,
    words,
)


def hard() -> dict[str, Document]:
    """Return the hard documents by name."""
    return {
        "everything": _everything(),
        "long_paragraph": _long_paragraph(),
        "five_line_headline": _five_line_headline(),
        "french": _french(),
        "syllabics": _syllabics(),
        "sixty_agencies": _sixty_agencies(),
        "three_ordered_lists": _three_ordered_lists(),
        "long_table": _long_table(),
        "embargo": _embargo(),
        "draft": _draft(),
        "minimal": _minimal(),
        "unbroken": _unbroken(),
        "page_breaks": _page_breaks(),
        "many_quotes": _many_quotes(),
        "long_quote": _long_quote(),
    }


def _document(name: str, *blocks: Block, title: str = "", head: Head = HEAD) -> Document:
    """Return a document with a head of its own; the headline is the title."""
    title = title or f"A release that is hard to set: {name.replace('_', ' ')}"
    head = replace(head, title=title, running_title=title[:60], slug=name.replace("_", "-"), attachments=())
    return Document(head, (notice(), headline(title), *blocks, end_mark()))


def _everything() -> Document:
    mixed = paragraph(
        1,
        "Plain, ",
        strong("strong, ", emphasis("strong and stressed,")),
        " ",
        emphasis("stressed, ", strong("stressed and strong,")),
        " a ",
        link("https://example.org/a?b=1&c=2", "link with an ", emphasis("inner"), " stress"),
        ", an address ",
        link("https://example.org/", "https://example.org/"),
        ", a number ",
        link("tel:+17055551234", "705-555-1234"),
        ", French words ",
        french("«\u00a0tout le ", strong("monde"), "\u00a0»"),
        ", a line end",
        Break(),
        "that is meant, signs <&>\"' and ]]> and </script>, a soft\u00adhyphen and a zero\u200bwidth space.",
    )
    inner = listed("deep.2.list.1.list", "third level", "third level again", ordered=True)
    middle = listed("deep.2.list", under("second level, with a list under it", inner), "second level")
    deep = listed("deep", "first level", under("first level, with a list under it", middle), "the last one")
    alpha = Figure(
        "ramp",
        "body[5]",
        picture("image/png"),
        "A ramp of colours that fades out to the right",
        words("A caption with a ", link("https://example.org/photos", "link"), "."),
        words("Photo: City of Example"),
    )
    bare = Figure("photo", "body[6]", picture("image/jpeg"), "A ramp of colours", (), ())
    numbers = Table(
        "charges",
        "body[7]",
        words("Charges by offence, ", emphasis("all services")),
        (words("Offence"), words("Charges"), words("Share")),
        (
            (words("Luring"), words("12"), words("7\u00a0%")),
            (words("Obtaining for consideration"), words(strong("151")), words("92\u00a0%")),
            (words("Other ", french("(divers)")), words("2"), ()),
        ),
    )
    said = Quote(
        "quote.mayor",
        "quotes[1]",
        (
            words("“The first of two paragraphs opens with a mark."),
            words("“The second one closes with one.”"),
        ),
        words("– ", strong("Mayor Zoë Exemplaire"), ", City of Example"),
    )
    facts = listed("facts.list", "A fact of a few words.", "Another fact, with 12\u00a0figures.")
    in_notes = (
        Paragraph("notes.1", "notes[0]", words("A note.")),
        Heading("notes.2", "notes[1]", 3, words("A heading within the notes")),
        listed("notes.3", "one", "two", ordered=True),
    )
    document = _document(
        "everything",
        Subhead("subhead", "subhead", words("A subhead that says what the headline leaves out")),
        replace(mixed, dateline="(ORILLIA, ON) – "),
        Heading("body.2", "body[1]", 2, words("A heading within the ", emphasis("text"))),
        deep,
        listed("steps", "step one", "step two", ordered=True),
        alpha,
        bare,
        numbers,
        quote("dusto"),
        *(
            replace(agencies(f"agencies.{form}", "body[9]", form, PARTNERS), intro=words(f"As {form}:"))
            for form in ("numbered", "bulleted", "sentence", "columns")
        ),
        PageBreak("body.14", "body[13]"),
        paragraph(15, "What stands after the page break."),
        section("facts", "facts", "QUICK FACTS", (facts,)),
        section("quotes", "quotes", "QUOTES", (said,)),
        about("ijfs", "About THE IJFS", ABOUT_IJFS),
        section("notes", "notes", "NOTES TO EDITORS", in_notes),
        contacts(),
    )
    attachment = Attachment("everything.yaml", "application/yaml", b"headline: everything\n", "The data")
    return replace(document, head=replace(document.head, attachments=(attachment,)))


def _long_paragraph() -> Document:
    parts: list[str | Inline] = []
    for number in range(1, 61):
        parts += [
            f"Sentence {number} of this paragraph goes on for more than a line and comes to ",
            link(f"https://example.org/{number}", f"link number {number}"),
            ", then to words in French, ",
            french("«\u00a0la traite des personnes\u00a0», qu’il faut combattre"),
            f", and ends after {number}\u00a0charges against a few of those who were named in it. ",
        ]
    return _document("long_paragraph", paragraph(1, *parts, "It ends here."))


def _five_line_headline() -> Document:
    title = (
        "Eighty individuals charged with a combined one hundred and sixty-five Criminal Code offences after "
        "eighteen months of co-ordinated, province-wide investigations by eleven partner agencies"
    )
    return _document("five_line_headline", paragraph(1, BODY[3]), title=title)


def _french() -> Document:
    head = replace(
        HEAD,
        language="fr-CA",
        office="Stratégie",
        summary="Voici le début.",
        masthead=Masthead(
            "Stratégie provinciale de lutte contre la traite",
            "COMMUNIQUÉ",
            "30\u00a0juillet 2025",
            "N°\u00a02025-14",
        ),
        page_label="Page {page} de {pages}",
        picture_label="Image",
        place="ORILLIA (Ontario)",
    )
    title = "Traite de personnes\u00a0: 80\u00a0arrestations et 165\u00a0chefs d’accusation en Ontario"
    said = Quote(
        "quote.dusto",
        "quotes[0]",
        (
            words(
                "«\u00a0La traite prospère dans le silence\u202f; ensemble, nous pouvons "
                "l’arrêter\u202f!\u00a0»"
            ),
        ),
        words("– ", strong("Dan\u00a0Dusto"), ", responsable"),
    )
    text = (
        "À l’occasion du 30\u00a0juillet, la Stratégie annonce que 80\u00a0personnes ont été "
        "arrêtées\u00a0; 165\u00a0accusations ont été portées, soit plus de 12\u202f000\u00a0heures "
        "d’enquête. «\u00a0Qui donc en profite\u202f?\u00a0» demande-t-on souvent\u00a0: c’est là toute la "
        "question\u202f! "
    )
    document = _document(
        "french",
        Paragraph("body.1", "body[0]", words(text * 3), "(ORILLIA, Ontario) – "),
        paragraph(2, "Un mot anglais, ", Span("en", words("“trafficking”")), ", au milieu du texte."),
        section("quotes", "quotes", "CITATIONS", (said,)),
        contacts("Renseignements pour les médias"),
        title=title,
        head=head,
    )
    first = replace(notice(), content=words("Pour publication immédiate"))
    return replace(document, blocks=(first, *document.blocks[1:-1], end_mark("–\u00a030\u00a0–")))


def _syllabics() -> Document:
    title = "ᐃᓄᒃᑎᑐᑦ ᖃᐅᔨᒪᔭᐅᔪᖅ: 80 ᐃᓄᐃᑦ ᑎᒍᔭᐅᓯᒪᔪᑦ"
    extended = "ᢰᢱᢲ ᣀᣁ ᣠᣡᣵ"
    document = _document(
        "syllabics",
        paragraph(1, "ᐅᓪᓗᒥ ", strong("ᖃᓪᓗᓈᑎᑐᑦ ᑕᑯᒃᓴᐅᔪᖅ"), " ᐊᒻᒪᓗ ", emphasis(extended), " and plain words."),
        paragraph(2, *[f"ᓄᓇᕗᑦ ᐃᖃᓗᐃᑦ {n} " for n in range(1, 40)], "ᑕᐃᒪ."),
        title=title,
        head=replace(HEAD, language="iu-Cans-CA"),
    )
    return replace(document, head=replace(document.head, running_title=f"ᐃᓄᒃᑎᑐᑦ {extended}"))


def _sixty_agencies() -> Document:
    names = {f"a{n}": f"{town} Police Service" for n, town in enumerate(TOWNS, 1)}
    assert len(names) == 60
    lists = (
        replace(agencies(f"agencies.{form}", "body[0]", form, names), intro=words(f"The agencies, {form}:"))
        for form in ("numbered", "bulleted", "sentence", "columns")
    )
    return _document("sixty_agencies", *lists, about("ijfs", "About THE IJFS", ABOUT_IJFS))


def _three_ordered_lists() -> Document:
    lists = [
        listed(f"list-{n}", *(f"Entry {i} of list {n}" for i in range(1, length + 1)), ordered=True)
        for n, length in enumerate((3, 12, 101), 1)
    ]
    between = [paragraph(n, f"What stands before list {n}:") for n in range(1, 4)]
    return _document("three_ordered_lists", *(b for pair in zip(between, lists, strict=True) for b in pair))


def _long_table() -> Document:
    header = tuple(words(cell) for cell in ("No.", "Agency", "What was found there", "Charges"))
    rows = tuple(
        tuple(
            words(cell)
            for cell in (
                str(n),
                f"{TOWNS[n % 60]} Police Service",
                "Two vehicles, four telephones and a list of names" if n % 3 else "Nothing",
                f"{n * 7 % 90}",
            )
        )
        for n in range(1, 101)
    )
    table = Table("found", "body[1]", words("What was found, by agency"), header, rows)
    return _document("long_table", paragraph(1, "The table:"), table, paragraph(3, "After the table."))


def _embargo() -> Document:
    until = datetime(2025, 7, 30, 9, 0, tzinfo=EASTERN)
    line = "EMBARGOED UNTIL 9\u00a0a.m. EDT, Wednesday, July\u00a030, 2025"
    document = _document("embargo", paragraph(1, BODY[3]), head=replace(HEAD, embargo=until))
    first = Notice("notice", "embargo", "embargo", words(line))
    return replace(document, blocks=(first, *document.blocks[1:]))


def _draft() -> Document:
    above = Notice("draft", "", "draft", words("DRAFT – not approved"))
    why = words(
        "CORRECTION: The number of charges is ", emphasis("165"), ", not 156 as the release of July 29 said."
    )
    corrected = Notice("correction", "correction", "correction", why)
    _, *others = _embargo().blocks
    later = PageBreak("break.1", "body[1]"), paragraph(3, BODY[1])
    *body, last = others
    line = _embargo().blocks[0]
    return replace(_embargo(), blocks=(above, corrected, line, *body, *later, last))


def _minimal() -> Document:
    masthead = replace(HEAD.masthead, reference="")
    head = replace(
        HEAD,
        title="The bridge opens",
        running_title="The bridge opens",
        slug="minimal",
        summary="It opens today.",
        masthead=masthead,
        place="",
    )
    return Document(head, (headline("The bridge opens"), paragraph(1, "It opens today.")))


def _unbroken() -> Document:
    word = "Verkehrsüberwachung" * 20
    without_spaces = "".join(f"word{n}" for n in range(1, 301))
    return _document(
        "unbroken",
        paragraph(1, f"Before it, {word[:300]}, and after it."),
        paragraph(2, without_spaces),
        listed("list", word[:300], "a short one"),
        Table(
            "table", "body[3]", words(word[:80]), (words("One"), words("Two")), ((words(word), words("x")),)
        ),
    )


def _page_breaks() -> Document:
    return _document(
        "page_breaks",
        paragraph(1, BODY[0]),
        PageBreak("body.2", "body[1]"),
        paragraph(3, BODY[1]),
        PageBreak("body.4", "body[3]"),
        PageBreak("body.5", "body[4]"),
        section("quotes", "quotes", "QUOTES", (quote("dusto"),)),
        PageBreak("body.6", "body[5]"),
    )


def _many_quotes() -> Document:
    quotes = [
        quote(f"number-{n}", f"“This is what was said as number {n}. {SPEECH[1:]}") for n in range(1, 16)
    ]
    return _document("many_quotes", paragraph(1, BODY[0]), section("quotes", "quotes", "QUOTES", quotes))


def _long_quote() -> Document:
    speech = tuple(words(SPEECH[:-1] if n < 14 else SPEECH) for n in range(1, 15))
    said = replace(quote("dusto"), speech=speech)
    return _document("long_quote", paragraph(1, BODY[0]), section("quotes", "quotes", "QUOTES", (said,)))
