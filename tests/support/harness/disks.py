"""Disks that refuse: a small one that can be filled, and faults in the calls of one program."""

import ctypes
import mmap
import os
import struct
import subprocess
from pathlib import Path

CLONE_NEWNS = 0x00020000
ALWAYS = 2**62
NAME_BYTES, CONTROL_BYTES = 16, 32


class DiskError(Exception):
    """What a test needs of the machine, and does not find."""


def keep_mounts_to_ourselves():
    """What this process and its children mount from now on nobody else sees, and it ends with them. From the main thread."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS) != 0:
        raise DiskError(f"a disk of our own cannot be mounted ({os.strerror(ctypes.get_errno())}): run the tests as root, in a "
                        "container with CAP_SYS_ADMIN")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


class SmallDisk:
    """A file system of so many megabytes in memory at `folder`, which is there and empty."""

    def __init__(self, folder, megabytes):
        self.folder = Path(folder)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "portico-test", str(folder)],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise DiskError(f"a tmpfs cannot be mounted at {folder}: {done.stderr.strip()}")

    def fill(self):
        """Nothing of it is left."""
        with open(self.folder / "filler", "wb", buffering=0) as file:
            for bytes_at_once in (1 << 20, 4096):
                try:
                    while True:
                        file.write(bytes(bytes_at_once))
                except OSError:
                    pass

    def free(self):
        (self.folder / "filler").unlink()

    def remove(self):
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


class FaultyFiles:
    """Steers tests/support/faulty_files in a program that gets `environment`: below `directory`, calls fail as planted."""

    def __init__(self, library, directory, control):
        if not Path(library).exists():
            raise DiskError(f"{library} is missing: build with -DPORTICO_TESTS=ON")
        control.write_bytes(bytes(CONTROL_BYTES))
        with control.open("r+b") as file:
            self.control = mmap.mmap(file.fileno(), CONTROL_BYTES)
        self.mend()
        self.environment = {"LD_PRELOAD": str(library), "FAULTY_DIRECTORY": str(directory), "FAULTY_CONTROL": str(control)}

    def plant(self, fault, times=ALWAYS):
        """`full`, `read-only`, `write`, `short` or `sync`: the next so many such calls fail."""
        self.control[NAME_BYTES:NAME_BYTES + 8] = struct.pack("=q", times)
        self.control[:NAME_BYTES] = fault.encode().ljust(NAME_BYTES, b"\0")

    def mend(self):
        self.plant("none")

    def failed(self):
        """How many calls have failed so far."""
        return struct.unpack("=q", self.control[NAME_BYTES + 8:CONTROL_BYTES])[0]
