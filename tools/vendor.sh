#!/bin/sh
# Fetch the vendored files again, from npm:
#   book/_vendor/mathjax   MathJax 3.2.2 (Apache-2.0), which draws the mathematics
#   tests/book/_vendor/axe-core axe-core 4.14.1 (MPL-2.0), which checks the pages; not part of the site
# Needs npm. Afterwards `git diff --stat book/_vendor tests/book/_vendor` must be empty.
set -eu

unset CDPATH
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Unpack a package into $work/package: name, version, checksum of its archive.
fetch() {
  cd "$work"
  rm -rf package
  npm pack --silent "$1@$2" >/dev/null
  python3 - "$1-$2.tgz" "$3" <<'PYTHON'
import hashlib, sys

found = hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()
sys.exit(f"checksum of {sys.argv[1]} is {found}" if found != sys.argv[2] else 0)
PYTHON
  tar -xzf "$1-$2.tgz"
}

fetch mathjax 3.2.2 1b9c0a1c44df864e915690558e72adb9cc5203360daefd385084ced3b6c64c09
target=$root/book/_vendor/mathjax
rm -rf "$target"
mkdir -p "$target/output/chtml/fonts" "$target/input/tex"
cp package/LICENSE package/es5/tex-chtml.js "$target/"
cp -R package/es5/output/chtml/fonts/woff-v2 "$target/output/chtml/fonts/"
cp -R package/es5/input/tex/extensions "$target/input/tex/"
echo "wrote $target"

fetch axe-core 4.14.1 e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
target=$root/tests/book/_vendor/axe-core
rm -rf "$target"
mkdir -p "$target"
cp package/LICENSE package/LICENSE-3RD-PARTY.txt package/axe.min.js "$target/"
echo "wrote $target"
