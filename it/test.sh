#!/bin/sh
# `./masugata test [--full] [SUITE]`: builds and tests, and says how long each part took against its budget.
set -eu
root=$1
shift
full=false
suite=all
for word in "$@"; do
  case $word in
    --full) full=true ;;
    -h|--help)
      echo "usage: masugata test [--full] [invariants|mcp|conformance|egress|llm|sandbox|watch]"
      echo "Without a suite: the build, unit tests, scenarios and one pass of each real peer."
      echo "Examples:"
      echo "  masugata test"
      echo "  masugata test invariants"
      exit 0 ;;
    invariants|mcp|conformance|egress|llm|sandbox|watch) suite=$word ;;
    *) echo "masugata: \`test $word\`: there is invariants, mcp, conformance, egress, llm, sandbox and watch" >&2; exit 2 ;;
  esac
done

say() { printf 'masugata: %s\n' "$*" >&2; }

# --- what the tests need --------------------------------------------------------------------------------------------
missing=
for pair in node:nodejs npm:npm python3:python3 git:git curl:curl openssl:openssl bwrap:bubblewrap setpriv:util-linux; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
/usr/bin/python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3-pip"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing$missing"
    # shellcheck disable=SC2086  # one argument each
    { apt-get install -y -q $missing || { apt-get update -q && apt-get install -y -q $missing; }; } >/dev/null 2>&1 ||
      { say "could not install$missing"; exit 125; }
  else
    say "the tests need$missing. As root:  apt-get install$missing"
    exit 125
  fi
fi
if [ "$(id -u)" = 0 ]; then sh "$root/it/make-test-user" >/dev/null; fi
# Outside of the installation, which no seal shows.
peers=${TMPDIR:-/tmp}/masugata-peers-$(id -u)
if [ ! -d "$peers/node_modules" ] || ! cmp -s "$root/it/peers/package-lock.json" "$peers/package-lock.json"; then
  say "installing the real peers ..."
  mkdir -p "$peers"
  cp "$root/it/peers/package.json" "$root/it/peers/package-lock.json" "$peers/"
  (cd "$peers" && npm ci --ignore-scripts --no-audit --no-fund --silent) || { say "the peers cannot be installed"; exit 1; }
  chmod -R go+rX "$peers"
fi

# --- suites ---------------------------------------------------------------------------------------------------------
budget() { sed -n "s/^$1 //p" "$root/it/budgets.txt"; }
failed=0
over=0
part() { # name, then the command
  name=$1
  shift
  begun=$(date +%s)
  if "$@"; then outcome=ok; else outcome=FAILED; failed=1; fi
  seconds=$(($(date +%s) - begun))
  allowed=$(budget "$name")
  if [ "$seconds" -gt "$allowed" ]; then
    over=1
    outcome="$outcome, OVER ITS BUDGET"
  fi
  summary="$summary
$(printf '  %-12s %5d s of %5d s  %s' "$name" "$seconds" "$allowed" "$outcome")"
}
summary=
mvn() { "$root/mvnw" -B -ntp "-Dmasugata.full=$full" "-Dmasugata.peers=$peers/node_modules" "$@"; }

case $suite in
  all)
    part build mvn -q -T1C clean package -DskipTests -Dmasugata.skip-unit=true
    touch "$root/app/target/masugata.built"
    [ "$failed" = 1 ] || part unit mvn package -pl '!it'
    touch "$root/app/target/masugata.built"
    [ "$failed" = 1 ] || part it mvn package -pl it -am -Dmasugata.skip-unit=true
    ;;
  *)
    # Nothing is excluded where a suite is named.
    part "$suite" mvn package -Dgroups="$suite" -Dmasugata.excluded= -Dsurefire.failIfNoSpecifiedTests=false
    ;;
esac

# --- the end ----------------------------------------------------------------------------------------------------------
python3 - "$root" <<'PY'
import glob, sys, xml.etree.ElementTree as tree
passed = failed = skipped = 0
for report in glob.glob(sys.argv[1] + "/*/target/surefire-reports/TEST-*.xml"):
    suite = tree.parse(report).getroot()
    bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    skip = int(suite.get("skipped", 0))
    failed += bad
    skipped += skip
    passed += int(suite.get("tests", 0)) - bad - skip
print(f"\n{passed} passed, {failed} failed, {skipped} skipped")
PY
printf 'seconds against budgets (it/budgets.txt):%s\n' "$summary"
[ "$failed" = 0 ] && [ "$over" = 0 ]
