"""presskit: one news release as data in, everything a communications office hands out.

::

    data/*.yaml ──load──▶ model ──compose──▶ document ──writers──▶ output/<slug>/
                            ▲     (Jinja2)     (tree)     pdf  pdf-press  docx  html  text
                            └──── checks ────────┘                │   (house rules look at both)
                                                  signoff ──▶ archive ──send──▶ the media

`pipeline` runs the stages in this order for an `office`, `cli` calls the pipeline and prints, `workspace`
is the only door to the project's files and the clock (`first_office` makes such a project), `disk` writes
so that a crash leaves things whole, `clock` tells those who wait what time it is, and `errors` holds the
shape of everything that can go wrong.
"""

__version__ = "0.1.0"
