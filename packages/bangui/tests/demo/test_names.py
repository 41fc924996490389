from __future__ import annotations

from bangui.demo.names import (
    COMMON,
    EXTENSIONS,
    HOSTILE,
    MAILBOXES,
    STAFF,
    hex_escaped,
    mailbox_name,
    octal_escaped,
    question_marked,
)


def test_no_name_breaks_a_line_of_a_log() -> None:
    for name in (*COMMON, *MAILBOXES, *EXTENSIONS, *STAFF, *HOSTILE):
        assert len(name.splitlines()) == 1
        name.encode()


def test_attackers_send_markup_shell_terminal_escapes_and_bidi_controls() -> None:
    text = "".join(HOSTILE)
    for dangerous in ("<script>", "$(", "\x1b[", "\u202e", "\u2066", "' OR "):
        assert dangerous in text


def test_openssh_writes_the_unprintable_as_octal() -> None:
    assert octal_escaped("\x1b[2Jé\\") == "\\033[2J\\303\\251\\"


def test_web_servers_write_quotes_and_the_unprintable_as_hex() -> None:
    assert hex_escaped('a"\x1bé') == "a\\x22\\x1B\\xC3\\xA9"


def test_vsftpd_writes_question_marks() -> None:
    assert question_marked("a\x1b\u202eb") == "a??b"


def test_dovecot_does_not_repeat_a_name_that_is_no_mailbox() -> None:
    assert mailbox_name("info@example.org") == "info@example.org"
    assert mailbox_name("<script>") == ""
