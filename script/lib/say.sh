# shellcheck shell=bash
# What the scripts say. Sourced. Everything goes to standard error: standard output belongs to the program that is run.

say() {
    printf '==> %s\n' "$*" >&2
}

note() {
    printf '    %s\n' "$*" >&2
}

# fail MESSAGE HINT...: what went wrong, then what to do next.
fail() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    local hint
    for hint in "$@"; do
        printf '       %s\n' "$hint" >&2
    done
    exit 1
}

# The last lines of a program's own words, set off from ours.
quote_tail() {
    tail -n "${2:-15}" -- "$1" | cut -c 1-300 | sed 's/^/    | /' >&2
}
