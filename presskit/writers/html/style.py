"""A theme as the style sheet of a page: sizes, families and colours first, then the rules that use them.

Not here: how colours become legible (`colours`), and elements (the package itself).
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache

from presskit.model.theme import Family, Size, Theme
from presskit.writers.html.colours import Palette, by_day, by_night
from presskit.writers.theme import POINTS_PER_MM, text_width_pt

MEASURE_EM, MEASURE_CH = 30, 55
"""Width of running text, the smaller counts: 60 to 70 characters of wide serifs, 65 to 70 of narrow ones."""


@lru_cache(16)
def style_sheet(theme: Theme) -> str:
    """Return the CSS of a theme; nothing in it needs another file."""
    day, night = _colours(by_day(theme.colours)), _colours(by_night(theme.colours))
    return f"""\
:root{{{_measures(theme)};{day}}}
@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}
@page{{margin:{theme.page.margin_mm:g}mm}}
{RULES}"""


def _measures(theme: Theme) -> str:
    """Return sizes relative to running text, so that page and paper are siblings at any zoom."""
    indent = theme.setting.indent_mm * POINTS_PER_MM / text_width_pt(theme) * MEASURE_EM
    sizes = theme.sizes
    named = {
        "small": sizes.small,
        "quote": sizes.quote,
        "heading": sizes.heading,
        "headline": sizes.headline,
    }
    found = {name: f"{_relative(size, sizes.body)}rem" for name, size in named.items()}
    found |= {
        "text-family": _families(theme.fonts.text, "serif", theme),
        "display-family": _families(theme.fonts.display, "system-ui,sans-serif", theme),
        "measure": f"min({MEASURE_EM}rem,{MEASURE_CH}ch)",
        "indent": "0rem",
        "wide-indent": f"{indent:.2f}rem",
        "paper-indent": f"{theme.setting.indent_mm:g}mm",
        "print": f"{sizes.body.size_pt:g}pt",
    }
    return ";".join(f"--{name}:{value}" for name, value in found.items())


def _relative(size: Size, body: Size) -> str:
    return f"{size.size_pt / body.size_pt:.3g}"


def _families(family: Family, generic: str, theme: Theme) -> str:
    """Return the theme's family, which may be installed, the system's, and those for rare characters."""
    rare = [name for fallback in theme.fonts.fallbacks for name in (fallback.name, *fallback.alternatives)]
    first = [family.family, family.fallback] if generic == "serif" else [family.family]
    return ",".join((*map(_quoted, first), generic, *map(_quoted, rare)))


def _quoted(name: str) -> str:
    r"""Return a CSS string; what could end it, or the style element, is written as a code.

    Source: CSS Syntax Module Level 3, 4.3.7 (escapes).
    """
    return '"' + "".join(c if c.isalnum() or c in " -_." else f"\\{ord(c):x} " for c in name) + '"'


def _colours(palette: Palette) -> str:
    return ";".join(f"--{f.name.replace('_', '-')}:{getattr(palette, f.name)}" for f in fields(palette))


RULES = """\
*{box-sizing:border-box}
html{color-scheme:light dark;font-size:112.5%;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;border-top:.9rem solid var(--band);background:var(--page);color:var(--text);
 font:1rem/1.55 var(--text-family);overflow-wrap:break-word}
.release{max-width:calc(var(--measure) + var(--indent) + 2.5rem);margin:0 auto;padding:1.5rem 1.25rem 3rem}
.release>:not(.masthead,.notice,h1,.subhead){margin-left:var(--indent)}
.masthead,.notice,h1,.subhead,h2,h3,figcaption,caption,table,address,.end-mark{font-family:var(--display-family)}
p,ul,ol,dl,address{margin:0 0 .85rem}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,.scroll:focus-visible{outline:.15rem solid var(--link);outline-offset:.15rem}
strong,.dateline{font-weight:700}

.masthead{display:flex;flex-wrap:wrap;gap:.1rem 1.5rem;justify-content:space-between;align-items:baseline;
 margin-bottom:1.6rem;padding-bottom:.6rem;border-bottom:1px solid var(--rule);font-size:var(--small)}
.masthead p{margin:0}
.masthead img,.issuer,.kind{flex:0 0 100%}
.masthead img{max-height:5rem;object-fit:contain;object-position:left}
.issuer,.kind,.notice{color:var(--brand);font-weight:700}
.masthead .issuer{margin-bottom:.35rem;font-size:clamp(1rem,4.6vw,var(--heading));line-height:1.3}
.kind,.notice{letter-spacing:.02em}
.notice{margin:0 0 .5rem;font-size:var(--small)}
.draft,.correction,.withdrawal,.embargo{margin:0 0 1.4rem;padding:.6rem .9rem;
 border:1px solid var(--on-alert);background:var(--alert);color:var(--on-alert);font-size:1rem}
.draft{font-size:var(--heading)}
h1,h2,h3{color:var(--brand);font-weight:700;text-wrap:balance;hyphens:manual}
h1{margin:.4rem 0 1.1rem;font-size:clamp(1.35rem,5.4vw,var(--headline));line-height:1.2}
.subhead{margin:-.6rem 0 1.2rem;font-size:var(--heading);line-height:1.35;text-wrap:balance}
h2{margin:2.2rem 0 .6rem;font-size:var(--heading);line-height:1.3}
h3{margin:1.5rem 0 .3rem;font-size:1em;line-height:1.4}
.boilerplate,.notes{font-size:var(--small)}
p,li{text-wrap:pretty}

.intro{margin-bottom:.4rem}
ul{padding-left:1.3em}
ol{padding-left:calc(.95em + .55em * var(--digits,1))}
li{margin-bottom:.25rem}
li>ul,li>ol{margin:.25rem 0 0}
li::marker{font-variant-numeric:tabular-nums}
.plain{padding-left:0;list-style-type:""}
.columns-2{columns:2 var(--entry);column-gap:2.2em}
.columns-3{columns:3 var(--entry);column-gap:2.2em}
.columns-2>li,.columns-3>li{break-inside:avoid}

figure,.scroll{margin:1.6rem 0}
h2+figure,h2+.scroll{margin-top:.9rem}
.quote{padding:.1rem 0 .1rem 1.1rem;border-left:.25rem solid var(--brand)}
blockquote{margin:0;font-size:var(--quote);line-height:1.5}
blockquote p{margin:0 0 .5rem}
figcaption{font-size:var(--small);line-height:1.45}
figcaption p{margin:0 0 .2rem}
.quote figcaption strong{font-weight:600}
.picture figcaption{margin-top:.5rem;color:var(--muted)}
.picture img{display:block;max-width:100%;height:auto;background:#fff}

.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:var(--small);line-height:1.4}
caption{padding-bottom:.4rem;font-weight:700;text-align:left}
th,td{padding:.4rem .8rem .4rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th,thead td{border-bottom:2px solid var(--brand);color:var(--brand);vertical-align:bottom}

address{font-size:var(--small);font-style:normal;line-height:1.7}
.end-mark{margin:2.2rem 0 0;text-align:center;font-size:var(--small)}

@media (min-width:30rem){
 .kind{flex:none}
}
@media (min-width:48rem){
 :root{--indent:var(--wide-indent)}
 .release{padding-top:2.2rem}
}
@media print{
 :root{--indent:var(--paper-indent)}
 html{font-size:var(--print)}
 body{border:0}
 .release{max-width:none;padding:0}
 .draft,.correction,.withdrawal,.embargo{border:2pt solid var(--alert);background:none;color:var(--alert)}
 a{color:inherit}
 h1,h2,h3,.intro,caption{break-after:avoid}
 figure,tr,address{break-inside:avoid}
 p,li{orphans:2;widows:2}
 .scroll{overflow:visible}
 .page-break{break-after:page}
}
"""
