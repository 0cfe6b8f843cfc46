"""What goes wrong in a template, as problems with the template's file and line.

Not here: what is wrong with the elements it writes (`reader`).
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import TracebackType

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from presskit.compose.budget import LIMIT, Runaway
from presskit.compose.environment import FILTERS
from presskit.errors import Place, Problem

EXPECTED = (
    TemplateError,
    Runaway,
    ArithmeticError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What a template can make happen: Jinja2's own errors, and those of Python it lets through."""


def template_problem(error: Exception, folder: str, template: str, templates: Mapping[str, str]) -> Problem:
    """Return what to tell the person who writes templates.

    Args:
        folder: the template pack's, from the project folder.
        template: the document's template, which is blamed where nothing else is known.
    """
    name, line = _where(error, templates) or (template, 0)
    what, fix, code = _said(error, templates)
    return Problem(Place(f"{folder}/{name}", line), "", what, fix, code)


def _said(error: Exception, templates: Mapping[str, str]) -> tuple[str, str, str]:
    """Return what is wrong, how to mend it, and the code."""
    match error:
        case TemplateNotFound():
            missing = str(error.name or error)
            near = get_close_matches(missing, templates, 1)
            fix = f"did you mean “{near[0]}”?" if near else "correct the name, or add the template."
            return f"there is no template “{missing}”.", fix, "template-missing"
        case UndefinedError():
            return (
                str(error.message),
                "correct the name; a template starts from release and wording.",
                "template-field",
            )
        case SecurityError():
            fix = "a template reads fields and prints them; it calls nothing."
            return str(error.message), fix, "template-forbidden"
        case Runaway() | RecursionError():
            what = f"the template does not come to an end, or writes more than {LIMIT:,} characters."
            return what, "see which loop, macro or include goes on and on.", "template-runaway"
        case OverflowError():
            return f"{error}", "loop over fewer numbers.", "template-runaway"
        case TemplateError() if "filter" in str(error.message):
            return (
                str(error.message),
                f"the filters there are: {', '.join(sorted(FILTERS))}.",
                "template-forbidden",
            )
        case TemplateSyntaxError():
            return (
                f"the template can not be read: {error.message}",
                "correct it here or just before.",
                "template-syntax",
            )
        case _:
            what = f"the template fails: {error}"
            return what, "see what this line does with which value.", "template-failed"


def _where(error: Exception, templates: Mapping[str, str]) -> tuple[str, int] | None:
    """Return the template and the line an error comes from: its own, else the innermost of its traceback."""
    if isinstance(error, TemplateSyntaxError) and error.name is not None:
        return error.name, error.lineno
    found = None
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file in templates:
            found = file, traceback.tb_lineno
        traceback = traceback.tb_next
    return found
