# Completion of @PROGRAM_NAME@ for fish. The program itself knows the candidates; this passes the words.

function __crm_complete
	set -l words (commandline -opc) (commandline -ct | string unescape)
	for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
		if string match -q \t'*' -- $line
			__fish_complete_path $words[-1]
		else
			printf '%s\n' $line
		end
	end
end

complete -c @PROGRAM_NAME@ -f -k -a '(__crm_complete)'
