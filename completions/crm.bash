# Completion of @PROGRAM_NAME@ for bash. The program itself knows the candidates; this passes the words.

_crm() {
	local words=() word rest=$COMP_LINE before i line value
	local current prefix

	# bash cuts words at : and =, crm does not: what follows without a blank is put together again
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		before=${rest%%"$word"*}
		[[ -n $word ]] || before=${rest%%[![:space:]]*}
		rest=${rest:${#before}+${#word}}
		if ((i > 0)) && [[ -z $before ]]; then
			words[${#words[@]} - 1]+=$word
		else
			words+=("$word")
		fi
	done
	current=${words[${#words[@]} - 1]}

	# candidates are whole words; bash wants what stands behind its last cut
	prefix=
	case $current in
	*[:=]*) [[ $COMP_WORDBREAKS == *:* ]] && prefix=${current%"${current##*[:=]}"} ;;
	esac

	COMPREPLY=()
	while IFS= read -r line; do
		value=${line%%$'\t'*}
		value=${value#"$prefix"}
		case $value in
		*[:=,]) compopt -o nospace 2>/dev/null ;;
		esac
		printf -v value %q "$value"
		COMPREPLY+=("$value")
	done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}

complete -o default -F _crm @PROGRAM_NAME@
