"""presskit: one news release as data in, everything a communications office hands out.

::

    data/*.yaml ──load──▶ model ──compose──▶ document ──writers──▶ output/<slug>/
                            ▲     (Jinja2)     (tree)     pdf  pdf-press  docx  html  text
                            └──── checks ────────┘        (house rules look at both)

`pipeline` runs the stages in this order, `cli` calls the pipeline and prints, `workspace` is the only
door to disk and clock, and `errors` holds the shape of everything that can go wrong.
"""

__version__ = "0.1.0"
