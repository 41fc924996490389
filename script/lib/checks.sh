# shellcheck shell=bash
# The steps of script/test. Sourced by it, after say.sh, debian.sh and python.sh. Each step adds what fails to `failed`
# and goes on, so that one run tells everything.

logs=.cache/checks
# A bounded time for each fuzz target; by hand it can run for as long as one likes.
fuzz_seconds=${BANGUI_FUZZ_SECONDS:-10}

# They need no daemon and no browser, and do not disturb each other: all at once.
run_static_checks() {
    local name names=(ruff-check ruff-format mypy lint-imports mirror shellcheck) jobs=()
    say "Checking: ${names[*]}"
    mkdir -p "$logs"
    for name in "${names[@]}"; do
        "check_$name" >"$logs/$name.log" 2>&1 &
        jobs+=($!)
    done
    collect_results "${jobs[*]}" "${names[@]}"
}

check_ruff-check() { .venv/bin/ruff check; }
check_ruff-format() { .venv/bin/ruff format --check; }
check_mypy() { .venv/bin/mypy; }
check_lint-imports() { .venv/bin/lint-imports; }
check_mirror() { .venv/bin/python tools/check_mirror.py; }
check_shellcheck() {
    if command -v shellcheck >/dev/null; then
        shellcheck --external-sources script/{bench,bootstrap,format,lock,server,test} script/lib/{*.sh,fetch-tree} .ci/run
    else
        echo "shellcheck is not installed"
        [[ "${CI:-}" != true ]]
    fi
}

# What needs no browser, no daemon, no database server and no long time, once more on each other Python that this machine
# happens to have.
run_on_other_pythons() {
    local version other found=() missing=() jobs=()
    choose_python
    for version in 3.11 3.12 3.13; do
        # shellcheck disable=SC2154 # choose_python sets it
        [[ "$(python_version "$python")" != "${version/./ }" ]] || continue
        if ! other=$(find_other_python "$version"); then
            missing+=("$version")
        elif (python=$other make_environment ".venv-$version" dev); then
            found+=("$version")
        else
            failed+=("environment of Python $version")
        fi
    done
    ((${#missing[@]} == 0)) || note "not tested on Python ${missing[*]}: not on this machine, or not whole"
    ((${#found[@]} > 0)) || return 0
    say "Quick tests on Python ${found[*]}"
    for version in "${found[@]}"; do
        run_quick_tests "$version" >"$logs/python-$version.log" 2>&1 &
        jobs+=($!)
    done
    collect_results "${jobs[*]}" "${found[@]/#/python-}"
}

run_quick_tests() {
    ".venv-$1/bin/python" -m pytest --quiet --no-header -m "not browser and not daemon and not postgres and not slow" \
        -o cache_dir=".cache/pytest-$1"
}

# collect_results "JOB..." NAME...: waits for jobs in turn; each has its log under its name.
collect_results() {
    local name jobs
    read -r -a jobs <<<"$1"
    shift
    for name in "$@"; do
        if wait "${jobs[0]}"; then
            note "$name: fine"
        else
            note "$name: FAILED"
            quote_tail "$logs/$name.log" 60
            failed+=("$name")
        fi
        jobs=("${jobs[@]:1}")
    done
}

# A shim on PATH may name a Python that it cannot run, so it is asked.
find_other_python() {
    local candidate
    for candidate in "python$1" "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/"$1".*/bin/python; do
        if candidate=$(command -v "$candidate") && [[ "$(python_version "$candidate")" == "${1/./ }" ]] &&
            is_whole_python "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# A Python that was compiled by hand may lack what its machine had no headers for, Debian's keeps parts in packages of
# their own, and most wheels are not for one without the global lock.
is_whole_python() {
    "$1" -c 'import ctypes, ensurepip, sqlite3, ssl, sys, venv, zlib; sys.exit("t" in sys.abiflags)' &>/dev/null
}

# Each target says which engine it runs with: atheris, or random mutation where that has no wheel.
# Without atheris, which has no wheel for every machine, the targets find less, and say so.
run_fuzzer() {
    local target
    for target in packages/*/tests/fuzz/fuzz_*.py; do
        [[ -e "$target" ]] || continue
        say "Fuzzing for $fuzz_seconds s: $target"
        .venv/bin/python "$target" --seconds "$fuzz_seconds" >"$logs/fuzz.log" 2>&1 || {
            quote_tail "$logs/fuzz.log" 60
            failed+=("$target")
        }
    done
}

# Last, so that its summaries are what a run ends with. Half of the tests mostly wait, for daemons and for databases, and
# the other half mostly computes: both at once take little longer than one.
run_all_tests() {
    local waiting
    say "All tests, on $(.venv/bin/python --version), in two halves at once"
    run_half waiting "daemon or postgres or slow" >"$logs/waiting.log" 2>&1 &
    waiting=$!
    run_half computing "not (daemon or postgres or slow)" || failed+=("tests")
    say "The half that waits for daemons and databases"
    wait "$waiting" || failed+=("tests with daemons and databases")
    cat "$logs/waiting.log"
}

run_half() {
    .venv/bin/python -m pytest -m "$2" -o cache_dir=".cache/pytest-$1" --durations=10 --durations-min=2
}

report_failures() {
    ((${#failed[@]} > 0)) || return 0
    fail "failed: ${failed[*]}" "the lines above say why; script/test PATH runs a single test file"
}
