# Packages of Python's index, by pip alone, and only with the checksums pinned here.
# shellcheck shell=bash

# Interpreter that the pinned wheels of the test clients are built for.
test_python=3.11

# Makes a fresh virtual environment: `make_environment <folder> <python>`.
make_environment() {
    rm -rf "$1"
    "$2" -m venv "$1" >"$logs/venv.log" 2>&1 ||
        fail "$2 can't make a virtual environment: $(tail -n 1 "$logs/venv.log")"
}

# Runs pip of an environment: `pip <log> <what is done> <environment> <arguments>…`.
pip() {
    local log=$1 what=$2 environment=$3
    shift 3
    logged "$log" "$what" env PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 \
        "$environment/bin/python" -m pip --retries 2 --timeout 20 "$@" --require-hashes ||
        fail "$what failed: $(pip_reason "$log"); the log is $logs/$log.log"
}

pip_reason() {
    if grep -qE 'NewConnectionError|Name or service not known|Temporary failure in name|timed out' \
        "$logs/$1.log"; then
        echo "the package index can't be reached (is this machine offline?)"
    elif grep -q 'DO NOT MATCH THE HASHES' "$logs/$1.log"; then
        echo "a file isn't the pinned one (its checksum differs)"
    else
        reason "$1" '^ *ERROR:'
    fi
}

install_test_clients() {
    local environment=$deps/test-venv pins=$root/scripts/requirements-test.txt python mark
    mark=$(fingerprint "$pins" "$environment" "$test_python")
    if is_done test-clients "$mark" && [[ -x $environment/bin/python ]]; then return; fi
    python=$(command -v "python$test_python" || command -v python3) ||
        fail "Python isn't installed; the test clients need Python $test_python"
    "$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$test_python')" ||
        fail "found $("$python" --version), expected Python $test_python: the test clients are pinned for it"
    begin test-clients
    make_environment "$environment" "$python"
    pip test-clients "installing the test clients" "$environment" \
        install --only-binary :all: --requirement "$pins"
    finish test-clients "$mark"
    note "the test clients are in $environment"
}
