"""A theme as the styles of a message: what is written into each element, and what screens may change.

Many mail programs read no style sheet, and one of them lays messages out as Word does: so what keeps words
apart stands at paragraphs and table cells, which all of them know.  Not here: elements (`elements`).
"""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from string import Template

from presskit.model.theme import Family, Size, Theme
from presskit.writers.html.colours import by_day, by_night

WIDTH_PX, MARGIN_PX = 640, 24
"""How wide a message is, at most, and what stays free beside its words."""

BODY_PX = 17
HEADLINE_PX, PHONE_HEADLINE_PX = 31, 25  # at most: the first words of the lead are to be seen as well


@lru_cache(16)
def inlined_rules(theme: Theme) -> str:
    """Return the rules that css-inline writes into the elements."""
    return Template(RULES).substitute(_measures(theme), **asdict(by_day(theme.colours)))


@lru_cache(16)
def kept_rules(theme: Theme) -> str:
    """Return the rules for phones and for dark mode, which mail programs follow that know such rules."""
    return Template(KEPT_RULES).substitute(_measures(theme), **asdict(by_night(theme.colours)))


@lru_cache(16)
def word_rules(theme: Theme) -> str:
    """Return the families for Outlook on Windows.

    Why: where the first family is not installed it takes Times New Roman, whatever is named next.
    """
    return Template(WORD_RULES).substitute(
        text=_quoted(theme.fonts.text.fallback), display=_quoted(theme.fonts.display.fallback)
    )


def _measures(theme: Theme) -> dict[str, str]:
    """Return sizes in whole pixels, since some mail programs know no others, and families."""
    sizes, fonts = theme.sizes, theme.fonts
    headline = _px(sizes.headline, sizes.body)
    return {
        "body": f"{BODY_PX}px",
        "small": f"{_px(sizes.small, sizes.body)}px",
        "quote": f"{_px(sizes.quote, sizes.body)}px",
        "heading": f"{_px(sizes.heading, sizes.body)}px",
        "headline": f"{min(HEADLINE_PX, headline)}px",
        "phone_headline": f"{min(PHONE_HEADLINE_PX, headline)}px",
        "text_family": f"{_families(fonts.text)},serif",
        "display_family": f"{_families(fonts.display)},-apple-system,'Segoe UI',Roboto,sans-serif",
        "width": f"{WIDTH_PX}px",
        "margin": f"{MARGIN_PX}px",
    }


def _px(size: Size, body: Size) -> int:
    return round(BODY_PX * size.size_pt / body.size_pt)


def _families(family: Family) -> str:
    return ",".join(map(_quoted, dict.fromkeys((family.family, family.fallback))))


def _quoted(name: str) -> str:
    r"""Return a CSS string; what could end it, or the style element, is written as a code.

    Source: CSS Syntax Module Level 3, 4.3.7 (escapes).
    """
    return "'" + "".join(c if c.isalnum() or c in " -_." else f"\\{ord(c):x} " for c in name) + "'"


RULES = """\
body{margin:0;padding:0;background-color:$page;-webkit-text-size-adjust:100%}
.sheet{table-layout:fixed;width:100%;max-width:$width;margin:0 auto;border-top:8px solid $band;
 border-collapse:collapse;background-color:$page}
.row{padding:0 $margin;color:$text;font-family:$text_family;font-size:$body;line-height:1.55;
 text-align:left;overflow-wrap:break-word;word-break:break-word}
.sheet>tbody>tr:first-child>td{padding-top:24px}
.sans,.sans td{font-family:$display_family}
.small,.small td{font-size:$small;line-height:1.5}
table{border-collapse:collapse}
p{margin:0 0 14px}
a{color:$link}
ul,ol{margin:0 0 14px 24px;padding:0}
ol{margin-left:28px}
li{margin:0 0 5px;line-height:1.4}
li ul,li ol{margin:4px 0 0 20px}
h1,h2,h3{color:$brand;font-family:$display_family;font-weight:700}
h1{margin:6px 0 14px;font-size:$headline;line-height:1.2}
h2{margin:20px 0 10px;font-size:$heading;line-height:1.3}
h3{margin:18px 0 4px;font-size:$body;line-height:1.4}
.small h3{font-size:$small}

.logo{display:block;margin:0 0 14px;border:0}
.issuer{margin:0 0 8px;color:$brand;font-size:$heading;line-height:1.3;font-weight:700}
.facts{width:100%;margin:0 0 22px;border-bottom:1px solid $rule}
.fact{padding:0 0 10px;color:$text;text-align:left;vertical-align:top}
.fact:last-child:not(:first-child){text-align:right}
.kind{color:$brand;font-weight:700;letter-spacing:.02em}
.immediate{margin:0 0 8px;color:$brand;font-size:$small;font-weight:700;letter-spacing:.02em}
.box{width:100%;margin:0 0 20px}
.alert{padding:12px 16px;background-color:$alert;color:$on_alert;font-size:$body;line-height:1.4;
 font-weight:700}
.draft{font-size:$heading}
.alert a{color:$on_alert}
.subhead{margin:0 0 18px;font-size:$heading;line-height:1.35}

.intro{margin:0 0 6px}
.columns{width:100%;margin:0 0 14px}
.column{padding:0 16px 0 0;text-align:left;vertical-align:top}
.column ul,.column ol{margin-bottom:0}
.plain{margin-left:0;list-style-type:none}
.quote{width:100%;margin:4px 0 22px}
.said{padding:2px 0 2px 18px;border-left:4px solid $brand;text-align:left}
blockquote{margin:0;font-size:$quote;line-height:1.5}
blockquote p{margin:0 0 8px}
.attribution{margin:0;font-family:$display_family;font-size:$small;line-height:1.45}
.photo{margin:4px 0 8px}
.picture{display:block;width:100%;height:auto;border:0;background-color:#ffffff}
.caption{margin:0 0 3px;color:$muted;font-family:$display_family;font-size:$small;line-height:1.45}
.figure{margin:0 0 22px}
.scroll{overflow-x:auto;margin:6px 0 20px}
.data{width:100%;overflow-wrap:normal;word-break:normal;font-family:$display_family;font-size:$small;line-height:1.4}
.data caption{padding:0 0 6px;font-weight:700;text-align:left}
.data th{padding:6px 12px 6px 0;border-bottom:2px solid $brand;color:$brand;text-align:left;
 vertical-align:bottom}
.data td{padding:6px 12px 6px 0;border-bottom:1px solid $rule;text-align:left;vertical-align:top}
.contact{font-family:$display_family;font-size:$small;line-height:1.7}
.end-mark{margin:28px 0;text-align:center;font-family:$display_family;font-size:$small}

.foot{padding:14px $margin 32px;border-top:1px solid $rule;color:$muted;font-family:$display_family;
 font-size:13px;line-height:1.5;text-align:left;overflow-wrap:break-word;word-break:break-word}
.foot p{margin:0 0 8px}
.foot a{color:$link}
pre{margin:0;font-family:Consolas,Menlo,'Courier New',monospace;font-size:12px;line-height:1.45;
 white-space:pre-wrap;overflow-wrap:anywhere;word-break:break-all}
"""

KEPT_RULES = """\
@media (max-width:520px){
.row,.foot{padding-left:16px!important;padding-right:16px!important}
h1{font-size:$phone_headline!important}
.fact,.column{display:block!important;width:auto!important;text-align:left!important}
.fact:not(:last-child){padding-bottom:0!important}
}
@media (prefers-color-scheme:dark){
body,.sheet,.row,.foot{background-color:$page!important}
.row,.fact{color:$text!important}
h1,h2,h3,.issuer,.kind,.immediate,.data th{color:$brand!important}
a{color:$link!important}
.caption,.foot{color:$muted!important}
.alert a{color:$on_alert!important}
.facts,.foot,.data td{border-color:$rule!important}
.said,.data th{border-color:$brand!important}
}
"""

WORD_RULES = """\
td,p,li,pre{font-family:$text,serif!important}\
h1,h2,h3,th,.sans,.sans p,.sans td,.data td,.attribution,.caption,.contact,.end-mark\
{font-family:$display,sans-serif!important}\
pre{font-family:Consolas,monospace!important}"""
