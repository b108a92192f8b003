# How steps of the set-up run: one process at a time, with progress, a log and a stamp.
# shellcheck shell=bash

# Where everything goes that is not part of the tree.
# shellcheck disable=SC2154  # root: common.sh
deps=$root/.deps
logs=$deps/logs

note() {
    printf '[setup] %s\n' "$*" >&2
}

# Waits for another set-up of this tree to end. The lock goes with the last process of it, so that a
# build which outlives its script is waited for as well.
one_at_a_time() {
    exec {lock}>"$deps/.lock"
    if ! flock --nonblock "$lock"; then
        note "waiting for another set-up of this tree"
        flock "$lock"
    fi
}

# Runs a command without input, its output in a log: `logged <log> <what is done> <command>…`.
# Says every ten seconds that it is still running.
logged() {
    local log=$logs/$1.log what=$2 pid started=$SECONDS status=0
    shift 2
    note "$what"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        if ((SECONDS - started >= 10 && (SECONDS - started) % 10 == 0)); then
            note "  still at it after $((SECONDS - started)) s: $(tail -n 1 "$log" | cut -c 1-80)"
            sleep 1
        fi
    done
    wait "$pid" || status=$?
    return "$status"
}

# What a step is made from: files and words, hashed.
fingerprint() {
    local file
    {
        for file in "$@"; do
            if [[ -f $file ]]; then cat "$file"; else printf '%s\n' "$file"; fi
        done
    } | sha256sum | cut -d ' ' -f 1
}

# Whether a step was finished with these ingredients: `is_done <name> <fingerprint>`.
is_done() {
    [[ -f $deps/.stamp-$1 && $(<"$deps/.stamp-$1") == "$2" ]]
}

# Nothing that the step makes counts until `finish` says so.
begin() {
    rm -f "$deps/.stamp-$1"
}

finish() {
    printf '%s\n' "$2" >"$deps/.stamp-$1.new"
    mv "$deps/.stamp-$1.new" "$deps/.stamp-$1"
}
