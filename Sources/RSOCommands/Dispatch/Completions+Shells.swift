import ArgumentParser

/// ArgumentParser's scripts, and what they lack: words with file names, states of runs, `--option=value`, and the
/// verbs after `rso help`.
extension Completions {
  private static let verbs = Verbs.all.map { $0.word }.joined(separator: " ")
  private static let (files, runs) = (CompletionKind.filesMark, CompletionKind.runsMark)

  static func bash(_ script: String) -> String {
    script
      .replacing("__rso_add_completions -W '\(runs)'", with: "__rso_add_runs")
      .replacing("$'\\n''\(files)'", with: "\n        __rso_add_completions -f")
      .replacing(
        "    __rso_offer_flags_options -1\n}\n\ncomplete -o filenames -F _rso rso\n",
        with: """
              COMPREPLY+=($(compgen -W '\(verbs)' -- "${cur}"))
          }

          \(bashFunctions)
          complete -o filenames -o default -F __rso_words rso

          """)
  }

  /// A function that offers the states of a run, and one that joins the words that bash splits at `=`, `@` and `:`.
  private static let bashFunctions = #"""
    __rso_add_runs() {
        __rso_add_completions -f
        [[ "${cur}" = *@* ]] || return
        local typed="${cur//\\/}"
        typed="${typed#[\"\']}"
        local -r run="${typed%@*}"
        local directory="${run}" file state
        [[ "${run}" = '~/'* ]] && directory="${HOME}/${run:2}"
        for file in "${directory}"/{best,last}.h5 "${directory}"/ckpt-[0-9]*.h5; do
            [[ -e "${file}" ]] || continue
            state="${file##*/}"
            state="${state%.h5}"
            if [[ "${state}" = ckpt-* ]]; then
                state="${state#ckpt-}"
                [[ "${state}" = *[!0-9]* ]] && continue
                state="$((10#${state}))"
            fi
            [[ "${run}@${state}" = "${typed}"* ]] || continue
            COMPREPLY+=("${run}@${state}")
            # A state is no file, so that '@' needs no backslash.
            compopt +o filenames
        done
    }

    __rso_words() {
        local rest="${COMP_LINE:0:COMP_POINT}" word before
        local -a words=()
        local -i index
        for ((index = 0; index <= COMP_CWORD; index++)); do
            word="${COMP_WORDS[index]}"
            # The word under the cursor ends there.
            [[ "${index}" -eq "${COMP_CWORD}" ]] && word="${rest#"${rest%%[![:space:]]*}"}"
            before="${rest%%"${word}"*}"
            rest="${rest#"${before}${word}"}"
            if [[ "${index}" -eq 0 || -n "${before}" || -z "${word}" ]]; then
                words+=("${word}")
            else
                words[${#words[@]} - 1]+="${word}"
            fi
        done
        local -a COMP_WORDS=()
        for word in "${words[@]}"; do
            if [[ "${word}" = --*=* ]]; then
                COMP_WORDS+=("${word%%=*}" "${word#*=}")
            else
                COMP_WORDS+=("${word}")
            fi
        done
        local COMP_CWORD="$((${#COMP_WORDS[@]} - 1))"
        word="${COMP_WORDS[COMP_CWORD]}"
        _rso "${1}" "${word}" "${COMP_WORDS[COMP_CWORD - 1]}"
        # Readline replaces only the part after the last separator.
        before="${word%"${2}"}"
        # The offers have no quotes.
        before="${before//\\/}"
        before="${before#[\"\']}"
        [[ -z "${before}" ]] || COMPREPLY=("${COMPREPLY[@]#"${before}"}")
    }

    """#

  static func zsh(_ script: String) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false).map {
      line -> String in
      let spec = line.drop { $0 == " " }
      guard spec.hasPrefix("'") && spec.contains("]:") && spec.contains("[") else {
        return String(line)
      }
      // With '=', the value may be in the same word.
      let name = spec.prefix { $0 != "[" }
      guard let option = name.ranges(of: "--").last else { return String(line) }
      let indentation = line.prefix { $0 == " " }
      let end = name[option.upperBound...].firstIndex { $0 == "}" || $0 == "'" } ?? name.endIndex
      return indentation + name[..<end] + "=" + name[end...] + spec.dropFirst(name.count)
    }
    return lines.joined(separator: "\n")
      .replacing("'*:subcommands:'", with: "':verb:(\(verbs))'")
      .replacing(
        "__rso_complete() {\n",
        with: #"""
          __rso_add_runs() {
              _files
              [[ "${PREFIX}" = *@* ]] || return
              local -r run="${PREFIX%@*}"
              local directory="${(Q)run}"
              directory="${directory/#\~\//${HOME}/}"
              local -a states=("${directory}"/{best,last}.h5(N:t:r))
              local file
              for file in "${directory}"/ckpt-<->.h5(N:t:r); do
                  states+=("$((10#${file#ckpt-}))")
              done
              compset -P '*@'
              compadd -V states -a states
          }

          __rso_complete() {
              case "${@[-1]}" in
              \#(runs))
                  __rso_add_runs
                  return
                  ;;
              \#(files))
                  _files
                  set -- "${@[1,-2]}"
                  ;;
              esac
              # A colon would begin a description.
              set -- "${@//:/\\:}"

          """#)
  }

  static func fish(_ script: String) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false).map {
      line -> String in
      if line.hasSuffix("a '\(runs)'") {
        return String(line.replacing("fka '\(runs)'", with: "Fka '(__rso_runs)'"))
      }
      guard line.hasSuffix(" \(files)'") else { return String(line) }
      return String(
        line.replacing(" \(files)'", with: "'").replacing(" -rfka '", with: " -rFka '"))
    }
    return lines.joined(separator: "\n") + #"""
      complete -c 'rso' -n '__rso_should_offer_completions_for_positional "rso help" -eq 1' -fa '\#(verbs)'
      function __rso_runs
          set -l word (commandline -ct)
          string match -q '*@*' -- $word; or return
          set -l run (string replace -r '@[^@]*$' '' -- $word)
          set -l directory (string replace -r '^~/' "$HOME/" -- $run)
          for state in best last
              test -e $directory/$state.h5; and echo $run@$state
          end
          for file in $directory/ckpt-*.h5
              echo $run@(string replace -r '.*/ckpt-0*([0-9]+)\.h5$' '$1' -- $file)
          end
      end

      """#
  }
}
