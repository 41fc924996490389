"""The completion scripts. They know nothing themselves: they ask `bangui __complete` and quote what it answers."""

from __future__ import annotations

from collections.abc import Mapping

_BASH = r"""# bash completion for bangui; install it with
#   bangui completion bash > ~/.local/share/bash-completion/completions/bangui
_bangui() {
    # bash cuts words at the colons of IPv6 addresses, so the words are taken from the line itself.
    local line=${COMP_LINE:0:COMP_POINT} words current value
    read -r -a words <<< "$line"
    current=${words[${#words[@]}-1]}
    if [[ $line == *[[:space:]] ]]; then
        words+=("")
        current=
    fi
    # What bash takes for the word's beginning stays on the line: the candidates must go without it.
    local keep=
    if [[ $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
        keep=${current%"${current##*:}"}
    fi
    COMPREPLY=()
    while IFS=$'\t' read -r value _; do
        COMPREPLY+=("${value#"$keep"}")
    done < <(bangui __complete "${words[@]:1}" 2> /dev/null)
    if [[ ${#COMPREPLY[@]} -eq 0 ]]; then
        compopt -o default 2> /dev/null
    fi
}
complete -F _bangui bangui
"""

_ZSH = r"""#compdef bangui
# zsh completion for bangui; install it with
#   bangui completion zsh > ~/.zfunc/_bangui
# and, before compinit, in ~/.zshrc:  fpath+=~/.zfunc
_bangui() {
    local -a candidates
    local line value description
    for line in "${(@f)$(bangui __complete "${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        description=${line#*$'\t'}
        if [[ $description == $line ]]; then
            candidates+=("${value//:/\\:}")
        else
            candidates+=("${value//:/\\:}:$description")
        fi
    done
    if (( ${#candidates} )); then
        _describe -V bangui candidates
    else
        _files
    fi
}
if [[ $funcstack[1] == _bangui ]]; then
    _bangui "$@"
else
    compdef _bangui bangui
fi
"""

_FISH = r"""# fish completion for bangui; install it with
#   bangui completion fish > ~/.config/fish/completions/bangui.fish
function __bangui_complete
    set -l words (commandline -opc)
    bangui __complete $words[2..-1] (commandline -ct) 2> /dev/null
end
complete -c bangui -f -k -a '(__bangui_complete)'
complete -c bangui -l socket -r -F
complete -c bangui -l history -r -F
complete -c bangui -l data -r -F
complete -c bangui -l from -r -F
complete -c bangui -n '__fish_seen_subcommand_from export' -l output -r -F
complete -c bangui -n '__fish_seen_subcommand_from backup restore' -F
complete -c bangui -n '__fish_seen_subcommand_from demo' -l fail2ban -r -F
"""

SCRIPTS: Mapping[str, str] = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
