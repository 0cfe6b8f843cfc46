"""What a stranger finds in the archive's root in fifty years: the text that explains the rest.

Not here: the tools laid beside it (`root/`, copied as they are).
"""

from __future__ import annotations

from importlib.resources import files

README = """\
WHAT THIS IS

The archive of a communications office: every news release it signed off, with the files that went out and
the proof of who approved which words. Nothing in it is ever edited; a correction is a new version.
No program is needed to read it. It is written after OCFL 1.1, the Oxford Common File Layout
(https://ocfl.io/1.1/spec/), with folders after its extension 0003.

WHERE THINGS ARE

One folder is one release: three short folders made of digits and letters, then a folder with the release's
name, in which a colon is written %3a. To find it without searching: take the SHA-256 of the name (for
instance of urn:presskit:example.org:bridge); its first three groups of three digits are the folders.

  v1/ v2/ v3/ ...              versions; the highest number is the newest
  v3/content/                  the files that were new in that version
  v3/inventory.json            the list of all versions up to this one
  inventory.json               a copy of the newest version's list
  inventory.json.sha512        the list's SHA-512

In inventory.json, "versions" / "v3" / "state" lists the SHA-512 of each file of version 3 with its name;
"manifest" says under which path the content with that SHA-512 lies. A file that did not change lies only
in the folder of the version that brought it.

In each version: release.yaml (the release as approved), kit/ (the files that went out), words/ (the exact
words whose SHA-256 was signed), sign-off/ (the signatures), manifest.dsse.json (a signed list of all files).
If it was sent to the media: deliveries/ with the messages as they went, without what was each recipient's
own, and summary.json, how many they went to; in deliveries/personal/, which is personal data, who got them
and when (deliveries.csv, attempts.csv) and the head of each message, byte for byte (heads.txt). A message
that somebody shows you is the office's if its head stands there and the rest is that of a message here.
Only an approval of early@..., by which trusted outlets got a release before its embargo, has no file there:
its SHA-256 is that of the one line below, without its end, filled in from words/kit@....json.
{"early":{"embargo":"...","whole":"SHA-256 of words/kit@....json"},"kit":"...","lang":"...","presskit":1}

THE FILES BESIDE THIS ONE

  log.jsonl        one line for each deposit and each legal removal. "prev" is the SHA-256 of a zero byte and
                   the line before: a line that is changed, moved or taken out breaks the chain
  checkpoint       length and root (RFC 9162) of the log, signed: a "signed note" of the C2SP. Copies of
                   older ones went out with the office's mail; each of them must fit this log
  origin.txt       the name of the log in checkpoints
  key-....pem      the public keys (Ed25519); the name begins with the SHA-256 of the raw key
  purged-....json  what stays of a release that had to be removed by law: who, when, on what ground.
                   The name is the SHA-256 of the release's name

HOW TO CHECK IT

By hand: in a release's folder, sha512sum inventory.json must give what inventory.json.sha512 says, and
sha512sum of each file must give the digest "manifest" lists it under. With a shell, jq and openssl:
verify50.sh, if it lies here. With presskit: presskit verify. With any other OCFL tool.
"""


def root_texts() -> dict[str, bytes]:
    """Return the files for people in a new archive's root: name → content."""
    tools = files("presskit.archive") / "root"
    found = {"README.txt": README.encode()}
    if tools.is_dir():
        found |= {tool.name: tool.read_bytes() for tool in tools.iterdir() if tool.is_file()}
    return dict(sorted(found.items()))
