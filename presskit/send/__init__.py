"""Mail to the media: never twice, never early, nobody lost silently.

::

    list + signed kit ──▶ message (body once, head for each) ──▶ outbox (two marks an attempt) ──▶ relay

    mailing        what a mailing would come to: to whom, what, when
    message        one message as it goes over the wire
    outbox         what is to be sent, and how far each delivery got
    relay          handing over what is due, if it may go
    bounces        what comes back
    record         what is known of deliveries, for the archive
    credentials    who the office is to its mail servers
    health         whether everything is set up

Not here: building a kit, judging who approved it (`signoff`), and keeping it (`archive`).
"""
