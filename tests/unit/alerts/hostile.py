"""Addresses that somebody could type to do something else than to be written to."""

from collections.abc import Iterator

LINES = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "%0d%0a", "\\r\\n", "\x00", "\x1b", "\x7f")
COMMANDS = ("RCPT TO:<v@victim.example>", "Bcc: v@victim.example", "DATA", ".", "QUIT", "Subject: x")


def hostile_addresses() -> Iterator[str]:
    """Yield 200 of them and more; none is an address that may be written to as it stands."""
    for line in LINES:
        for command in COMMANDS:
            yield f"a@b.example{line}{command}"
        yield f"{line}a@b.example"
        yield f"a{line}@b.example"
        yield f"a@b{line}.example"
        yield f"a@b.example{line}"
    for text in (
        "a b",
        "a\tb",
        '"a b"',
        '"a\\"b"',
        "a..b",
        ".a",
        "a.",
        "a,b",
        "a;b",
        "a:b",
        "<a",
        "a>",
        "(a)b",
        "a\\b",
        "[a]",
    ):
        yield f"{text}@b.example"
    for text in ("b", "localhost", ".b.example", "b..example", "b.example.", "-b.example", "b-.example", "b_.example",
                 "[127.0.0.1]", "[IPv6:::1]", "127.0.0.1", "b.1", "b example.fr", "b.example>", "b.example,c@d.example",
                 "b.example;x", "b.example\\", "b.example/x", "b.example?x=y", "b.example#x", "xn--a.example..",
                 "\u202eb.example", "b\u200b.\u200bexample.", "b。。example", "é" * 300 + ".example"):  # fmt: skip
        yield f"a@{text}"
    yield from (
        "",
        " ",
        "@",
        "a@",
        "@b.example",
        "a@b@c.example",
        "a",
        "@" * 300,
        "a@b.example@",
        "a" * 65 + "@b.example",
    )
    yield from ("a@" + "b" * 64 + ".example", "a@" + "b." * 150 + "example", "a" * 10_000, "a@b.example" * 1_000)
    yield from ("é@b.example", "用户@b.example", "a\u0301@b.example", "\ufeffa@b.example")
    yield from ("<a@b.example>", "A <a@b.example>", "a@b.example (x)", "mailto:a@b.example", "a@b.example,c@d.example")
    yield from (
        "a@b.example\u202e",
        "=?utf-8?q?a=40b.example?=",
        "a@b.example SIZE=1",
        "a%40b.example",
        "a!b@c@d.example",
    )
    yield from ("{{7*7}}@b", "${jndi:ldap://b.example}", "<script>@b.example", "' OR 1=1--@b", "../../etc/passwd@b")
