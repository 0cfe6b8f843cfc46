"""What is to be sent and what became of it, through any crash: one SQLite file, asked and changed.

Not here: handing over (`send.relay`).
"""
