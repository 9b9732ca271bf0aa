# Completion of @PROGRAM_NAME@ for fish. The program itself knows the candidates; this passes the words.

function __crm_complete
	set -l words (commandline -opc) (commandline -ct)
	set -l candidates ($words[1] __complete $words[2..-1] 2>/dev/null)
	if test (count $candidates) -eq 0
		__fish_complete_path (commandline -ct)
		return
	end
	printf '%s\n' $candidates
end

complete -c @PROGRAM_NAME@ -f -k -a '(__crm_complete)'
