#!/bin/sh
# Checks an archive of news releases without the program that made it.
#
#   sh verify50.sh ROOT [CHECKPOINT...]          the whole archive: every object, every version, the log, the checkpoint;
#                                                a CHECKPOINT is one kept outside, copied from an e-mail into a file
#   sh verify50.sh OBJECT_DIR KEY.pem VERSION    one version, v1 for instance, whose list of files KEY signed
#
# Needs a POSIX shell with the usual small programs (coreutils, findutils, diffutils, sed, grep), jq and openssl 3.
# Ends with 0 if everything matches, with 1 and one line FAILED if something does not, with 2 if it could not start.
# What it can not know: whether key-*.pem are the office's keys.  It prints their digests: compare them with those
# the office gave out.  Only a checkpoint kept outside shows that nothing newer was taken away or written anew.
#
# shellcheck disable=SC2015,SC2016  # `a && b || fail` is meant; the $ in single quotes are jq's
set -eu
LC_ALL=C
export LC_ALL
tab=$(printf '\t')
exec 3>&1 # so that a failure is printed, not caught by $(...)

stop() {
  echo "verify50.sh: $*" >&2
  exit 2
}
for needed in jq openssl sha256sum sha512sum base64 find xargs sort comm join cmp cut od sed grep mktemp; do
  command -v "$needed" >/dev/null || stop "the program $needed is missing"
done
T=$(mktemp -d) || stop "there is no room for temporary files"
trap 'ended $?' EXIT
trap 'exit 2' HUP INT TERM
ended() {
  [ "$1" -eq 0 ] || [ "$1" -eq 2 ] || [ -f "$T/failed" ] ||
    echo "FAILED   something could not be read, or there is no room in $T" >&3
  rm -rf "$T"
  [ "$1" -eq 0 ] || [ "$1" -eq 2 ] || exit 1
}

# Nothing that can fail stands on the left of a pipe, or of || and &&, where the shell would forget that it did.
fail() {
  : >"$T/failed"
  printf 'FAILED   %s\n' "$(printf '%s' "$*" | tr '\n' ' ' | tr -d '\000-\037\177')" >&3
  exit 1
}

# ask FILE FILTER [OPTION...]: what jq finds in a file, as text.
ask() {
  asked=$1 filter=$2
  shift 2
  jq -r "$@" "$filter" "$asked" 2>"$T/why" || fail "${asked#"$T/"} can not be read: $(sed 's/^jq: //;q' "$T/why")"
}

# sorted LIST FILE FILTER [OPTION...]: the same, sorted, in a file.
sorted() {
  list=$1
  shift
  ask "$@" >"$T/unsorted"
  sort "$T/unsorted" >"$list"
}

# none FILE WORDS: the file is empty, or the words and its first line.
none() {
  [ -f "$1" ] && [ ! -s "$1" ] || fail "$2: $(head -n 1 "$1")"
}

# same LIST LIST WORDS: both have the same lines, or the words and the first line that only one of them has.
same() {
  cmp -s "$1" "$2" || fail "$3: $(comm -3 "$1" "$2" | tr -d '\t' | head -n 1)"
}

# fixity PROGRAM LIST WORDS: every file of the list has its digest, or the words and the first file that has not.
fixity() {
  "$1" --check --strict --quiet "$2" >"$T/out" 2>&1 || fail "$3: $(head -n 1 "$T/out")"
}

sha256_of() {
  sha256sum "$1" >"$T/sum"
  cut -c 1-64 "$T/sum"
}

# plain_names: nothing below this folder but files and folders, with names that a list of digests can carry.
plain_names() {
  find . -name '*[[:cntrl:]]*' -o -name '*\\*' >"$T/odd"
  none "$T/odd" "a name with a line break, a control character or a backslash"
  find . ! -type f ! -type d >"$T/odd"
  none "$T/odd" "neither file nor folder"
}

# raw_key FILE: the 32 bytes of an Ed25519 key, as $T/raw.  Source: RFC 8410.
raw_key() {
  openssl pkey -pubin -in "$1" -outform DER -out "$T/der" 2>/dev/null || fail "$1 is no public key"
  [ "$(head -c 12 "$T/der" | od -An -tx1 | tr -d ' \n')" = 302a300506032b6570032100 ] || fail "$1 is no Ed25519 key"
  tail -c 32 "$T/der" >"$T/raw"
}

# known_keys FOLDER: the keys of an archive, as $T/keys/<digest of the key>.pem: those in its root, and those its
# key ring names.  Source: RFC 8709, 4 (what stands in an ssh-ed25519 line).
known_keys() {
  for key in "$1"/key-*.pem; do
    [ -f "$key" ] || continue
    raw_key "$key"
    id=$(sha256_of "$T/raw")
    [ "${key##*/}" = "key-$(printf %.16s "$id").pem" ] || fail "${key##*/} is not named after the key in it"
    cp "$key" "$T/keys/$id.pem"
    echo "key      $id"
  done
  find "$1" -path '*%3akey-ring/v*/content/ring/*.dsse.json' >"$T/unsorted"
  sort "$T/unsorted" >"$T/ring"
  while IFS= read -r record; do
    ask "$record" '.payload | @base64d | fromjson | .predicate | select(.key) | "\(.key) \(.principal) \(.name)"' >"$T/member"
    while read -r kind key who; do
      [ "$kind" = ssh-ed25519 ] || continue
      printf %s "$key" | base64 -d 2>/dev/null | tail -c 32 >"$T/raw"
      { printf '\060\052\060\005\006\003\053\145\160\003\041\000' && cat "$T/raw"; } >"$T/der"
      id=$(sha256_of "$T/raw")
      [ ! -f "$T/keys/$id.pem" ] || continue
      openssl pkey -pubin -inform DER -in "$T/der" -out "$T/keys/$id.pem" 2>/dev/null || fail "$record names no Ed25519 key"
      echo "key      $id $who"
    done <"$T/member"
  done <"$T/ring"
}

# holds KEY FILE: $T/signature is this key's, over the file.
holds() {
  openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2" -sigfile "$T/signature" >/dev/null 2>&1
}

# ssh_holds KEY FILE: the same, made by ssh-keygen -Y sign.  Source: OpenSSH, PROTOCOL.sshsig.
ssh_holds() {
  raw_key "$1"
  { printf '\000\000\000\013ssh-ed25519\000\000\000\040' && cat "$T/raw"; } >"$T/blob"
  printf 'x ssh-ed25519 %s\n' "$(base64 -w 0 "$T/blob")" >"$T/allowed"
  { echo '-----BEGIN SSH SIGNATURE-----' && base64 -w 70 "$T/signature" && echo '-----END SSH SIGNATURE-----'; } >"$T/armoured"
  ssh-keygen -Y verify -f "$T/allowed" -I x -n signoff@presskit -s "$T/armoured" <"$2" >/dev/null 2>&1
}

# signed_by FILE KEYS WORDS: unpack a DSSE envelope to $T/said; a key of the folder KEYS has signed it, or the words.
# Source: DSSE 1.0.2: what is signed is the type and the text, each behind its length.
signed_by() {
  ask "$1" '.payloadType, .payload, (.signatures[] | "\(.kind // "raw") \(.keyid) \(.sig)" | select(test("^[a-z0-9]+ [0-9a-f]{64} [A-Za-z0-9+/=]+$")))' >"$T/envelope"
  kind=$(sed -n 1p "$T/envelope")
  [ "$kind" = application/vnd.in-toto+json ] || fail "$3: it is of another kind, $kind"
  sed -n 2p "$T/envelope" | base64 -d >"$T/said" 2>/dev/null || fail "$3: its text is not written in base64"
  sed 1,2d "$T/envelope" >"$T/signatures"
  { printf 'DSSEv1 %d %s %d ' "${#kind}" "$kind" "$(wc -c <"$T/said")" && cat "$T/said"; } >"$T/signed"
  good='' skipped=''
  while read -r kind id signature; do
    [ -f "$2/$id.pem" ] || continue
    printf %s "$signature" | base64 -d >"$T/signature" 2>/dev/null || continue
    if [ "$kind" = raw ]; then
      ! holds "$2/$id.pem" "$T/signed" || good=$id
    elif [ "$kind" = sshsig ] && command -v ssh-keygen >/dev/null; then
      ! ssh_holds "$2/$id.pem" "$T/signed" || good=$id
    else
      skipped=$kind
    fi
  done <"$T/signatures"
  [ -n "$good$skipped" ] || fail "$3"
  [ -n "$good" ] || echo "skipped  $1: its signature ($skipped) can not be checked here; for sshsig, install ssh-keygen"
}

# sidecar FOLDER: inventory.json there has the digest beside it.
sidecar() {
  [ -f "$1/inventory.json" ] && [ -f "$1/inventory.json.sha512" ] || fail "$1 has no inventory.json with its digest"
  printf '%s  %s\n' "$(cut -d ' ' -f 1 "$1/inventory.json.sha512")" "$1/inventory.json" >"$T/sums"
  fixity sha512sum "$T/sums" "an inventory is not the one its digest was taken of"
}

# check_object: the object in this folder holds what its inventories say, and nothing else.  Source: OCFL 1.1, 3.
check_object() {
  plain_names
  [ "$(cat 0=ocfl_object_1.1)" = ocfl_object_1.1 ] || fail "$PWD is no OCFL 1.1 object"
  sidecar .
  ask inventory.json 'def bad: test("[\\x00-\\x1f\\x7f\\\\]|^/|(^|/)[.]{0,2}(/|$)");
    ((.manifest | .[][]), (.versions[].state | .[][]) | select(bad) | "odd a name no file may have: " + @json),
    (.versions[].state | [.[][]] | group_by(.)[] | select(length > 1)[0] | "odd a name twice in one version: " + @json),
    ([.versions[].state | keys[]] as $used | (.manifest | keys) as $kept | ($used - $kept) + ($kept - $used) | .[]
      | "odd content no version uses, or lacks some: " + @json),
    "head " + .head, (.versions | keys_unsorted | sort_by(.[1:] | tonumber)[] | "version " + .),
    (.manifest | to_entries[] | .key as $digest | .value[] | "content \($digest)  \(.)")' >"$T/inventory"
  odd=$(sed -n '/^odd /{s///p;q;}' "$T/inventory")
  [ -z "$odd" ] || fail "inventory.json has $odd"
  head=$(sed -n 's/^head //p' "$T/inventory")
  sed -n 's/^version //p' "$T/inventory" >"$T/versions"
  sed -n 's/^content //p' "$T/inventory" >"$T/content"
  printf './0=ocfl_object_1.1\n./inventory.json\n./inventory.json.sha512\n' >"$T/unsorted-due"
  number=0
  while read -r version; do
    number=$((number + 1))
    [ "$version" = "v$number" ] || fail "inventory.json has $version where v$number is due"
    sidecar "$version"
    printf './%s/inventory.json\n./%s/inventory.json.sha512\n' "$version" "$version" >>"$T/unsorted-due"
    cmp -s inventory.json "$version/inventory.json" || same_history "$version"
  done <"$T/versions"
  [ "$head" = "v$number" ] || fail "inventory.json names $head as its newest version, and lists $number"
  cmp -s inventory.json "$head/inventory.json" || fail "inventory.json is not the one of the newest version, $head"
  cut -d ' ' -f 3- "$T/content" | sed 's,^,./,' >>"$T/unsorted-due"
  sort "$T/unsorted-due" >"$T/due"
  find . -type f >"$T/unsorted"
  sort "$T/unsorted" >"$T/disk"
  same "$T/due" "$T/disk" "the files of the inventory are not those on disk"
  fixity sha512sum "$T/content" "content is damaged"
}

# same_history VERSION: its inventory says of it, and of those before, what the newest one says.
same_history() {
  told=$(ask "$1/inventory.json" 'def listed($w): .versions[$w] | .state |= map_values(sort);
    .id == $now[0].id and .head == $v and (.versions | length) == ($v[1:] | tonumber)
    and all(.versions | keys[]; . as $w | [$was[0], $now[0] | listed($w)] | .[0] == .[1])' \
    --arg v "$1" --slurpfile was "$1/inventory.json" --slurpfile now inventory.json)
  [ "$told" = true ] || fail "$1/inventory.json tells another history than inventory.json"
}

# check_version VERSION KEYS: its files are those of the list that a key of the folder KEYS signed, and what was
# signed off.
check_version() {
  grep -Fxq -- "$1" "$T/versions" || fail "there is no version $1"
  # of each file, its name and where it lies, with a tab between
  sorted "$T/state" inventory.json '.manifest as $m | .versions[$v].state | to_entries[] | $m[.key][0] as $path | .value[] | "\(.)\t\($path)"' --arg v "$1"
  signed_list=$(sed -n "s,^manifest[.]dsse[.]json$tab,,p" "$T/state")
  [ -n "$signed_list" ] || fail "$1 has no signed list of its files, manifest.dsse.json"
  signed_by "$signed_list" "$2" "$1: no known key has signed the list of its files"
  sorted "$T/list" "$T/said" 'select(.predicateType == "urn:presskit:archived:v1") | .subject[] | "\(.name)\t\(.digest.sha256)"'
  [ -s "$T/list" ] || fail "$1: manifest.dsse.json is no list of files"
  cut -f 1 "$T/list" >"$T/one"
  cut -f 1 "$T/state" | grep -Fxv manifest.dsse.json >"$T/two" || [ $? -eq 1 ]
  same "$T/one" "$T/two" "$1 holds other files than its signed list"
  join -t "$tab" -o 1.2,2.2 "$T/list" "$T/state" | sed "s/$tab/  /" >"$T/sums"
  fixity sha256sum "$T/sums" "a file of $1 is not the one in its signed list"
  check_records "$1"
}

# check_records VERSION: every record of a sign-off or the key ring is signed, and approvals cover the words and files that lie here.
check_records() {
  sed -n -e "s,^sign-off/[^/$tab]*[.]dsse[.]json$tab,,p" -e "s,^ring/[^/$tab]*[.]dsse[.]json$tab,,p" "$T/state" >"$T/records"
  : >"$T/statements"
  while IFS= read -r record; do
    signed_by "$record" "$T/keys" "$record: no known key has signed this record"
    cat "$T/said" >>"$T/statements"
  done <"$T/records"
  sorted "$T/approved" "$T/statements" 'select(.predicateType == "urn:presskit:sign-off:v1" and .predicate.decision == "approve") | .subject[]
    | "\(.digest.sha256)  " + (.name | if startswith("file:") then .[5:] | if startswith("kit/") then . else "kit/" + . end
      else sub("^[^#]*#(block:)?"; "words/") + ".json" end)'
  sed "s/^\(.*\)$tab\(.*\)/\2  \1/" "$T/list" | sort >"$T/here"
  comm -12 "$T/approved" "$T/here" >"$T/agreed"
  for part in approved here agreed; do
    cut -c 67- "$T/$part" >"$T/unsorted"
    sort -u "$T/unsorted" >"$T/$part-names"
  done
  # must be covered: all words, and each file of the kit that an approval names
  grep '^words/' "$T/here-names" >"$T/unsorted" || [ $? -eq 1 ]
  comm -12 "$T/approved-names" "$T/here-names" >>"$T/unsorted"
  sort -u "$T/unsorted" >"$T/needed"
  comm -23 "$T/needed" "$T/agreed-names" >"$T/odd"
  none "$T/odd" "$1: nobody approved what stands there now"
}

# hash_all FOLDER LIST COUNT: the SHA-256 of each file, in the order of their names.
hash_all() {
  find "$1" -type f | sort | xargs -r sha256sum | cut -c 1-64 >"$2"
  [ "$(wc -l <"$2")" -eq "$3" ] || fail "there is no room in $T"
}

# check_log: every line follows from the one before; $T/leaves holds the digest of each.
# Source: RFC 9162, 2.1.1: a line is hashed behind a zero byte, two digests behind a one.
check_log() {
  mkdir "$T/lines"
  count=0
  : >"$T/log"
  while IFS= read -r line; do
    printf '\000%s' "$line" >"$T/lines/$((1000000000 + count))"
    printf '%s\n' "$line" >>"$T/log"
    count=$((count + 1))
  done <log.jsonl
  head -c "$(wc -c <"$T/log")" log.jsonl | cmp -s - "$T/log" || fail "log.jsonl holds bytes that are no text"
  cmp -s log.jsonl "$T/log" || echo "note     log.jsonl ends with a torn line, left by a crash; it does not count"
  hash_all "$T/lines" "$T/leaves" "$count"
  ask "$T/log" 'fromjson | "\(.seq) \(.prev)"' -R >"$T/told"
  { printf '%064d\n' 0 && cat "$T/leaves"; } >"$T/before"
  number=0
  while [ "$number" -lt "$count" ] && read -r digest; do
    echo "$number $digest"
    number=$((number + 1))
  done <"$T/before" >"$T/due"
  broken=$(cmp "$T/told" "$T/due" 2>&1) || fail "log.jsonl: line ${broken##*line } does not follow from the one before it"
  echo "log      $count lines, each follows from the one before"
}

# octal HEX: the bytes that hexadecimal digits stand for.
octal() {
  rest=$1 escaped=''
  while [ -n "$rest" ]; do
    more=${rest#??}
    byte=$((0x${rest%"$more"}))
    escaped="$escaped\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
    rest=$more
  done
  # shellcheck disable=SC2059  # what is printed is the format
  printf "$escaped"
}

# tree_root SIZE: the root over the first lines of the log, in hexadecimal.  Source: RFC 9162, 2.1.1.
tree_root() {
  head -n "$1" "$T/leaves" >"$T/level"
  width=$1
  if [ "$width" -eq 0 ]; then
    : >"$T/nothing"
    sha256_of "$T/nothing" >"$T/level"
  fi
  while [ "$width" -gt 1 ]; do
    rm -rf "$T/pairs"
    mkdir "$T/pairs"
    number=0
    while read -r left && read -r right; do
      octal "01$left$right" >"$T/pairs/$((1000000000 + number))"
      number=$((number + 1))
    done <"$T/level"
    hash_all "$T/pairs" "$T/above" "$number"
    [ $((width % 2)) -eq 0 ] || tail -n 1 "$T/level" >>"$T/above"
    mv "$T/above" "$T/level"
    width=$(((width + 1) / 2))
  done
  cat "$T/level"
}

# check_checkpoint FILE: a known key signed the size and the root, and the log has them.
# Source: C2SP signed-note and tlog-checkpoint.
check_checkpoint() {
  sed '/^$/,$d' "$1" >"$T/body"
  sed '1,/^$/d' "$1" >"$T/marks"
  origin=$(sed -n 1p "$T/body") size=$(sed -n 2p "$T/body") told=$(sed -n 3p "$T/body")
  [ ! -f origin.txt ] || [ "$origin" = "$(cat origin.txt)" ] || fail "$1 is of another log, $origin"
  case $size in '' | *[!0-9]* | 0?* | ??????????*) fail "$1 is no checkpoint: it names no number of lines" ;; esac
  good=''
  while read -r dash name mark; do
    [ "$dash $name" = "$(printf '\342\200\224') $origin" ] || continue
    printf %s "$mark" | base64 -d >"$T/mark" 2>/dev/null || continue
    [ "$(wc -c <"$T/mark")" -eq 68 ] || continue
    tail -c 64 "$T/mark" >"$T/signature"
    for key in "$T"/keys/*.pem; do
      [ -f "$key" ] || continue
      raw_key "$key"
      { printf '%s\n\001' "$name" && cat "$T/raw"; } >"$T/named"
      due=$(sha256_of "$T/named")
      [ "$(head -c 4 "$T/mark" | od -An -tx1 | tr -d ' \n')" = "$(printf %.8s "$due")" ] || continue
      ! holds "$key" "$T/body" || good=$(basename "$key" .pem)
    done
  done <"$T/marks"
  [ -n "$good" ] || fail "$1: no known key has signed this checkpoint"
  [ "$size" -le "$count" ] || fail "$1 saw $size lines, log.jsonl has $count: newer ones were taken away"
  found=$(tree_root "$size")
  octal "$found" >"$T/found-root"
  [ "$(base64 "$T/found-root")" = "$told" ] || fail "$1: the first $size lines of log.jsonl are not those it saw"
  echo "checked  $1, over $size lines, signed with the key $good"
}

# check_place FOLDER: the object lies where its id belongs.  Source: OCFL extension 0003.
check_place() {
  ask "$1/inventory.json" .id -j >"$T/id"
  object_id=$(cat "$T/id")
  case $object_id in '' | *[!!-~]*) fail "$1 has an id no object may have" ;; esac
  place=$(sha256_of "$T/id" | sed 's,^\(...\)\(...\)\(...\).*,./\1/\2/\3,')
  [ "${1%/*}" = "$place" ] || fail "$1 does not lie where $object_id belongs"
  ! grep -Fxq -- "$object_id" "$T/ids" || fail "$object_id is there twice"
  echo "$object_id" >>"$T/ids"
}

# check_logged: the versions on disk are those of the log, each with the inventory that was logged; of what was
# removed by law nothing is left but what says so.
check_logged() {
  sorted "$T/purged" "$T/log" 'fromjson | select(.action == "purge") | "\(.object) \(.stub_sha256)"' -R
  : >"$T/unsorted-stubs"
  while read -r purged digest; do
    printf %s "$purged" >"$T/id"
    stub=./purged-$(sha256_of "$T/id").json
    echo "$stub" >>"$T/unsorted-stubs"
    [ -f "$stub" ] || fail "$stub, what stays of $purged, is missing"
    [ "$(sha256_of "$stub")" = "$digest" ] || fail "$stub is not what was logged when $purged was removed"
    signed_by "$stub" "$T/keys" "$stub: no known key has signed the removal of $purged"
    echo "removed  $purged, by law; see $stub"
  done <"$T/purged"
  sort "$T/unsorted-stubs" >"$T/due"
  find . -maxdepth 1 -name 'purged-*' >"$T/unsorted"
  sort "$T/unsorted" >"$T/disk"
  same "$T/due" "$T/disk" "a removal that is not in log.jsonl, or not here"
  sorted "$T/logged" "$T/log" '[inputs | fromjson] | (map(select(.action == "purge").object) | unique) as $purged
    | map(select(.inventory_sha512 and (.object | IN($purged[]) | not)) | "\(.object) v\(.version) \(.inventory_sha512)") | unique[]' -R -n
  sort "$T/unsorted-found" >"$T/found"
  comm -23 "$T/logged" "$T/found" >"$T/odd"
  none "$T/odd" "log.jsonl has a version that is missing or is another one now"
  comm -13 "$T/logged" "$T/found" >"$T/odd"
  none "$T/odd" "a version that is not in log.jsonl"
  echo "logged   $(wc -l <"$T/found") versions, each with the inventory that was logged"
}

# check_root FOLDER [CHECKPOINT...]: everything.
check_root() {
  start=$PWD
  cd -- "$1"
  shift
  plain_names
  known_keys .
  [ -f log.jsonl ] || fail "log.jsonl is missing"
  check_log
  [ -f checkpoint ] || [ "$count" -eq 0 ] || fail "checkpoint is missing"
  [ "$count" -eq 0 ] || check_checkpoint checkpoint
  for kept in "$@"; do
    case $kept in /*) check_checkpoint "$kept" ;; *) check_checkpoint "$start/$kept" ;; esac
  done
  find . -name '0=ocfl_object_1.1' >"$T/unsorted"
  sed 's,/[^/]*$,,' "$T/unsorted" >"$T/unsorted-objects"
  sort "$T/unsorted-objects" >"$T/objects"
  : >"$T/ids"
  : >"$T/unsorted-inside"
  : >"$T/unsorted-found"
  while IFS= read -r object; do
    find "$object" -type f >>"$T/unsorted-inside"
    check_place "$object"
    (
      cd -- "$object"
      check_object
      while read -r version; do
        check_version "$version" "$T/keys"
        sha512sum "$version/inventory.json" >"$T/sum"
        echo "$object_id $version $(cut -c 1-128 "$T/sum")" >>"$T/unsorted-found"
      done <"$T/versions"
      echo "object   $object_id, up to v$number"
    )
  done <"$T/objects"
  find . -mindepth 2 -type f ! -path './extensions/*' >"$T/unsorted"
  sort "$T/unsorted" >"$T/all"
  sort "$T/unsorted-inside" >"$T/inside"
  same "$T/all" "$T/inside" "a file that belongs to no object"
  check_logged
}

# check_alone FOLDER KEY VERSION: one version of one object.
check_alone() {
  raw_key "$2"
  id=$(sha256_of "$T/raw")
  cp "$2" "$T/key/$id.pem"
  cd -- "$1"
  above=$(pwd -P)
  while [ "$above" != / ] && [ ! -f "$above/0=ocfl_1.1" ]; do above=$(dirname "$above"); done
  known_keys "$above"
  cp "$T"/key/*.pem "$T/keys/"
  check_object
  echo "fixity   every file is there as it was archived, and no file too many"
  check_version "$3" "$T/key"
  echo "signed   $3 holds the files of its signed list; its words and its kit are what was approved"
}

mkdir "$T/keys" "$T/key"
if [ $# -ge 1 ] && [ -f "$1/0=ocfl_1.1" ]; then
  for given in "$@"; do
    [ "$given" = "$1" ] || [ -f "$given" ] || stop "there is no file $given"
  done
  check_root "$@"
elif [ $# -eq 3 ] && [ -f "$1/0=ocfl_object_1.1" ]; then
  [ -f "$2" ] || stop "there is no file $2"
  check_alone "$@"
else
  stop "usage: sh verify50.sh ROOT [CHECKPOINT...], or sh verify50.sh OBJECT_DIR KEY.pem VERSION"
fi
echo "OK       everything matches"
