# Prints the URIs of the enabled binary sources whose suite is `codename`, from sources.list and deb822 files alike.
# Only what apt reaches over the network (or a list of such mirrors) counts, not a CD or a local folder.

function emit(uris, suites,    list, count, i) {
    if (index(" " suites " ", " " codename " ") == 0) return
    count = split(uris, list, " ")
    for (i = 1; i <= count; i++) if (list[i] ~ /^(https?|mirror\+(file|https?)):/) print list[i]
}

function end_stanza() {
    if (types ~ /(^| )deb( |$)/ && tolower(enabled) != "no") emit(field["uris"], field["suites"])
    types = enabled = name = ""
    delete field
}

FNR == 1 { end_stanza() }
/^[ \t]*#/ { next }

FILENAME ~ /\.list$/ {
    if ($1 != "deb") next
    sub(/\[[^]]*\]/, "")
    emit($2, $3)
    next
}

/^[ \t]*$/ { end_stanza(); next }
/^[ \t]/ { if (name != "") { gsub(/[ \t]+/, " "); add($0) } next }
{
    name = tolower(substr($0, 1, index($0, ":") - 1))
    field[name] = ""
    add(substr($0, index($0, ":") + 1))
}

function add(text) {
    field[name] = field[name] " " text
    gsub(/[ \t]+/, " ", field[name])
    if (name == "types") types = field[name]
    if (name == "enabled") { enabled = field[name]; gsub(/ /, "", enabled) }
}

END { end_stanza() }
