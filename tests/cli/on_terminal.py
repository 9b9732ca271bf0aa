#!/usr/bin/env python3
"""Runs a program on a terminal of its own: on_terminal.py COLUMNS [WAIT TYPE]... -- PROGRAM [ARGUMENT...]

Each time WAIT has been shown, behind the WAIT before, TYPE is typed. What the terminal showed goes to stdout; the status is the program's.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

SECONDS = 10


def main():
    split = sys.argv.index("--")
    columns, steps, command = int(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    pid, fd = pty.fork()
    if pid == 0:
        # the size is known before the program begins
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execvp(command[0], command)
    end = time.monotonic() + SECONDS
    shown, since = b"", 0
    while True:
        while steps and (at := shown.find(steps[0].encode(), since)) >= 0:
            since = at + len(steps[0].encode())
            os.write(fd, steps[1].encode())
            steps = steps[2:]
        ready, _, _ = select.select([fd], [], [], max(0, end - time.monotonic()))
        if not ready:
            sys.stdout.buffer.write(shown)
            sys.exit("on_terminal: still running" + (f", waits for {steps[0]!r}" if steps else ""))
        try:
            chunk = os.read(fd, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
    if steps:
        sys.exit(f"on_terminal: never showed {steps[0]!r}")
    sys.exit(os.waitstatus_to_exitcode(status) % 256)


main()
