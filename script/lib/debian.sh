# shellcheck shell=bash
# Debian packages on this machine: which are missing, and installing them. Sourced after say.sh.
#
# Only apt-get ever runs with sudo, and only when something is missing. No service is started: none of the packages
# brings one that is on by default. fail2ban itself is never installed, because its service would at once write rules
# into this machine's firewall.

is_debian_like() {
    [[ -e /etc/debian_version ]] && command -v apt-get dpkg-query >/dev/null
}

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# Sets install_command, which a person can type when this script may not.
describe_installation() {
    install_command="apt-get update && apt-get install --no-install-recommends $*"
    ((EUID == 0)) && return
    local become=su
    ! command -v sudo >/dev/null || become="sudo sh"
    install_command="$become -c '$install_command'"
}

# install_packages REASON PACKAGE...: true when all are installed afterwards.
install_packages() {
    local reason=$1 sudo=() status=0 log
    shift
    say "Missing Debian packages: $* ($reason)"
    describe_installation "$@"
    if ((EUID != 0)); then
        command -v sudo >/dev/null || return 1
        sudo=(sudo)
        # Without a terminal nobody can type a password, and waiting for one would look like hanging.
        [[ -t 2 ]] || sudo+=(--non-interactive)
        note "sudo is used for apt-get, and for nothing else; it may ask for your password"
    fi
    log=$(mktemp)
    note "refreshing the package lists ..."
    run_apt_get update || status=$?
    # What apt-get says when one source of many is broken; that must not hide what the others have. A sudo that was
    # refused ends with 1.
    ((status != 100)) || note "not all package lists could be refreshed, going on with those that are there"
    if ((status == 0 || status == 100)) && run_apt_get install -y --no-install-recommends "$@"; then
        rm -f -- "$log"
        return 0
    fi
    quote_tail "$log"
    rm -f -- "$log"
    return 1
}

# NEEDRESTART_SUSPEND: on Ubuntu an installation would otherwise restart services of this machine.
run_apt_get() {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8 \
        apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null 2>&1 | tee "$log" | show_apt_progress
    return "${PIPESTATUS[0]}"
}

# One changing line on a terminal; elsewhere how much there is to do, and when the unpacking begins.
show_apt_progress() {
    local line unpacking=
    while IFS= read -r line; do
        case "$line" in
            "Need to get "*) note "${line,}" ;;
            "Unpacking "*)
                [[ -n "$unpacking" || -t 2 ]] || note "unpacking ..."
                unpacking=yes
                ;;&
            "Get:"* | "Unpacking "* | "Setting up "*)
                [[ ! -t 2 ]] || printf '\r\033[K    %.70s' "$line" >&2
                ;;
        esac
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# need_packages REASON PACKAGE...: fails the script unless all can be had.
need_packages() {
    want_packages "$@" || fail "$2 is needed: $1" "install it by hand, then start this script again:" "  $install_command"
}

# want_packages REASON PACKAGE...: false when some of them are missing and cannot be installed.
want_packages() {
    local reason=$1 package missing=()
    shift
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} == 0)) || install_packages "$reason" "${missing[@]}"
}
