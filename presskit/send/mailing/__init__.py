"""A release and lists of the media to what one mailing would come to.

Not here: putting it into the outbox (`send.outbox`).
"""
