# shellcheck shell=bash
# Debian packages taken from the archive and unpacked into a folder, without installing them and without being root.
# Sourced after say.sh.
#
# apt-get does the work, with a configuration, package lists and a cache of its own in a temporary folder. The archive
# is the one that this machine itself uses, read from its apt sources at run time, and signatures are checked with its
# keyring.

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

# download_packages WORK URI SUITE COMPONENTS KEYRING PACKAGE [OPTIONAL_PACKAGE...]: leaves the .deb files in
# WORK/packages. The suite need not have the optional ones.
download_packages() {
    local work=$1 uri=$2 suite=$3 components=$4 keyring=$5
    shift 5
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages"
    : >"$work/status"
    printf 'deb [signed-by=%s] %s %s %s\n' "$keyring" "$uri" "$suite" "$components" >"$work/sources.list"
    write_private_apt_configuration "$work"
    refresh_private_lists "$work" || return
    local package first=$1
    for package in "$@"; do
        if [[ "$package" == "$first" ]] || APT_CONFIG="$work/apt.conf" apt-cache show "$package" &>/dev/null; then
            (cd "$work/packages" && APT_CONFIG="$work/apt.conf" apt-get --quiet=2 download "$package") || return
        fi
    done
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
