# shellcheck shell=bash
# PostgreSQL's server for the tests: the programs of this machine, else those of Debian's package, unpacked and not
# installed. Sourced after say.sh and archive.sh.
#
# .cache/postgresql/bin is a link to the folder of the programs that were chosen, and all that the tests look at. Where
# there are none, tree.missing beside it holds the reason. The tests start a server of their own from them; a service of
# this machine is neither used nor started.

postgresql=.cache/postgresql
# What the tests' server is set up with (ICU collations for a whole database) came with this version.
oldest_postgresql=15

# Says nothing when there is nothing to do. BANGUI_POSTGRESQL=unpacked passes over the programs of this machine.
prepare_postgresql() {
    local programs
    mkdir -p "$postgresql"
    if [[ "${BANGUI_POSTGRESQL:-}" != unpacked ]] && programs=$(find_installed_postgresql); then
        choose_postgresql "$programs"
        return
    fi
    if ! programs=$(find_unpacked_postgresql) && ! is_known_to_be_missing "$postgresql/tree"; then
        say "Unpacking PostgreSQL into $postgresql (Debian packages, not installed: no service is started)"
        remove_left_overs "$postgresql"
        make_tree "$postgresql/tree" unpack_postgresql
        programs=$(find_unpacked_postgresql) || report_missing_postgresql
    fi
    choose_postgresql "$programs"
}

report_missing_postgresql() {
    [[ -e "$postgresql/tree.missing" ]] || echo "what was unpacked cannot be run on this machine" >"$postgresql/tree.missing"
    note "no PostgreSQL, tests that need it will say so: $(<"$postgresql/tree.missing")"
}

# choose_postgresql FOLDER: an empty one for none.
choose_postgresql() {
    [[ "$(readlink "$postgresql/bin")" != "$1" ]] || return 0
    rm -f -- "$postgresql/bin"
    [[ -z "$1" ]] || ln -s -- "$1" "$postgresql/bin"
}

# Those on PATH come first: they are there because somebody has put them there. Debian's are not on PATH.
find_installed_postgresql() {
    local folder
    folder=$(command -v initdb) && folder=$(dirname "$(readlink -f "$folder")")
    for folder in ${folder:+"$folder"} /usr/lib/postgresql/*/bin; do
        if runs_postgresql "$folder"; then
            printf '%s\n' "$folder"
            return 0
        fi
    done
    return 1
}

# Prints it as the link names it, from where the link is.
find_unpacked_postgresql() {
    local folder
    for folder in "$postgresql"/tree/usr/lib/postgresql/*/bin; do
        if LD_LIBRARY_PATH=$(unpacked_libraries) runs_postgresql "$folder"; then
            printf '%s\n' "${folder#"$postgresql/"}"
            return 0
        fi
    done
    return 1
}

unpacked_libraries() {
    printf '%s:' "$PWD/$postgresql"/tree/{usr/lib,lib}/*-linux-*
}

# Asked for their version both load all their libraries, of which one may have gone since.
runs_postgresql() {
    local version
    version=$("$1/initdb" --version 2>/dev/null && "$1/postgres" --version 2>/dev/null) || return
    [[ "$version" =~ \(PostgreSQL\)\ ([0-9]+) ]] && ((BASH_REMATCH[1] >= oldest_postgresql))
}

# unpack_postgresql WORK: the server of this machine's release, with the libraries that this machine lacks.
unpack_postgresql() {
    local work=$1 server libraries
    [[ -n "$own_suite" ]] || complain "this machine does not say which release it is" || return
    open_archive "$work" "$own_suite" || return
    server=$(ask_archive "$work" show postgresql | grep -m 1 '^Depends:' | grep -o -m 1 'postgresql-[0-9]*')
    [[ -n "$server" ]] || complain "the archive has no postgresql" || return
    libraries=$(missing_libraries "$work" "$server") || return
    # shellcheck disable=SC2086 # a list of names
    unpack_packages "$work" "$server" $libraries || return
    # Two thirds of the whole: for compiling queries, which the tests' server does not do.
    rm -rf -- "$work/root/usr/lib/postgresql"/*/lib/bitcode "$work/root/usr/share"/{doc,locale,man}
}

# missing_libraries WORK SERVER: what apt would install besides for the libraries of a package. The private apt takes
# nothing for installed, so that the answer does not depend on what else is wrong with this machine's packages.
missing_libraries() {
    local work=$1 direct
    # LLVM, three times as large as all the rest, is for compiling queries, too.
    direct=$(ask_archive "$work" show --no-all-versions "$2" | sed -n 's/^Depends: //p' | tr ',' '\n' |
        awk '$1 ~ /^lib/ && $1 !~ /^libllvm/ { print $1 }')
    # shellcheck disable=SC2086 # a list of names
    APT_CONFIG="$work/apt.conf" apt-get --simulate --quiet=2 --no-install-recommends install $direct >"$work/closure" || return
    dpkg-query --show --showformat='${Package}:${Architecture} ${db:Status-Status}\n' |
        awk -v architecture="$(dpkg --print-architecture)" '
            NR == FNR { if ($2 == "installed") installed[$1] = 1; next }
            $1 == "Inst" && $2 ~ /^lib/ && !(($2 ":" architecture) in installed) { print $2 }
        ' - "$work/closure"
}
