"""Whether everything is set up: each thing looked at gives a row with the fact and, if need be, the fix.

::

    rows                what a row is, and looking at everything, one failure hiding nothing
    machine  office     this computer; the office's files, look, key ring and archive
    settings servers    what house.yaml says of mail, the lists; relay and mailbox
    waiting             the outbox

Nothing is sent and nothing is changed.  Not here: what there is to look at (`pipeline.checking_up`).
"""
