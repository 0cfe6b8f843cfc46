"""A theme as the style sheet of a page: sizes, families and colours first, then the rules that use them.

Not here: how colours become legible (`colours`), and elements (the package itself).
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache

from presskit.model.theme import Family, Size, Theme
from presskit.writers.html.colours import Palette, by_day, by_night
from presskit.writers.theme import POINTS_PER_MM, text_width_pt

MEASURE_EM = 31.5  # of running text: 65 to 70 characters of a serif
ROOT_PERCENT = 112.5  # of the reader's own size: 18 px where that is 16
LEADING = 1.55  # Source: WCAG 2.2, 1.4.8 asks for 1.5 at least


@lru_cache(16)
def style_sheet(theme: Theme) -> str:
    """Return the CSS of a theme; nothing in it needs another file."""
    return f":root{{{_measures(theme)};{_colours(by_day(theme.colours))}}}\n" + RULES.replace(
        "/* night */", _colours(by_night(theme.colours))
    ).replace("/* day */", _colours(by_day(theme.colours)))


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
        "measure": f"{MEASURE_EM}rem",
        "indent": f"{indent:.2f}rem",
        "margin": f"{theme.page.margin_mm:g}mm",
        "print": f"{sizes.body.size_pt:g}pt",
    }
    return ";".join(f"--{name}:{value}" for name, value in found.items())


def _relative(size: Size, body: Size) -> str:
    return f"{size.size_pt / body.size_pt:.3g}"


def _families(family: Family, generic: str, theme: Theme) -> str:
    """Return the family where it is installed, its fallback, the system's own, and those for rare characters."""
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
@media screen and (prefers-color-scheme:dark){:root{/* night */}}
*{box-sizing:border-box}
html{color-scheme:light dark;font-size:112.5%;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;border-top:.9rem solid var(--band);background:var(--page);color:var(--text);
 font:1rem/1.55 var(--text-family);overflow-wrap:break-word}
.release{max-width:calc(var(--measure) + var(--indent) + 2.5rem);margin:0 auto;padding:1.5rem 1.25rem 3rem}
.masthead,.notice,h1,.subhead,h2,h3,figcaption,caption,table,address,.end-mark{font-family:var(--display-family)}
p,ul,ol,dl,address{margin:0 0 .85rem}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,.scroll:focus-visible{outline:.15rem solid var(--link);outline-offset:.15rem}
strong,.dateline{font-weight:700}

.masthead{display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;justify-content:space-between;align-items:baseline;
 margin-bottom:1.6rem;padding-bottom:.6rem;border-bottom:1px solid var(--rule);font-size:var(--small)}
.masthead p{margin:0}
.masthead img{flex:0 0 100%;width:auto;max-width:100%;height:auto;max-height:5rem;object-fit:contain;object-position:left}
.issuer{flex:0 0 100%;color:var(--brand);font-size:var(--heading);font-weight:700;line-height:1.3}
.kind,.notice{color:var(--brand);font-weight:700;letter-spacing:.02em}
.notice{margin:0 0 .5rem;font-size:var(--small)}
.embargo{margin:0 0 1.4rem;padding:.6rem .9rem;border:1px solid var(--on-alert);background:var(--alert);
 color:var(--on-alert);font-size:1rem}
h1,h2,h3{color:var(--brand);font-weight:700;text-wrap:balance;hyphens:manual}
h1{margin:.4rem 0 1.1rem;font-size:clamp(1.55rem,6.2vw,var(--headline));line-height:1.2}
.subhead{margin:-.6rem 0 1.2rem;font-size:var(--heading);line-height:1.35;text-wrap:balance}
h2{margin:2.2rem 0 .6rem;font-size:var(--heading);line-height:1.3}
h3{margin:1.5rem 0 .3rem;font-size:1em;line-height:1.4}
.boilerplate,.notes{font-size:var(--small)}
.boilerplate p,.notes p,li{text-wrap:pretty}

.intro{margin-bottom:.4rem}
ul,ol{padding-left:1.6em}
ol.long{padding-left:2.3em}
li{margin-bottom:.25rem}
li>ul,li>ol{margin:.25rem 0 0}
li::marker{font-variant-numeric:tabular-nums}
.plain{padding-left:0;list-style-type:""}
.columns-2{columns:2 14em;column-gap:2em}
.columns-3{columns:3 12em;column-gap:2em}
.columns-2>li,.columns-3>li{break-inside:avoid}

figure{margin:1.6rem 0}
.quote{padding:.1rem 0 .1rem 1.1rem;border-left:.25rem solid var(--brand)}
blockquote{margin:0;font-size:var(--quote);line-height:1.5}
blockquote p{margin:0 0 .5rem}
figcaption{font-size:var(--small);line-height:1.45}
figcaption p{margin:0 0 .2rem}
.quote figcaption strong{font-weight:600}
.picture figcaption{margin-top:.5rem;color:var(--muted)}
.picture img{display:block;max-width:100%;height:auto;background:#fff}

.scroll{overflow-x:auto;margin:1.6rem 0}
table{width:100%;border-collapse:collapse;font-size:var(--small);line-height:1.4}
caption{padding-bottom:.4rem;font-weight:700;text-align:left}
th,td{padding:.4rem .8rem .4rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th,thead td{color:var(--brand);font-weight:700;vertical-align:bottom;border-bottom:2px solid var(--brand)}

address{font-size:var(--small);font-style:normal;line-height:1.7}
.end-mark{margin:2.2rem 0 0;text-align:center;font-size:var(--small)}

@media (min-width:48rem){
 .release{padding-top:2.2rem}
 .release>:not(.masthead,.notice,h1,.subhead){margin-left:var(--indent)}
 .columns-3{margin-left:calc(-1 * var(--indent))}
}
@media print{
 :root{/* day */}
 @page{margin:var(--margin)}
 html{font-size:var(--print)}
 body{border:0}
 .release{max-width:none;padding:0}
 .embargo{border:2pt solid var(--alert);background:none;color:var(--alert)}
 a{color:inherit}
 h1,h2,h3,.intro,caption{break-after:avoid}
 figure,tr,address{break-inside:avoid}
 p,li{orphans:2;widows:2}
 .scroll{overflow:visible}
 .page-break{break-after:page}
}
"""
