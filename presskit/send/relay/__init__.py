"""Handing over what is due: one process, several connections, one relay.

Not here: what is queued (`send.outbox`), and how a message is written (`send.message`).
"""
