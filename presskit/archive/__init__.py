"""Every signed-off version, readable in 50 years, every change noticed: an OCFL 1.1 storage root with a log.

::

    files ──inventory──▶ a version ──commit──▶ in force by one rename ──log──▶ a line, a signed checkpoint
                                       └──recover──▶ what a crash left is logged or swept away
    root ──structure, fixity, logged──▶ findings (`verify`) ──repair──▶ as it was logged, from a second copy
    a release that must go ──purge──▶ a signed stub, and the chain still holds

Not here: whether a kit is signed off (`signoff`), and how it is made (`writers`).
"""
