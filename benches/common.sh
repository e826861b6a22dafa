# What the measurements share; sourced by each of them.
#
# They measure the release build of this checkout, or the program that LABBOOK
# names. They judge nothing: they print figures, and the aim beside them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -z "${LABBOOK:-}" ]; then
    cargo build --release
    LABBOOK=target/release/labbook
fi
LABBOOK=$(realpath "$LABBOOK")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/labbook-bench-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# Milliseconds, of a clock that only differences of are taken.
now() {
    date +%s%3N
}

# What else uses the machine makes every figure worse, so it is said.
load() {
    echo "$("$LABBOOK" --version), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
}

# Minimum, median and maximum in seconds of the milliseconds on standard input.
spread() {
    sort -n | awk '
        { value[NR] = $1 / 1000 }
        END {
            middle = NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2
            printf "minimum %.2f s, median %.2f s, maximum %.2f s\n", value[1], middle, value[NR]
        }'
}

# $1 / $2 with two decimals.
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}
