# Completion of @PROGRAM_NAME@ for bash. The program itself knows the candidates; this passes the words.

# Reads a word of the line into `plain`, without its quotes, and the quote that is still open into `quote`. Nothing in it
# is expanded: it may hold a command.
_crm_unquote() {
	local rest=$1 char

	plain='' quote=''
	while [[ -n $rest ]]; do
		char=${rest:0:1}
		rest=${rest:1}
		if [[ $char == \\ && -n $rest && ( -z $quote || $quote == \" && $rest == [\"\\\$\`]* ) ]]; then
			plain+=${rest:0:1}
			rest=${rest:1}
		elif [[ $char == "$quote" ]]; then
			quote=
		elif [[ -z $quote && $char == [\'\"] ]]; then
			quote=$char
		else
			plain+=$char
		fi
	done
}

# Sets `value` as it has to be typed behind what is typed already.
_crm_quote() {
	case $quote in
	\') value=${value//\'/\'\\\'\'} ;;
	\")
		value=${value//\\/\\\\}
		value=${value//\"/\\\"}
		value=${value//\$/\\\$}
		value=${value//\`/\\\`}
		;;
	*)
		printf -v value %q "$value"
		# a comma is special only between braces, and these are quoted
		[[ $value == \$\'* ]] || value=${value//\\,/,}
		;;
	esac
}

_crm() {
	local words=() plain_words=() word rest=$COMP_LINE before i line value plain quote prefix=

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
	for word in "${words[@]}"; do
		_crm_unquote "$word"
		plain_words+=("$plain")
	done

	# candidates are whole words; bash wants what stands behind its last cut, and it cuts nothing within quotes
	if [[ -z $quote && $COMP_WORDBREAKS == *:* && $plain == *[:=]* ]]; then
		prefix=${plain%"${plain##*[:=]}"}
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
		_crm_quote
		COMPREPLY+=("$value")
	done < <("${plain_words[0]}" __complete "${plain_words[@]:1}" 2>/dev/null)
}

# in the order of the program, as far as this bash can
complete -o nosort -F _crm @PROGRAM_NAME@ 2>/dev/null || complete -F _crm @PROGRAM_NAME@
