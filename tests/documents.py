"""Documents made of nodes by hand: the seed release, and the ones that are hard to set.

`seed` says what data/releases/ijfs-world-day says; `hard` names its documents by what is hard about them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import Image as Pillow
from ruamel.yaml import YAML

from presskit.document import nodes
from presskit.document.nodes import (
    AgencyList,
    Attachment,
    Block,
    Break,
    Contact,
    Document,
    Emphasis,
    EndMark,
    Figure,
    Head,
    Heading,
    Headline,
    Image,
    Inline,
    Item,
    Link,
    Masthead,
    Notice,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    Span,
    Strong,
    Subhead,
    Table,
    Text,
)
from presskit.model.theme import Theme

PACK = Path(__file__).parent.parent / "templates" / "news-release"
EASTERN = timezone(timedelta(hours=-4))
HEADLINE = (
    "80\u00a0individuals charged with a combined 165\u00a0Criminal Code offences "
    "in proactive investigations across Ontario"
)
PARTNERS = {
    "durham": "Durham Regional Police Service",
    "sudbury": "Greater Sudbury Police Service",
    "halton": "Halton Regional Police Service",
    "london": "London Police Service",
    "niagara": "Niagara Regional Police Service",
    "opp": "Ontario Provincial Police",
    "peel": "Peel Regional Police",
    "peterborough": "Peterborough Police Service",
    "toronto": "Toronto Police Service",
    "windsor": "Windsor Police Service",
    "york": "York Regional Police",
}
MEMBERS = {
    "anishinabek": "Anishinabek Police Services",
    "akwesasne": "Akwesasne Mohawk Police Service",
    "barrie": "Barrie Police Service",
    "durham": "Durham Regional Police Service",
    "sudbury": "Greater Sudbury Police Service",
    "halton": "Halton Regional Police Service",
    "hamilton": "Hamilton Police Service",
    "kingston": "Kingston Police",
    "london": "London Police Service",
    "niagara": "Niagara Regional Police Service",
    "opp": "Ontario Provincial Police",
    "ottawa": "Ottawa Police Service",
    "peel": "Peel Regional Police",
    "peterborough": "Peterborough Police Service",
    "six-nations": "Six Nations Police Service",
    "thunder-bay": "Thunder Bay Police Service",
    "treaty-three": "Treaty Three Police Service",
    "toronto": "Toronto Police Service",
    "windsor": "Windsor Police Service",
    "york": "York Regional Police",
}
TOWNS = (
    "Arnprior", "Aylmer", "Barrie", "Belleville", "Brantford", "Brockville", "Chatham", "Cobourg",
    "Cornwall", "Deep\u00a0River", "Dryden", "Durham", "Espanola", "Gananoque", "Guelph", "Halton",
    "Hamilton", "Hanover", "Kawartha\u00a0Lakes", "Kenora", "Kingston", "LaSalle", "London",
    "Midland", "Napanee", "Niagara", "North\u00a0Bay", "Orangeville", "Orillia", "Oshawa", "Ottawa",
    "Owen\u00a0Sound", "Parry\u00a0Sound", "Peel", "Pembroke", "Perth", "Peterborough",
    "Port\u00a0Hope", "Renfrew", "Sarnia", "Saugeen\u00a0Shores", "Sault\u00a0Ste.\u00a0Marie",
    "Shelburne", "Smiths\u00a0Falls", "St.\u00a0Thomas", "Stirling\u00a0Rawdon", "Stratford",
    "Strathroy\u00a0Caradoc", "Sudbury", "Thorold", "Thunder\u00a0Bay", "Tillsonburg", "Timmins",
    "Toronto", "Trenton", "Waterloo", "West\u00a0Grey", "Windsor", "Wingham", "York",
)  # fmt: skip
SPEECH = (
    "“Human trafficking is a complex and persistent threat that thrives in silence. It is a crime that requires "
    "us to address traffickers as well as those who fuel demand for exploited persons. We are committed to "
    "working with our partners to dismantle trafficking networks, hold offenders accountable and support "
    "survivors. We urge the public to stay alert, report suspicious activity, and support efforts to end "
    "trafficking. Together, we can create safer communities.”"
)
BODY = (
    "In recognition of World Day Against Trafficking in Persons on July\u00a030, the Provincial Human Trafficking "
    "Intelligence-Led Joint Forces Strategy (IJFS) is announcing significant enforcement results from a series "
    "of proactive investigations conducted across Ontario.",
    "Over the past 18\u00a0months, IJFS-participating police services have undertaken coordinated operations in "
    "communities throughout Ontario, targeting those seeking to purchase sexual services from young people. "
    "These initiatives were carried out with the goal of reducing the demand for the commercial sexual "
    "exploitation of young persons.",
    "The operations focused on identifying and arresting individuals who attempted to obtain sexual services "
    "from persons under\u00a018, or from individuals who are coerced, trafficked, or otherwise exploited. Police "
    "officers posed as vulnerable youth to disrupt illegal activity and deter demand for exploitative sex work.",
    "As a result of these investigations, 80\u00a0individuals were arrested and charged with a combined "
    "165\u00a0Criminal Code offences.",
    "Human trafficking is a serious criminal offence involving the exploitation of individuals through force, "
    "fraud, threats, or manipulation for financial gain. Victims are often subjected to forced labour or "
    "commercial sexual exploitation and are deprived of their freedom and dignity. This crime represents a "
    "serious violation of human rights, as traffickers treat vulnerable individuals as commodities to be bought, "
    "sold and controlled.",
    "The success of this province-wide initiative underscores the critical importance of inter-agency "
    "collaboration in identifying offenders, protecting those at risk, and holding traffickers and exploiters "
    "accountable.",
)
ABOUT_IJFS = (
    "On March\u00a06, 2020, the Government of Ontario announced funding to establish the IJFS, consisting of "
    "full-time investigators and analysts who are assigned to participating police agencies across Ontario, "
    "including municipal and First Nations, along with additional resources to the OPP. The IJFS assists in "
    "identifying, investigating and disrupting multi-jurisdictional human trafficking organizations operating "
    "within Ontario."
)
ABOUT_DAY = (
    "The World Day Against Trafficking in Persons is observed on July\u00a030 each year and was proclaimed by the "
    "United Nations general assembly as a day necessary to raise awareness of the situation of victims of human "
    "trafficking and for the promotion and protection of their rights."
)


@cache
def theme() -> Theme:
    """Return the look of the news-release pack; always the same object, since themes compare by identity."""
    values = YAML(typ="base", pure=True).load((PACK / "theme.yaml").read_text("utf-8"))
    bare = Theme.model_validate(values)
    named = [bare.press.profile, bare.screen_profile, *([bare.logo] if bare.logo else [])]
    named += [name for fallback in bare.fonts.fallbacks for name in (fallback.regular, fallback.bold)]
    return bare.model_copy(update={"resources": {name: (PACK / name).read_bytes() for name in named}})


def seed() -> Document:
    """Return the seed release, complete."""
    paragraphs = [paragraph(n, text) for n, text in enumerate(BODY, 1)]
    data = b"headline: 80 individuals charged\nissued: 2025-07-30\n"
    attachment = Attachment(
        "ijfs-world-day.yaml", "application/yaml", data, "The structured data of this release"
    )
    partners = agencies("agencies.1", "body[6]", "numbered", PARTNERS)
    members = agencies("boilerplate.ijfs.roster", "boilerplates/ijfs#roster", "bulleted", MEMBERS)
    return Document(
        replace(HEAD, attachments=(attachment,)),
        (
            notice(),
            Headline("headline", "headline", words(HEADLINE)),
            replace(paragraphs[0], dateline="(ORILLIA, ON) – "),
            *paragraphs[1:],
            replace(partners, intro=words("IJFS partner agencies who supported this investigation include:")),
            section("quotes", "quotes", "QUOTES", (quote("dusto"),)),
            _about(
                "ijfs",
                "About THE IJFS",
                ABOUT_IJFS,
                (replace(members, intro=words("The participating police agencies include:")),),
            ),
            _about("world-day", "About WORLD DAY AGAINST TRAFFICKING IN PERSONS", ABOUT_DAY),
            contacts(),
            end_mark(),
        ),
    )


HEAD = Head(
    title=HEADLINE,
    language="en-CA",
    slug="ijfs-world-day",
    office="IJFS",
    running_title="80\u00a0individuals charged with 165\u00a0offences",
    issued=datetime(2025, 7, 30, tzinfo=EASTERN),
    summary=BODY[0],
    masthead=Masthead(
        issuer="Provincial Human Trafficking Intelligence-Led Joint Forces Strategy",
        kind="NEWS RELEASE",
        date="July\u00a030, 2025",
        reference="No.\u00a02025-14",
    ),
    page_label="Page {page} of {pages}",
    more_label="(continued)",
    picture_label="Picture",
    place="ORILLIA, ON",
)


# --- parts -----------------------------------------------------------------------------------------------


def words(*parts: str | Inline) -> tuple[Inline, ...]:
    """Return inlines; a plain string is a text."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def strong(*parts: str | Inline) -> Strong:
    return Strong(words(*parts))


def emphasis(*parts: str | Inline) -> Emphasis:
    return Emphasis(words(*parts))


def link(url: str, *parts: str | Inline) -> Link:
    return Link(url, words(*parts))


def french(*parts: str | Inline) -> Span:
    return Span("fr", words(*parts))


def paragraph(number: int, *parts: str | Inline) -> Paragraph:
    """Return the paragraph that stands at a position of the body, counted from 1."""
    return Paragraph(f"body.{number}", f"body[{number - 1}]", words(*parts))


def notice() -> Notice:
    return Notice("notice", "issued", "immediate", words("FOR IMMEDIATE RELEASE"))


def headline(*parts: str | Inline) -> Headline:
    return Headline("headline", "headline", words(*parts))


def end_mark(text: str = "-30-") -> EndMark:
    return EndMark("end-mark", "end_mark", text)


def contacts(heading: str = "Media contact") -> Section:
    desk = Contact(
        "contact.ijfs-media",
        "people#ijfs-media",
        (
            words(strong("IJFS Media Relations")),
            words(link("mailto:media@example.org", "media@example.org")),
        ),
    )
    return section("contacts", "contacts", heading, (desk,))


def quote(name: str, *speech: str | Inline) -> Quote:
    """Return what Dan Dusto said, or something else in his name."""
    attribution = words("– ", strong("Acting Detective Inspector Dan\u00a0Dusto"), ", IJFS Lead")
    return Quote(f"quote.{name}", "quotes[0]", (words(*(speech or (SPEECH,))),), attribution)


def section(
    kind: Literal["quotes", "facts", "notes", "contacts"], field: str, heading: str, blocks: Iterable[Block]
) -> Section:
    return Section(kind, field, kind, Heading(f"{kind}.heading", field, 2, words(heading)), tuple(blocks))


def _about(name: str, heading: str, text: str, blocks: tuple[Block, ...] = ()) -> Section:
    source, block_id = f"boilerplates/{name}#", f"boilerplate.{name}"
    title = Heading(f"{block_id}.heading", f"{source}heading", 2, words(heading))
    first = Paragraph(f"{block_id}.1", f"{source}body.en[0]", words(text))
    return Section(block_id, f"{source}body", "boilerplate", title, (first, *blocks))


def agencies(
    list_id: str,
    field: str,
    form: Literal["numbered", "bulleted", "sentence", "columns"],
    names: dict[str, str],
) -> AgencyList:
    items = tuple(
        Item(f"{list_id}.{key}", f"agencies#{key}.name", words(name)) for key, name in names.items()
    )
    *most, last = names.values()
    sentence = words(f"{', '.join(most)} and {last}.")
    return AgencyList(list_id, field, form, (), items, sentence if form == "sentence" else ())


def items(list_id: str, *entries: str | Item) -> tuple[Item, ...]:
    """Return the items of a list; an `Item` gets the id of its place."""
    found = []
    for number, entry in enumerate(entries, 1):
        item = entry if isinstance(entry, Item) else Item("", "", words(entry))
        found.append(replace(item, id=f"{list_id}.{number}", field=f"body[0].list[{number - 1}]"))
    return tuple(found)


def listed(list_id: str, *entries: str | Item, ordered: bool = False) -> nodes.List:
    return nodes.List(list_id, "body[0].list", ordered, items(list_id, *entries))


def under(text: str, sublist: nodes.List) -> Item:
    """Return an item with a list under it."""
    return Item("", "", words(text), sublist)


def table(caption: str, header: Iterable[str], *rows: Iterable[str]) -> Table:
    """Return a table of plain cells."""
    cells = tuple(tuple(words(cell) if cell else () for cell in row) for row in rows)
    return Table("table", "body[0]", words(caption) if caption else (), tuple(map(words, header)), cells)


@cache
def picture(
    media_type: Literal["image/png", "image/jpeg"], width_px: int = 240, height_px: int = 150
) -> Image:
    """Return a colour ramp; as PNG it fades out to the right."""
    ramp = Pillow.linear_gradient("L").resize((width_px, height_px))
    across = Pillow.linear_gradient("L").rotate(90).resize((width_px, height_px))
    made = Pillow.merge("RGB", (ramp, across, Pillow.new("L", (width_px, height_px), 110)))
    file = io.BytesIO()
    if media_type == "image/png":
        made.putalpha(across)
        made.save(file, "PNG")
        return Image("ramp.png", media_type, file.getvalue(), width_px, height_px)
    made.save(file, "JPEG", quality=80)
    return Image("ramp.jpg", media_type, file.getvalue(), width_px, height_px)


# --- what is hard ----------------------------------------------------------------------------------------


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
        _about("ijfs", "About THE IJFS", ABOUT_IJFS),
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
        "Eighty individuals charged with a combined one hundred and sixty-five Criminal Code offences after eighteen "
        "months of co-ordinated, province-wide investigations by eleven partner agencies"
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
        more_label="(suite)",
        picture_label="Image",
        place="ORILLIA (Ontario)",
    )
    title = "Traite de personnes\u00a0: 80\u00a0arrestations et 165\u00a0chefs d’accusation en Ontario"
    said = Quote(
        "quote.dusto",
        "quotes[0]",
        (
            words(
                "«\u00a0La traite prospère dans le silence\u202f; ensemble, nous pouvons l’arrêter\u202f!\u00a0»"
            ),
        ),
        words("– ", strong("Dan\u00a0Dusto"), ", responsable"),
    )
    text = (
        "À l’occasion du 30\u00a0juillet, la Stratégie annonce que 80\u00a0personnes ont été arrêtées\u00a0; "
        "165\u00a0accusations ont été portées, soit plus de 12\u202f000\u00a0heures d’enquête. «\u00a0Qui donc "
        "en profite\u202f?\u00a0» demande-t-on souvent\u00a0: c’est là toute la question\u202f! "
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
    return _document("sixty_agencies", *lists, _about("ijfs", "About THE IJFS", ABOUT_IJFS))


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


def _minimal() -> Document:
    masthead = replace(HEAD.masthead, reference="")
    head = replace(
        HEAD, title="The bridge opens", running_title="The bridge opens", slug="minimal", summary="It opens today.",
        masthead=masthead, place="",
    )  # fmt: skip
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
