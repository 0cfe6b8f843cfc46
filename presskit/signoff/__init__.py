"""Who cleared exactly which words: digests of what is approved, signed records, the key ring, and the state.

::

    draft ──scopes──▶ what needs whose approval, each with a digest
    records + log ──records──▶ what was decided, by whom, in which order
    key ring ──keyring──▶ which signatures count
                          └──state──▶ in review, approved or signed off: a pure function of the three

Not here: keeping versions (`archive`), and what a release says (`compose`).
"""
