# How lines are broken: between Chinese characters, by groff's rules for them; also between their marks and a Latin word, before
# what opens and behind what divides; never within a word. The line for whatis stays as it is.
1i\
.mso zh.tmac\
.nr HY 0
/^[a-z-]* - /b
s/、/&\\:/g
s/，/&\\:/g
s/；/&\\:/g
s/：/&\\:/g
s/（/\\:&\\\&/g
s/“/\\:&\\\&/g
