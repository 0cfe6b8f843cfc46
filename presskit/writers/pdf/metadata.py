"""What a PDF says about itself: XMP, information dictionary, output intent, associated files.

Source: ISO 16684-1 (XMP); ISO 19005-3, 6.2.3 (output intent), 6.6 (metadata), 6.8 and annex E (associated
files); ISO 14289-1, 5 (identification); ISO 15930-7, 6.3 and 6.8 (PDF/X-4 identification).

Not here: the words of the release.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from html import escape

from presskit import __version__
from presskit.document.nodes import Attachment, Head
from presskit.model.theme import Press
from presskit.writers.pdf.file import Document, Ready
from presskit.writers.pdf.objects import date_string, name, stream, text_string

PRODUCER = f"presskit {__version__}"
DIGITAL_CLAIM = (
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
)
PRESS_CLAIM = "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion><pdf:Trapped>False</pdf:Trapped>"

UA_SCHEMA = """
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq>
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"""
"""PDF/A wants every schema described that it does not know itself (ISO 19005-3, 6.6.2.3)."""

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


def describe(document: Document, head: Head, *, press: bool) -> None:
    """Add the XMP packet and the information dictionary that says the same."""
    packet = _xmp(head, press=press)
    body = b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream" % (len(packet), packet)
    metadata = document.add(body)
    document.set_in_catalog(Metadata=b"%d 0 R" % metadata)
    document.identify(packet)
    moment, producer = date_string(head.issued), text_string(PRODUCER)
    entries = [
        (b"Title", text_string(head.title)),
        (b"Author", text_string(head.masthead.issuer)),
        (b"Subject", text_string(head.summary)),
        (b"Creator", producer),
        (b"Producer", producer),
        (b"CreationDate", moment),
        (b"ModDate", moment),
    ]
    if press:
        entries += [(b"Trapped", b"/False"), (b"GTS_PDFXVersion", text_string("PDF/X-4"))]
    document.info = Ready(b"<<%s>>" % b"".join(b"/%s %s" % entry for entry in entries))


def _xmp(head: Head, *, press: bool) -> bytes:
    moment = head.issued.isoformat(timespec="seconds")
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" {spaces}>{PRESS_CLAIM if press else DIGITAL_CLAIM}
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(head.title)}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(head.summary)}</rdf:li></rdf:Alt>
</dc:description>
<dc:creator><rdf:Seq><rdf:li>{escape(head.masthead.issuer)}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{head.language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate><xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>
<pdf:Producer>{PRODUCER}</pdf:Producer><xmpMM:DocumentID>{_uuid(head)}</xmpMM:DocumentID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>{"press" if press else "default"}</xmpMM:RenditionClass>\
{"" if press else UA_SCHEMA}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def _uuid(head: Head) -> str:
    """An identifier that depends on the release's data alone."""
    digest = hashlib.md5(usedforsecurity=False)
    for part in (head.slug, head.title, head.language, head.issued.isoformat()):
        digest.update(part.encode() + b"\0")
    for attachment in head.attachments:
        digest.update(attachment.data)
    value = digest.hexdigest()
    return f"uuid:{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def attach(document: Document, attachments: tuple[Attachment, ...], head: Head) -> None:
    """Add data as associated files, byte for byte.

    Source: ISO 19005-3, 6.8 and annex E.2; relationship Source: the file is made from it.
    """
    if not attachments:
        return
    specifications = []
    for attachment in attachments:
        digest = hashlib.md5(attachment.data, usedforsecurity=False).hexdigest().encode()
        parameters = b"/Params<</Size %d/ModDate %s/CheckSum<%s>>>" % (
            len(attachment.data),
            date_string(head.issued),
            digest,
        )
        kind = b"/Type/EmbeddedFile/Subtype%s" % name(attachment.media_type)
        file = document.add(stream(attachment.data, kind + parameters))
        title = text_string(attachment.name)
        specifications.append(
            (
                title,
                document.add(
                    b"<</Type/Filespec/F %s/UF %s/Desc %s/AFRelationship/Source/EF<</F %d 0 R/UF %d 0 R>>>>"
                    % (title, title, text_string(attachment.description), file, file)
                ),
            )
        )
    names = b"".join(b"%s %d 0 R" % entry for entry in sorted(specifications))
    document.set_in_catalog(
        AF=b"[%s]" % b" ".join(b"%d 0 R" % number for _, number in specifications),
        Names=b"<</EmbeddedFiles<</Names[%s]>>>>" % names,
    )


def screen_intent(document: Document, profile: bytes) -> None:
    """Add the output intent of PDF/A: what RGB means."""
    _intent(document, b"GTS_PDFA1", profile, 3, "sRGB IEC61966-2.1", "sRGB IEC61966-2.1")


def press_intent(document: Document, profile: bytes, press: Press) -> None:
    """Add the output intent of PDF/X-4: the printing condition, its profile embedded."""
    _intent(document, b"GTS_PDFX", profile, 4, press.condition, press.description)


def _intent(
    document: Document, kind: bytes, profile: bytes, channels: int, condition: str, info: str
) -> None:
    entries = b"/Type/OutputIntent/S/%s/RegistryName(http://www.color.org)" % kind
    entries += b"/OutputConditionIdentifier %s/Info %s" % (text_string(condition), text_string(info))
    number = document.add(_profile(profile, channels))
    document.set_in_catalog(OutputIntents=b"[<<%s/DestOutputProfile %d 0 R>>]" % (entries, number))


@lru_cache(8)
def _profile(profile: bytes, channels: int) -> bytes:
    return stream(profile, b"/N %d" % channels)
