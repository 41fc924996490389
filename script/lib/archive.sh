# shellcheck shell=bash
# Debian packages taken from the archive and unpacked into a folder, without installing them and without being root.
# Sourced after say.sh.
#
# apt-get does the work, with a configuration, package lists and a cache of its own in a temporary folder. The archive
# is the one that this machine itself uses, read from its apt sources at run time, and signatures are checked with its
# keyring.

# Sets own_id (debian, ubuntu) and own_suite (bookworm, noble): whose release this machine runs.
# shellcheck disable=SC2034 # they are for who sources this
read_own_release() {
    own_id=$(. /etc/os-release && printf '%s' "${ID:-}")
    own_suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
}

# Prints the URI from which this machine takes its own release, out of both forms of apt's sources.
archive_uri() {
    local codename=$1 files=() file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [[ -r "$file" ]] && files+=("$file")
    done
    ((${#files[@]})) || return 1
    awk -v codename="$codename" -f script/lib/archive-uri.awk "${files[@]}" | grep -m 1 .
}

archive_keyring() {
    local file
    for file in "/usr/share/keyrings/$1-archive-keyring.gpg" "/usr/share/keyrings/$1-archive-keyring.pgp"; do
        if [[ -r "$file" ]]; then
            printf '%s\n' "$file"
            return 0
        fi
    done
    return 1
}

# Of this machine's apt settings only those that say how the network is reached.
write_private_apt_configuration() {
    local work=$1
    apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv[46])\b.* "[^"]+";$' >"$work/apt.conf" || true
    cat >>"$work/apt.conf" <<CONFIGURATION
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::Languages "none";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
CONFIGURATION
}

# open_archive WORK SUITE: makes WORK/apt.conf, with which apt knows the packages of SUITE and no others.
open_archive() {
    local work=$1 suite=$2 distribution=debian components=main pockets=("$2") pocket uri keyring
    command -v apt-get dpkg-deb >/dev/null || complain "there is no apt-get here" || return
    if [[ "$own_id" == ubuntu && "$suite" == "$own_suite" ]]; then
        distribution=ubuntu components="main universe"
        # Ubuntu mends a release here and not by new versions of it: 24.04's own fail2ban did not start with its Python.
        pockets+=("$suite-updates")
    elif [[ "$own_id" != debian ]]; then
        complain "the archive of this machine is not Debian's, and has no $suite" || return
    fi
    uri=$(archive_uri "$own_suite") || complain "apt's sources name no archive for $own_suite" || return
    keyring=$(archive_keyring "$distribution") || complain "there is no keyring of $distribution's archive" || return
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages"
    : >"$work/status"
    for pocket in "${pockets[@]}"; do
        printf 'deb [signed-by=%s] %s %s %s\n' "$keyring" "$uri" "$pocket" "$components"
    done >"$work/sources.list"
    write_private_apt_configuration "$work"
    refresh_private_lists "$work"
}

complain() {
    printf '%s\n' "$1" >&2
    return 1
}

# ask_archive WORK QUERY...: `apt-cache QUERY` on an archive that was opened.
ask_archive() {
    local work=$1
    shift
    APT_CONFIG="$work/apt.conf" apt-cache "$@"
}

# unpack_packages WORK PACKAGE...: downloads them from an archive that was opened, and unpacks all of them into WORK/root.
unpack_packages() {
    local work=$1 package
    shift
    mkdir -p "$work/root"
    (cd "$work/packages" && APT_CONFIG="$work/apt.conf" apt-get --quiet=2 download "$@") || return
    for package in "$work"/packages/*.deb; do
        dpkg-deb --extract "$package" "$work/root" || return
    done
}

# make_tree TREE COMMAND [ARGUMENT...]: COMMAND fills the folder `root` of the one that is its first argument, which then
# becomes TREE by a rename. Where it fails TREE.missing appears instead and holds what it said; that is no failure of
# this function: the caller decides whether it can do without.
make_tree() (
    tree=$1 command=$2
    shift 2
    umask 022
    work=$(mktemp -d "$PWD/${tree%/*}/.work-XXXXXX") || exit
    trap 'rm -rf -- "$work"' EXIT
    trap 'exit 130' INT TERM
    chmod 755 "$work" # apt fetches as a user of its own
    if reason=$("$command" "$work" "$@" 2>&1 >/dev/null) && rm -rf -- "${tree:?}" && mv -- "$work/root" "$tree"; then
        rm -f -- "$tree.missing"
        exit 0
    fi
    reason=$(printf '%s' "$reason" | grep -v '^W:' | tr '\n' ' ')
    printf '%s\n' "${reason:=apt-get failed and gave no reason}" >"$tree.missing"
)

# A reason stays for an hour, so that a machine without network does not wait for it at every start; CI always asks.
is_known_to_be_missing() {
    [[ "${CI:-}" != true && -n "$(find "$1.missing" -mmin -60 2>/dev/null)" ]]
}

# remove_left_overs FOLDER: what a run that was killed could not take away.
remove_left_overs() {
    mkdir -p "$1"
    rm -rf -- "$1"/.work-*
}

# A mirror that lags behind has an index whose date has passed. Its signature is checked all the same, and what comes
# out of it is only unpacked and run as a test's own process, so an old index is good enough here.
refresh_private_lists() {
    local work=$1
    APT_CONFIG="$work/apt.conf" apt-get --quiet=2 --error-on=any update 2>"$work/errors" && return
    if grep -q ' is expired ' "$work/errors"; then
        printf 'Acquire::Check-Valid-Until "false";\n' >>"$work/apt.conf"
        APT_CONFIG="$work/apt.conf" apt-get --quiet=2 --error-on=any update 2>"$work/errors" && return
    fi
    cat "$work/errors" >&2
    return 1
}
