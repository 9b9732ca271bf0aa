"""A disk that loses power: what shim_disk.c wrote down, and what may be on the disk at each moment of it.

The model is a strict one. What was written to a file since its last fsync may be there or not, each write by itself, and
of each write each sector of 512 bytes. New names, new places of names and removals are there in their order, up to any
of them, since the last fsync of the folder; that of a file says nothing of its name.
"""

import hashlib
import os

SECTOR = 512


class File:
    """What is on the disk, and what came after it: ("write", offset, bytes) and ("size", length)."""

    def __init__(self, content=b""):
        self.durable, self.pending = bytes(content), []

    def content(self, pending):
        data = bytearray(self.durable)
        for what, at, *rest in pending:
            if what == "size":
                data = data[:at] if at < len(data) else data + bytes(at - len(data))
            else:
                if at > len(data):
                    data += bytes(at - len(data))
                data[at:at + len(rest[0])] = rest[0]
        return bytes(data)

    def sync(self):
        self.durable, self.pending = self.content(self.pending), []


def sectors(write):
    """A write, cut where sectors end."""
    if write[0] == "size":
        return [write]
    _, at, data = write
    parts, done = [], 0
    while done < len(data):
        n = min(SECTOR - (at + done) % SECTOR, len(data) - done)
        parts.append(("write", at + done, data[done:done + n]))
        done += n
    return parts


class Disk:
    """Files by name, as a program sees them, and as they are on the disk."""

    def __init__(self, home=None):
        self.names, self.durable, self.pending, self.fds = {}, {}, [], {}
        for folder, _, files in os.walk(home) if home else ():
            for name in files:
                if not name.endswith("-shm"):
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        self.names[os.path.relpath(path, home)] = File(file.read())
        self.durable = dict(self.names)

    @staticmethod
    def change(names, what, name, to):
        if what == "unlink":
            names.pop(name, None)
        elif what == "rename":
            names[to] = names.pop(name)
        else:  # "name": it becomes that of a file
            names[name] = to

    def rename(self, what, name, to=None):
        self.pending.append((what, name, to))
        self.change(self.names, what, name, to)

    def do(self, op, words, data):
        """Does a line of the log; True when the disk may be another one since."""
        if op == "open":
            name, fd, created, truncated = words[0], words[1], words[2] == "1", words[3] == "1"
            if created or name not in self.names:
                self.rename("name", name, File())
            self.fds[fd] = self.names[name]
            if truncated and not created:
                self.fds[fd].pending.append(("size", 0))
            return created or truncated
        if op == "write":
            self.fds[words[0]].pending.append(("write", int(words[1]), data))
        elif op == "size":
            self.fds[words[0]].pending.append(("size", int(words[1])))
        elif op == "sync":
            self.fds[words[0]].sync()
        elif op == "close":
            self.fds.pop(words[0], None)
            return False
        elif op == "syncdir":
            self.durable, self.pending = dict(self.names), []
        elif op == "unlink":
            self.rename("unlink", words[0])
        elif op == "rename":
            self.rename("rename", words[0], words[1])
        elif op == "link":
            self.rename("name", words[1], self.names[words[0]])
        else:
            return False
        return True

    def image(self, keep_names, keep):
        """{name: content}, when so many of the names' changes are there, and of each file's writes those of keep()."""
        names = dict(self.durable)
        for what, name, to in self.pending[:keep_names]:
            self.change(names, what, name, to)
        return {name: file.content(keep(file.pending)) for name, file in names.items()}

    def images(self, rng, more):
        """What may be there: nothing of what is not synced, all of it, one without the other, and `more` at random."""
        everything, last = (lambda pending: pending), len(self.pending)
        yield self.image(0, lambda pending: [])
        yield self.image(last, everything)
        if last:
            yield self.image(0, everything)
            yield self.image(last, lambda pending: [])
        for i in range(more):
            def some(pending):
                parts = pending if i % 2 else [part for write in pending for part in sectors(write)]
                share = rng.choice((0.1, 0.5, 0.9))
                return [part for part in parts if rng.random() < share]
            if last or any(file.pending for file in self.names.values()):
                yield self.image(rng.randint(0, last), some)


def read_log(path):
    """(op, words, bytes) of each line."""
    with open(path, "rb") as file:
        log = file.read()
    at = 0
    while at < len(log):
        end = log.index(b"\n", at)
        op, *words = log[at:end].decode().split("\t")
        at = end + 1
        n = int(words[2]) if op == "write" else 0
        yield op, words, log[at:at + n]
        at += n


def fingerprint(image):
    digest = hashlib.blake2b()
    for name in sorted(image):
        digest.update(f"{name}\0{len(image[name])}\0".encode())
        digest.update(image[name])
    return digest.digest()


def put(image, home):
    """Makes a folder of an image."""
    for name, content in image.items():
        path = os.path.join(home, name)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
