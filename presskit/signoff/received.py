"""An answer that was signed elsewhere, with OpenSSH, to a record of the ledger.

Not here: the statement file it is about (`requests`).
"""

from __future__ import annotations

from datetime import UTC

from presskit.errors import NotAllowed, Place, Problem
from presskit.signoff.allowed import require_entitled
from presskit.signoff.envelope import BadEnvelope, payload_in, read, with_ssh_signature
from presskit.signoff.ledger import Ledger, NewRecord, add_record, folder_of
from presskit.signoff.records import BadRecord, Logged, decision_in
from presskit.signoff.sshsig import BadSignature, holds, read_armoured
from presskit.signoff.standing import Standing
from presskit.signoff.state import evaluate
from presskit.workspace import Workspace


def receive(standing: Standing, message: bytes, signature: str, workspace: Workspace) -> Logged:
    """Enter an answer that was signed with ssh-keygen elsewhere; return the record.

    Args:
        message: the statement file, as `requests` made it.
        signature: what ssh-keygen made of it.

    Raises:
        NotAllowed: it is not about these words, or the key is nobody's who may answer.
    """
    place = Place(f"release {standing.scopes.slug}")
    try:
        payload, found = payload_in(message), read_armoured(signature)
        content = with_ssh_signature(payload, found)
        decision = decision_in(read(content).statement, standing.scopes.kit)
        if not holds(found, message):
            raise BadSignature("the signature is not over this statement")
    except (BadEnvelope, BadRecord, BadSignature) as error:
        fix = "ask for the statement file and the .sig that ssh-keygen made of it, both unchanged."
        raise NotAllowed(
            Problem(place, "", f"this answer can not be taken: {error}.", fix, "answer-invalid")
        ) from error

    def make(ledger: Ledger) -> NewRecord:
        """Return the record if it would count behind what the ledger holds by now."""
        now = standing.with_ledger(ledger, workspace)
        seq, at = len(ledger.chain.entries), workspace.now.astimezone(UTC)
        record = Logged("answer", seq, at, read(content))
        after = evaluate(now.scopes, (*now.found.records, record), ledger.ring, now.found.evidence)
        left_out = [why for file, why in after.left_out if file == "answer"]
        parts = [part for name, part in now.scopes.by_name.items() if name in decision.scopes]
        if left_out:
            why = left_out[0]
        elif decision.act == "submit" or decision.files:
            why = "it neither approves nor rejects a quote or a mention"
        elif {part.name: part.digest for part in parts} != decision.scopes:
            why = "the words have changed since it was asked for"
        else:
            require_entitled(now, after.counted[-1].signer, parts, decision.principal, decision.method)
            return NewRecord(f"{decision.act}-{decision.principal.replace(':', '-')}", content, {})
        fix = "add the key to the key ring, or ask again: presskit request"
        raise NotAllowed(Problem(place, "", f"this answer would not count: {why}.", fix, "answer-invalid"))

    return add_record(folder_of(standing.scopes.slug), workspace, make)
