# shellcheck shell=bash
# Python environments: which interpreter, made of what, and whether it is complete. Sourced after say.sh and debian.sh.
#
# The stamp file in an environment names everything that it was made of. It is taken away first and written last, so
# that an interrupted run is seen by the next one, which starts afresh.

# Settings of a person's own shell or pip that would put things elsewhere.
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_REQUIRE_VIRTUALENV PIP_NO_DEPS

# "3 11" for Python 3.11; nothing when it cannot be run.
python_version() {
    "$1" -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null
}

is_tested_python() {
    case "$(python_version "$1")" in
        "3 11" | "3 12" | "3 13") return 0 ;;
        *) return 1 ;;
    esac
}

# Sets `python`. Debian's own comes first: it is the one that fail2ban itself runs with.
choose_python() {
    local candidate
    if [[ -n "${BANGUI_PYTHON:-}" ]]; then
        python=$(command -v -- "$BANGUI_PYTHON") || fail "BANGUI_PYTHON is $BANGUI_PYTHON, which cannot be run" \
            "set it to a Python 3.11, 3.12 or 3.13, or unset it"
        is_tested_python "$python" || fail "BANGUI_PYTHON is $python, which is not Python 3.11, 3.12 or 3.13" \
            "set it to one of these, or unset it"
        return
    fi
    if find_python; then return; fi
    if is_debian_like && [[ ! -x /usr/bin/python3 ]]; then
        need_packages "BanGUI and fail2ban are written in Python" python3 python3-venv
        if find_python; then return; fi
    fi
    candidate=$(command -v python3) && candidate="found $candidate, Python $(python_version "$candidate" | tr ' ' .)"
    fail "no Python 3.11, 3.12 or 3.13 (${candidate:-no python3 on PATH})" \
        "install one of them and set BANGUI_PYTHON to it: BANGUI_PYTHON=/path/to/python3.12 script/server"
}

find_python() {
    local candidate
    for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if candidate=$(command -v "$candidate") && is_tested_python "$candidate"; then
            python=$candidate
            return 0
        fi
    done
    return 1
}

# Debian keeps the parts that make environments in a package of their own.
check_python_can_make_environments() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    if [[ "$python" == /usr/bin/* ]] && is_debian_like; then
        need_packages "it makes the Python environment .venv" python3-venv
        "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    fi
    fail "$python has no module venv or ensurepip" "install them, or set BANGUI_PYTHON to another Python 3.11, 3.12 or 3.13"
}

# What an environment is made of, in one word: its Python, its requirements, both packages' metadata, its place.
environment_key() {
    {
        printf '%s\n' "$python" "$PWD"
        "$python" -c 'import sys; print(sys.version)'
        cat requirements/*.txt packages/*/pyproject.toml VERSION
    } | sha256sum | cut -d ' ' -f 1
}

# environment_is_complete FOLDER KIND: a tests' environment serves for running, too.
environment_is_complete() {
    local stamp kind key
    stamp=$1/.complete
    [[ -r "$stamp" && -x "$1/bin/python" ]] || return 1
    read -r kind key <"$stamp"
    [[ "$key" == "$(environment_key)" && ("$kind" == "$2" || "$kind" == dev) ]]
}

# make_environment FOLDER KIND, where KIND is runtime or dev: nothing is done when it is complete.
make_environment() {
    local folder=$1 kind=$2
    environment_is_complete "$folder" "$kind" && return
    if [[ -e "$folder" && ! -w "$folder" ]]; then
        fail "$PWD/$folder belongs to somebody else" "work as its owner, or remove it: sudo rm -r '$PWD/$folder'"
    fi
    check_python_can_make_environments
    if [[ -r "$folder/.complete" ]]; then
        # A larger one is not made smaller when its requirements have changed.
        [[ "$(<"$folder/.complete")" == "dev "* ]] && kind=dev
        rm -f -- "$folder/.complete"
    fi
    fill_environment "$folder" "$kind"
    printf '%s %s\n' "$kind" "$(environment_key)" >"$folder/.complete.new"
    mv -- "$folder/.complete.new" "$folder/.complete"
}

fill_environment() {
    local folder=$1 kind=$2 log=.cache/environment.log
    say "Making $folder with $python, Python $("$python" -c 'import platform; print(platform.python_version())')"
    "$python" -m venv --clear "$folder" >"$log" 2>&1 || environment_failed "$log" "$folder cannot be made"
    say "Installing what BanGUI needs$([[ "$kind" == dev ]] && echo ", and its tests (about a minute)"), locked by hash"
    case "$kind" in
        dev) install_requirements "$log" --requirement requirements/dev.txt ;;
        *) install_requirements "$log" --requirement requirements/build.txt --requirement requirements/runtime.txt ;;
    esac
    say "Installing aiofail2ban and bangui from this folder"
    run_pip --no-deps --no-build-isolation --editable packages/aiofail2ban --editable packages/bangui \
        >"$log" 2>&1 || environment_failed "$log" "the packages of this repository cannot be installed"
    # As pip does for what it copies: where Python may not write beside the sources, each start would compile them anew.
    "$folder/bin/python" -m compileall -q packages/*/src >"$log" 2>&1 ||
        environment_failed "$log" "the packages of this repository cannot be compiled"
}

install_requirements() {
    local log=$1
    shift
    run_pip --require-hashes "$@" 2>&1 | tee "$log" | show_pip_progress ||
        environment_failed "$log" "the requirements cannot be installed"
}

run_pip() {
    PYTHONUNBUFFERED=1 "$folder/bin/python" -m pip install --disable-pip-version-check --no-input \
        --progress-bar off --retries 3 "$@"
}

# One line that counts on a terminal; elsewhere a line for every tenth package.
show_pip_progress() {
    local line count=0 name
    while IFS= read -r line; do
        case "$line" in
            "Collecting "*)
                name=${line#Collecting }
                name=${name%% *}
                count=$((count + 1))
                if [[ -t 2 ]]; then
                    printf '\r\033[K    %d: %s' "$count" "$name" >&2
                elif ((count % 10 == 0)); then
                    note "$count packages looked up, now at $name"
                fi
                ;;
            "Installing collected packages"*)
                [[ -t 2 ]] && printf '\r\033[K' >&2
                note "$count packages are here, unpacking them"
                ;;
        esac
    done
}

environment_failed() {
    local log=$1 message=$2 place
    quote_tail "$log"
    for place in "$PWD" "$folder" "${TMPDIR:-/tmp}"; do
        has_room "$place" ||
            fail "$message: the disk that holds $place is full" "make room there, then start this script again"
    done
    if grep -qi 'do not match the hashes' "$log"; then
        fail "$message: a downloaded file is not the one that was locked" \
            "do not install it by hand: start this script again, and if it stays so, report it"
    fi
    fail "$message" "look at the lines above; is the network there?" \
        "then start this script again: it repairs what is half done"
}

# A disk with less than 50 MB has no room for what comes next.
has_room() {
    local free
    free=$(df --output=avail --block-size=1M -- "$1" 2>/dev/null | tail -n 1) || return 0
    ((free >= 50))
}
