"""What nobody should be able to break the search with by typing it."""

from typing import Final

# What it is -> how it is typed: each is what somebody types or pastes by mistake, and is answered with a sensible page.
BAD_INPUT: Final = {
    "10,000 letters": "a" * 10_000,
    "300 words": " ".join(f"mot{number}" for number in range(300)),
    "300 known words": "soudeur plombier cuisine anglais secrétaire aide " * 50,
    "a pasted letter": "Madame, Monsieur,\r\n\r\nje vous écris au sujet d'une formation de soudeur à Albi.\r\n" * 20,
    "only stop words": "de la et le pour avec dans les une",
    "only words that say nothing": "bonjour je cherche une formation pour",
    "only signs": "!?… --- ,,, ;;; ((( ))) *** +++ /// \\\\\\ ~~~ ^^^ \"\"\" '''",
    "a web address": "https://www.exemple.fr/offres?q=soudeur&place=Albi#haut",
    "a mail address": "prenom.nom@exemple.fr",
    "emoji": "👩‍🏭🔥🥐 👨‍👩‍👧‍👦",
    "emoji beside a word": "soudeur 👩‍🏭",
    "Arabic": "مهندس لحام في باريس",
    "Cyrillic": "сварщик в Париже",
    "Chinese": "巴黎 焊工 培训",
    "Greek": "συγκολλητής",
    "SQL": "'; DROP TABLE offers; SELECT * FROM users WHERE '1'='1' --",
    "HTML": "<script>alert(1)</script><b onmouseover=alert(1)>soudeur</b>",
    "JSON": '{"query": {"match_all": {}}}',
    "a query language": 'title:"soudeur" AND (place:Albi OR *) NOT rome:[A TO Z]~2^5',
    "one letter": "s",
    "one sign": "'",
    "digits only": "0123456789 4242 7",
    "a very long number": "9" * 300,
    "combining marks": "s\u0301\u0300\u0302o\u0308\u0304u\u0327d\u0323e\u0301u\u0300r",
    "only combining marks": "\u0301" * 250,
    "letters of full width": "ｓｏｕｄｅｕｒ",
    "a ligature that folds": "œ" * 250,
    "letters that grow when they are folded": "İ" * 250,
    "written from right to left": "\u202eruetuos",
    "invisible characters": "sou\u00addeur\ufeff \u200b",
    "control characters": "soudeur\x00\x07\x1b[31m",
    "a month that is over": "formation avant mars 2020",
    "many filters": "RNCP38565 RNCP38430 A1203 J1501 040713935 gratuit à distance en présentiel en mars à Albi",
}

WORDS: Final = (
    "*", "**********", "?", "~", "\\", "\\\\\\", "/", '"', "'", "(", ")))))", "[", "{", "}", "^", "!", ":",
    "+", "-", "&&", "||", "AND", "OR", "NOT", "soudeur AND", "title:*", "_exists_:id", "*:*", "[* TO *]",
    "je veux " * 5000, "et je cherche ou " * 900, "ou, " * 3000, "date de " * 2000, "pas à distance " * 900,
    "20 km " * 2000, "soudeur~2^1000000", "/.*/", "/(a+)+b/", '{"match_all":{}}', "'; DROP TABLE offers; --",
    "1 OR 1=1",
    "${jndi:ldap://127.0.0.1/a}", "{{7*7}}", "%s%s%n", "../../etc/passwd", "<script>alert(1)</script>", "\0",
    "a\0b", "\x01\x02\x1b[31m", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "👩‍👩‍👧‍👦" * 20, "\u202esoudeur", "مهندس لحام", "溶接工", "Z̸̡͎a̵l̶g̷o̸" * 10, "é" * 300, "e\u0301" * 300,
    "\ufeffsoudeur", "ﬁnance", "İstanbul", "ß", "\uffff", "\u2028", "\xa0", " ", "\t\r\n", "a", "l'", "l’",
    "de la et le", "a " * 100, "soudeur " * 500, "mot" * 3000, " ".join(f"mot{n}" for n in range(1500)),
    "x" * 100_000, "0", "-1", "NaN", "null", "undefined", "true", "[object Object]",
)  # fmt: skip
