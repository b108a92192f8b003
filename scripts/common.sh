# What the scripts share; sourced, not run.
# shellcheck shell=bash disable=SC2034

# Where the package lies; callers stay in the folder they were called from.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Says what is being done, on standard error, so that standard output stays the program's.
say() {
    printf '==> %s\n' "$*" >&2
}

# Ends with one clear line.
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Stops where the toolchain is missing or too old.
require_swift() {
    local version
    command -v swift >/dev/null 2>&1 ||
        fail "Swift isn't installed; install Swift 6.3 or later from swift.org and put it on PATH"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
    [[ -n $version ]] || fail "swift --version says nothing that can be understood; is it Swift?"
    if [[ $(printf '6.3\n%s\n' "$version" | sort -V | head -n 1) != 6.3 ]]; then
        fail "Swift $version is too old; Parley needs 6.3 or later"
    fi
}
