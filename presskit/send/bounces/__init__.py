"""What comes back: bounces, complaints and wishes to unsubscribe, each counted once.

::

    mailboxes, imap ──▶ bytes ──reports──▶ Report ──verdict──▶ what follows ──books──▶ outbox

Not here: sending, and the lists of the media, which no bounce ever changes.
"""
