"""Mail to the media: never twice, never early, nobody lost silently.

::

    list + signed kit ──▶ message (body once, head for each) ──▶ outbox (two marks an attempt) ──▶ relay

    audience, outgoing, plan                  what a mailing would come to: to whom, what, when
    message, head, fields, tokens, dkim       one message as it goes over the wire; drafts: as a file
    outbox, queue, claims, decisions          what is to be sent, and how far each delivery got
    deliveries, suppression, record           … what is known of it: on screen, at each claim, in the archive
    sender, gate, embargo, letters, pace      who takes on what is due, and whether it may go
    opening, relay, replies, credentials      the one server it is handed to
    bounces                                   what comes back
    health                                    whether everything is set up

Not here: building a kit, judging who approved it (`signoff`), and keeping it (`archive`).
"""
