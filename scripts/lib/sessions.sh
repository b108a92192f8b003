# Steps that leave nothing behind: each runs in a session of its own, which is ended as a whole.
# shellcheck shell=bash
#
# A process group would not do: SwiftPM gives the tests that it starts one of their own, so that what
# ends `swift test` lets them run on.

# The session of the step that runs; empty between steps.
session=""

# Starts a command in a session of its own, without input: `start_session <log> <command>…`.
start_session() {
    local output=$1
    shift
    setsid "$@" >"$output" 2>&1 </dev/null &
    # A job in the background leads no group here, so setsid needn't fork: it is the leader.
    session=$!
}

# Lists the processes of a session: `session_members <session>`. By hand, as ps may not be installed.
session_members() {
    local file line fields
    for file in /proc/[0-9]*/stat; do
        { read -r line <"$file"; } 2>/dev/null || continue
        # After the name, which may hold anything: state, parent, group, session.
        read -ra fields <<<"${line##*) }"
        if [[ ${fields[3]} == "$1" && ${fields[0]} != Z ]]; then
            file=${file#/proc/}
            printf '%s\n' "${file%/stat}"
        fi
    done
}

# Ends what is left of the session: asks, waits five seconds, and then does not ask.
end_session() {
    local members tries=0
    [[ -n $session ]] || return 0
    members=$(session_members "$session")
    # shellcheck disable=SC2086  # one word for each process
    [[ -z $members ]] || kill -TERM $members 2>/dev/null || true
    while members=$(session_members "$session") && [[ -n $members ]]; do
        # shellcheck disable=SC2086
        ((++tries < 50)) || kill -KILL $members 2>/dev/null || true
        ((tries < 100)) || break
        sleep 0.1
    done
    session=""
}
