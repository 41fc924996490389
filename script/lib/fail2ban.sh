# shellcheck shell=bash
# Real fail2ban programs, unpacked side by side in .cache/fail2ban/SUITE and run from there. Sourced after say.sh and
# archive.sh.
#
# A version that cannot be had leaves SUITE.missing, which holds the reason; the tests read it.

trees=.cache/fail2ban

have_tree() {
    [[ -x "$trees/$1/usr/bin/fail2ban-server" ]]
}

# fetch_trees SUITE...: what is there already, or was missing a moment ago, is not asked for again.
fetch_trees() {
    local suite wanted=()
    for suite in "$@"; do
        have_tree "$suite" || is_known_to_be_missing "$trees/$suite" || wanted+=("$suite")
    done
    ((${#wanted[@]} > 0)) || return 0
    say "Unpacking fail2ban of ${wanted[*]} into $trees (Debian packages, not installed)"
    remove_left_overs "$trees"
    # Children of xargs, not jobs of this shell: those would not hear Ctrl-C.
    for suite in "${wanted[@]}"; do
        printf '%s\0' "$suite" "$suite" fail2ban
    done | xargs --null --max-procs=4 --max-args=3 script/lib/fetch-tree
}

# Modules that fail2ban wants and Debian keeps in packages of their own; they fit this machine's /usr/bin/python3 only.
fetch_python_modules() {
    local packages=(python3-systemd)
    [[ -x /usr/bin/python3 ]] || return 0
    python_has_asyncore || packages+=(python3-pyasyncore python3-pyasynchat)
    if [[ ! -d "$trees/_python" ]] && ! is_known_to_be_missing "$trees/_python"; then
        say "Unpacking ${packages[*]} into $trees/_python (modules that fail2ban uses)"
        remove_left_overs "$trees"
        # shellcheck disable=SC2154 # read_own_release sets it
        script/lib/fetch-tree _python "$own_suite" "${packages[@]}"
    fi
    python_has_asyncore || lend_asyncore_to_old_versions
}

# Python 3.12 took these modules away.
python_has_asyncore() {
    [[ -e "$trees/_python/asynchat.py" || -d "$trees/_python/asynchat" ]] ||
        /usr/bin/python3 -W ignore -c 'import asyncore, asynchat' 2>/dev/null
}

# fail2ban 1.1 has copies of its own, in which the older versions find what they want.
lend_asyncore_to_old_versions() {
    local compat
    for compat in "$trees"/*/usr/lib/python3/dist-packages/fail2ban/compat; do
        [[ -e "$compat/asynchat.py" ]] || continue
        mkdir -p "$trees/_python"
        cp -- "$compat/asynchat.py" "$trees/_python/"
        [[ -e "$trees/_python/asyncore" ]] || cp -- "$compat/asyncore.py" "$trees/_python/"
        return
    done
}
