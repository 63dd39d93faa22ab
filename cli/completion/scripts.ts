/** The scripts by which shells complete the command line; each asks `perennial complete` at every key press. */

/** The shells. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A shell. */
export type Shell = (typeof SHELLS)[number];

/** The script of each shell. The command writes a candidate and its purpose on each line, with a tab between them. */
export const scripts: Readonly<Record<Shell, string>> = {
  // Bash takes a colon or an equals sign for the end of a word, so that the words are made anew from the line.
  bash: `# Completion of perennial for bash: eval "$(perennial completion bash)" in ~/.bashrc
_perennial() {
  local line="\${COMP_LINE:0:COMP_POINT}" found
  local -a words
  read -ra words <<<"$line"
  [[ "$line" == *' ' ]] && words+=('')
  local unfinished="\${words[\${#words[@]}-1]}"
  local kept="\${unfinished%"\${COMP_WORDS[COMP_CWORD]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r found _; do
    [[ -n "$found" ]] && COMPREPLY+=("\${found#"$kept"}")
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _perennial perennial
`,
  zsh: `#compdef perennial
# Completion of perennial for zsh: eval "$(perennial completion zsh)" in ~/.zshrc, after compinit
_perennial() {
  local found purpose
  local -a names shown
  while IFS=$'\\t' read -r found purpose; do
    [[ -n "$found" ]] || continue
    names+=("$found")
    shown+=("$found\${purpose:+  -- $purpose}")
  done < <("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#names} )); then compadd -l -d shown -a names; else _files; fi
}
compdef _perennial perennial
`,
  fish: `# Completion of perennial for fish: perennial completion fish | source, in ~/.config/fish/config.fish
function __perennial_candidates
    set -l words (commandline -opc) (commandline -ct)
    set -l found (command $words[1] complete -- $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c perennial -f -a '(__perennial_candidates)'
`,
};
