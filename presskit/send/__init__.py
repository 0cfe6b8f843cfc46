"""Mail to the media: never twice, never early, nobody lost silently.

::

    list + signed kit ──▶ message (body once, head for each) ──▶ outbox (two marks an attempt) ──▶ relay

Not here: building a kit, judging who approved it (`signoff`), and keeping it (`archive`).
"""
