"""Templates and a view to XML text: Jinja2 in a sandbox that reads fields, prints texts and always ends.

A template can read what the view holds and loop over it.  It can not call methods, print anything unescaped,
or work for ever.  Every element it writes gets an ``at`` attribute that says where in the templates it
stands.  Not here: what the elements mean (`reader`), and the wording of failures (`failures`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from dataclasses import fields, is_dataclass
from functools import lru_cache, wraps
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace
from markupsafe import Markup, escape

from presskit.compose.budget import PASS, Runaway, budget, spend

LARGEST = 10**15
"""The largest number a template may work out."""

_STEP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[A-Za-z][\w-]*|\n", re.DOTALL)
_ELEMENTS = re.compile(r"(<[^>]*>|&[#\w]+;)")
_SPEND, _COUNTED, _PRINTED = (
    "presskit: spend",
    "presskit: counted",
    "presskit: printed",
)  # no template can write these


def render(templates: Mapping[str, str], name: str, fields: Mapping[str, object]) -> str:
    """Return the XML a template writes.

    Raises:
        Exception: whatever goes wrong in a template; `failures` knows what to say about it.
    """
    environment = _environment(tuple(sorted(templates.items())))
    with budget():
        return environment.get_template(name).render(fields)


@lru_cache(maxsize=8)
def _environment(templates: tuple[tuple[str, str], ...]) -> ImmutableSandboxedEnvironment:
    """Return the environment of one pack, which keeps its templates compiled."""
    sources = dict(templates)
    environment = _Sandbox(
        loader=FunctionLoader(lambda name: (sources[name], name, None) if name in sources else None),
        extensions=[_WhereElementsStand],
        autoescape=True,
        undefined=Missing,
        finalize=_printed,
        auto_reload=False,
    )
    environment.globals = {"range": safe_range, "namespace": Namespace}
    environment.filters = {name: _paid(work) for name, work in FILTERS.items()}
    environment.filters |= {_SPEND: _spend, _COUNTED: _counted, _PRINTED: _printed}
    return environment


class Missing(StrictUndefined):
    """A name that is not there; says what is."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        holder, name = self._undefined_obj, self._undefined_name
        if is_dataclass(holder):
            known = ", ".join(field.name for field in fields(holder))
            return f"“{name}” is not a field of {type(holder).__name__}, which has {known}."
        if isinstance(holder, Mapping):
            return f"“{name}” is not a label of the wording, which has {', '.join(sorted(holder))}."
        return f"“{name}” is not known here."


class _WhereElementsStand(Extension):
    """Writes into every element of a template where it stands: ``at="parts/quote.xml.j2:12"``."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's source with the places in it."""
        line = 1

        def with_place(step: re.Match[str]) -> str:
            nonlocal line
            here, line = line, line + step[0].count("\n")
            is_element = step[0][0] == "<" and step[0][1] != "!"
            return f'{step[0]} at="{escape(name)}:{here}"' if is_element else step[0]

        return _STEP.sub(with_place, source)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 that only reads fields and whose every pass through a template is paid for."""

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if attr.startswith("_"):
            return False
        is_view = hasattr(obj, "__dataclass_fields__")
        return is_view or isinstance(obj, LoopContext | Namespace) or isinstance(value, Macro)

    def wrap_str_format(self, value: object) -> None:
        """Leave `str.format` to `is_safe_attribute`, which refuses it as it does all methods."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Return what an operator makes of two numbers, within bounds; of anything else it makes nothing."""
        for value in (left, right):
            if isinstance(value, Undefined):
                str(value)  # raises, with the name
            if not isinstance(value, int | float):
                raise SecurityError(f"“{operator}” works on numbers only; texts are joined with ~.")
        if operator == "**":
            raise SecurityError("“**” is not for templates.")
        result = super().call_binop(context, operator, left, right)
        if abs(result) > LARGEST:
            raise Runaway
        return result

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse a template and put the payments into it."""
        template = super()._parse(source, name, filename)
        for node in (template, *template.find_all(nodes.Node)):
            match node:
                case nodes.Template() | nodes.Macro() | nodes.CallBlock() | nodes.Block():
                    _let_pay(node)
                case nodes.For():
                    _let_pay(node)
                    node.iter = _filtered(node.iter, _COUNTED)
                case nodes.Operand(op="in" | "notin"):
                    node.expr = _filtered(node.expr, _COUNTED)
                case nodes.Concat():
                    node.nodes = [_filtered(part, _PRINTED) for part in node.nodes]
                case nodes.EvalContextModifier():
                    raise TemplateSyntaxError(
                        "escaping can not be switched off.", node.lineno, name, filename
                    )
        template.set_environment(self)
        return template


def _let_pay(
    holder: nodes.Template | nodes.Macro | nodes.CallBlock | nodes.Block | nodes.For,
) -> None:
    """Put the payment for a pass before all else in a body."""
    cost = PASS + sum(len(data.data) for data in holder.find_all(nodes.TemplateData))
    payment = _filtered(nodes.Const(cost, lineno=holder.lineno), _SPEND)
    holder.body.insert(0, nodes.ExprStmt(payment, lineno=holder.lineno))


def _filtered(expression: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(expression, name, [], [], None, None, lineno=expression.lineno)


# The following take a context only to keep Jinja2 from working them out when it compiles a template.


@pass_context
def _spend(context: Context, cost: int) -> None:
    spend(cost)


@pass_context
def _counted(context: Context, items: Any) -> Any:  # noqa: ANN401 (whatever a template loops over)
    """Return what a template goes through, paid for."""
    found = items if isinstance(items, Sized) else tuple(items)
    spend(len(found))
    return found


@pass_context
def _printed(context: Context, value: object) -> str:
    """Return a value as it is printed; lists and blocks are not."""
    match value:
        case str():
            spend(len(value))
            return value
        case bool():
            return "yes" if value else "no"
        case int() | float() | Undefined():
            return str(value)
        case _:
            raise TypeError(f"this prints a whole {type(value).__name__}; print one of its fields.")


def _cased(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return a filter that changes the words of a text, and leaves elements in it alone."""

    def cased(text: str) -> str:
        if not isinstance(text, Markup):
            return change(text)
        pieces = _ELEMENTS.split(str(text))
        pieces[::2] = map(change, pieces[::2])
        return Markup("".join(pieces))

    return cased


def _paid(work: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(work)
    def paid(value: object, *args: object) -> object:
        if isinstance(value, Sized) and not isinstance(value, Undefined):
            spend(len(value))
        return work(value, *args)

    return paid


FILTERS: dict[str, Callable[..., Any]] = {
    "default": lambda value, other="": other if isinstance(value, Undefined) else value,
    "length": len,
    "lower": _cased(str.lower),
    "trim": lambda text: text.strip(),
    "upper": _cased(str.upper),
}
"""What a template can do to a value.

Why: those that could add elements (safe, urlize), differ from run to run (random), sort without knowing the
language or use up the memory (center, format) are not among them.
"""
