# Packages of the distribution.
# shellcheck shell=bash

debian_packages=(
    ca-certificates
    flite1-dev
    gcc
    libc6-dev
    libcurl4-openssl-dev
    libssl-dev
    libyaml-dev
    pkg-config
    python3
    python3-venv
)

install_debian_packages() {
    local missing=() installed package
    if ! command -v dpkg-query >/dev/null; then
        note "this isn't Debian; install the equivalents of: ${debian_packages[*]}"
        return
    fi
    # dpkg-query fails for packages it has never heard of, and lists the others.
    installed=$(dpkg-query --show --showformat '${db:Status-Abbrev}${Package}\n' \
        "${debian_packages[@]}" 2>/dev/null || true)
    for package in "${debian_packages[@]}"; do
        # python3 itself may come from elsewhere, with venv and all.
        grep -qx "ii $package" <<<"$installed" || is_elsewhere "$package" || missing+=("$package")
    done
    if ((${#missing[@]} > 0)); then install_with_apt "${missing[@]}"; fi
}

is_elsewhere() {
    [[ $1 == python3 || $1 == python3-venv ]] && python3 -c 'import ensurepip, venv' 2>/dev/null
}

install_with_apt() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get --assume-yes -o DPkg::Lock::Timeout=120)
    if ((EUID != 0)); then
        sudo --non-interactive true 2>/dev/null ||
            fail "needs root to install packages; run: sudo apt-get install --no-install-recommends $*"
        apt=(sudo --non-interactive "${apt[@]}")
    fi
    # An update that fails may still leave lists that are good enough.
    logged apt-update "reading the lists of packages" "${apt[@]}" update || true
    logged apt "installing $*" "${apt[@]}" install --no-install-recommends "$@" ||
        fail "apt-get can't install $*: $(reason apt '^E: '); the log is $logs/apt.log"
}

# The first line of a log that says what went wrong.
reason() {
    grep -m 1 -E "$2" "$logs/$1.log" || echo "no reason given (is this machine offline?)"
}
