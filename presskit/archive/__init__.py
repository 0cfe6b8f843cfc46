"""Every signed-off version, readable in 50 years, every change noticed: an OCFL 1.1 storage root with a log.

Not here: whether a kit is signed off (`signoff`), and how it is made (`writers`).
"""
