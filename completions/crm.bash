# Completion of @PROGRAM_NAME@ for bash. The program itself knows the candidates; this passes the words.

_crm() {
	local words=() word rest=$COMP_LINE before i line value current prefix=

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

	# candidates are whole words; bash wants what stands behind its last cut
	current=${words[${#words[@]} - 1]}
	if [[ $COMP_WORDBREAKS == *:* && $current == *[:=]* ]]; then
		prefix=${current%"${current##*[:=]}"}
	fi

	COMPREPLY=()
	while IFS= read -r line; do
		value=${line%%$'\t'*}
		if [[ -z $value ]]; then
			compopt -o default
			continue
		fi
		[[ $value == *[:=] ]] && compopt -o nospace
		value=${value#"$prefix"}
		printf -v value %q "$value"
		COMPREPLY+=("$value")
	done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}

complete -F _crm @PROGRAM_NAME@
