"""What goes over the wire: fields, head, body and signature of one message, and how it is known again.

Not here: to whom it goes (`send.mailing`), and what became of it (`send.outbox`).
"""
