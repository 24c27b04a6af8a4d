#!/bin/sh
# Fetch the vendored files again, from npm:
#   book/_vendor/temml, book/_ext/temml  Temml 0.13.5 (MIT), which draws the mathematics, and
#                          Latin Modern Math (GUST Font License, from Debian), with which
#   book/_vendor/minisearch  MiniSearch 7.2.0 (MIT), which ranks what the search finds
#   book/_vendor/reveal    reveal.js 6.0.2 (MIT), which shows the slides
#   tests/book/_vendor/axe-core axe-core 4.14.1 (MPL-2.0), which checks the pages; not part of the site
# Needs npm and, on Debian, apt-get. Afterwards `git diff --stat book tests/book/_vendor` must be empty.
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

fetch temml 0.13.5 bca5b76dd26d1d6c81f8d817f6cc8bf0f0a1a7787512e281d5c22b986f8ae582
target=$root/book/_vendor/temml
cp package/dist/Temml-Latin-Modern.css package/dist/Temml.woff2 package/LICENSE "$target/"
cp package/dist/temml.min.js package/LICENSE "$root/book/_ext/temml/"
echo "wrote $target and $root/book/_ext/temml"

# the letters of the formulas, cut down to the characters that characters.txt lists
cd "$work"
apt-get download fonts-lmodern
dpkg-deb -x fonts-lmodern_*.deb fonts
font=fonts/usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf
echo "6075562b771f8b82f0c179e363389684f2dd09de30038269e2628e504bd7be0f  $font" | sha256sum --check
python3 -m venv cutter
cutter/bin/pip install --quiet fonttools==4.68.0 brotli==1.2.1
cutter/bin/pyftsubset "$font" --unicodes-file="$target/characters.txt" --layout-features=ssty,dtls \
  --no-hinting --desubroutinize --flavor=woff2 --output-file="$target/latinmodernmath.woff2"
cp fonts/usr/share/doc/fonts-lmodern/copyright "$target/LATIN-MODERN-LICENSE.txt"
echo "wrote $target/latinmodernmath.woff2"

fetch minisearch 7.2.0 cb3b8126a3ea65d6b387787294f0792b0ea4a40b70f8f37688066a5638e0218a
target=$root/book/_vendor/minisearch
grep -v '^//# sourceMappingURL' package/dist/umd/index.js >"$target/minisearch.js"
cp package/LICENSE.txt "$target/LICENSE"
echo "wrote $target"

fetch reveal.js 6.0.2 2f0c20bfb02447a198a1ebe8a8c097a5437d035caa38f2820bf4ba887a3eac91
target=$root/book/_vendor/reveal
cp package/dist/reveal.js package/dist/reveal.css package/dist/reset.css package/LICENSE "$target/"
cp package/dist/plugin/notes.js "$target/"
echo "wrote $target"

fetch axe-core 4.14.1 e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
target=$root/tests/book/_vendor/axe-core
rm -rf "$target"
mkdir -p "$target"
cp package/LICENSE package/LICENSE-3RD-PARTY.txt package/axe.min.js "$target/"
echo "wrote $target"
