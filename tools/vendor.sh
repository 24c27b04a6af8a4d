#!/bin/sh
# Fetch the vendored files of book/_vendor again: MathJax 3.2.2 (Apache-2.0) from npm.
# Needs npm. Afterwards `git diff --stat book/_vendor` must be empty.
set -eu

version=3.2.2
sha256=1b9c0a1c44df864e915690558e72adb9cc5203360daefd385084ced3b6c64c09
root=$(cd "$(dirname "$0")/.." && pwd)
target=$root/book/_vendor/mathjax
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "mathjax@$version"
python3 - "mathjax-$version.tgz" "$sha256" <<'PYTHON'
import hashlib, sys

found = hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()
sys.exit(f"checksum of {sys.argv[1]} is {found}" if found != sys.argv[2] else 0)
PYTHON
tar -xzf "mathjax-$version.tgz"

rm -rf "$target"
mkdir -p "$target/output/chtml/fonts" "$target/input/tex"
cp package/LICENSE package/es5/tex-chtml.js "$target/"
cp -R package/es5/output/chtml/fonts/woff-v2 "$target/output/chtml/fonts/"
cp -R package/es5/input/tex/extensions "$target/input/tex/"
echo "wrote $target"
