#!/usr/bin/env python3
"""Runs a program on a terminal of its own: on_terminal.py COLUMNS [WAIT TYPE]... -- PROGRAM [ARGUMENT...]

Each time WAIT has been shown, behind the WAIT before, TYPE is typed; escape sequences within WAIT do not count. What the
terminal showed goes to stdout, with all its escape sequences. The status is the program's, as a shell counts it; 125,
with a message on stderr, when a WAIT, or the end of the program, does not come within SECONDS.
"""
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios

SECONDS = int(os.environ.get("ON_TERMINAL_SECONDS", 10))
# CSI, OSC and the short ones, the last one perhaps still on its way
ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*(?:[@-~]|\Z)|\][^\x07\x1b]*(?:\x07|\x1b\\|\x1b?\Z)|[ -/]*(?:[0-Z\\^-~]|\Z))")


class TooLate(Exception):
    """Not TimeoutError, an OSError: those end a terminal."""


class Terminal:
    """The terminal's other end, and what has been shown on it."""

    def __init__(self, columns, command):
        self.shown, self.since, self.open = b"", 0, True
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # the size is known before the program begins
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            try:
                os.execvp(command[0], command)
            except OSError as error:
                os.write(2, f"{command[0]}: {error.strerror}\r\n".encode())
                os._exit(127)

    def read(self):
        """False at the end: nobody has the terminal open any more."""
        try:
            chunk = os.read(self.fd, 65536)
        except OSError:
            chunk = b""
        self.shown += chunk
        self.open = chunk != b""
        return self.open

    def wait_for(self, text):
        while True:
            plain = ESCAPE.sub(b"", self.shown).replace(b"\r", b"")
            at = plain.find(text.encode(), self.since)
            if at >= 0:
                self.since = at + len(text.encode())
                return True
            if not self.read():
                return False

    def type(self, text):
        os.write(self.fd, text.encode())

    def hang_up(self):
        """Ends the program, whatever it is doing."""
        os.close(self.fd)
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def too_late(*_):
    raise TooLate


def main():
    split = sys.argv.index("--")
    steps = list(zip(sys.argv[2:split:2], sys.argv[3:split:2], strict=True))
    terminal = Terminal(int(sys.argv[1]), sys.argv[split + 1:])
    awaited, problem, status = "", None, 0
    signal.signal(signal.SIGALRM, too_late)
    try:
        for awaited, text in steps:
            signal.alarm(SECONDS)
            if not terminal.wait_for(awaited):
                problem = f"ended without showing {awaited!r}"
                break
            terminal.type(text)
        awaited = ""
        signal.alarm(SECONDS)
        while terminal.open:
            terminal.read()
        status = os.waitpid(terminal.pid, 0)[1]
    except TooLate:
        problem = f"did not show {awaited!r}" if awaited else "did not end"
        problem += f" within {SECONDS} seconds"
        terminal.hang_up()
    signal.alarm(0)
    sys.stdout.buffer.write(terminal.shown.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
    if problem:
        sys.stderr.write(f"on_terminal: {sys.argv[split + 1]} {problem}\n")
        sys.exit(125)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


main()
