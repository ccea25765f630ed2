"""Serve Gatehouse from one terminal: web, worker and beat as child processes that live and die together.

    python scripts/serve.py

The environment decides everything (README.md); bin/run sets the demo's. Ctrl-C or SIGTERM stops all of it cleanly,
and if one child ends the others are stopped too: half a system that looks alive helps nobody.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = int(os.environ.get("PORT") or 8000)
PATIENCE = 180  # seconds for the first page
GRACE = 25  # seconds for a child to finish what it is doing

CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
CHILDREN = {
    "web": [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py", "config.wsgi"],
    # One worker on one machine has nobody to gossip with.
    "worker": [
        *(*CELERY, "worker", "--loglevel", "WARNING", "--concurrency", "1"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ],
    "beat": [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile", ""],
}


class Stopped(Exception):
    """Somebody asked for the end."""


def stop_on_signal(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exception, so that the one `finally` below does the clearing up."""
    raise Stopped(signal.Signals(number).name)


# What ends a child whose supervisor was killed outright. Beat loses a SIGTERM that comes while it writes down when it
# last ran, and has nothing else to finish.
LAST_WORD = {"web": signal.SIGTERM, "worker": signal.SIGTERM, "beat": signal.SIGKILL}


def die_with_parent(last_word: signal.Signals) -> None:
    """Ask Linux to end this child if the supervisor is killed outright, so none is left behind."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, last_word)


def lock() -> TextIO:
    """Hold the run-time folder, or say who else does: two beats would tick twice."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    held = (VAR_DIR / "run.lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Gatehouse is already running from {VAR_DIR}. Stop it first, or give this one its own VAR_DIR.")
    return held


def check_port() -> None:
    """Stop early, in words, when something else is listening."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            sys.exit(f"Cannot listen on {HOST}:{PORT} ({error.strerror}). Choose another: PORT=8001 bin/run")


def start(name: str) -> subprocess.Popen[bytes]:
    """Start one child in a process group of its own, so that Ctrl-C reaches it once, through us."""
    # Celery warns of running as root; in a container or a trial that is nothing the reader can act on.
    environment = {**os.environ, "PYTHONWARNINGS": "ignore:You're running the worker"}
    return subprocess.Popen(
        CHILDREN[name],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(LAST_WORD[name]),
    )


def ended(children: dict[str, subprocess.Popen[bytes]]) -> str:
    """Return the sentence about the first child that has ended, or nothing."""
    for name, child in children.items():
        if child.poll() is not None:
            return f"The {name} process ended (exit code {child.returncode}), so everything is being stopped."
    return ""


def answers() -> bool:
    """Ask the health page, as a load balancer would."""
    near = "127.0.0.1" if HOST in ("0.0.0.0", "::") else HOST  # noqa: S104 - compared, not bound
    hosts = [host for host in (os.environ.get("ALLOWED_HOSTS") or "127.0.0.1").split(",") if "*" not in host]
    request = urllib.request.Request(
        f"http://{near}:{PORT}/health/ready", headers={"Host": (hosts or [near])[0].strip()}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as page:  # noqa: S310 - our own address
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_ready(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Return when the pages answer; raise Stopped when they cannot."""
    deadline = time.monotonic() + PATIENCE
    while not answers():
        if trouble := ended(children):
            raise Stopped(trouble)
        if time.monotonic() > deadline:
            raise Stopped(f"No page after {PATIENCE} seconds, so everything is being stopped.")
        time.sleep(0.2)


def stop_all(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask every child to finish, wait, and kill what does not."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for name, child in children.items():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"The {name} process did not stop; ending it.", file=sys.stderr)
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def prepare() -> str:
    """Prepare the database and files; return what the loaders said."""
    done = subprocess.run([sys.executable, "scripts/prepare.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}\nGatehouse could not be prepared; the reason stands above.")
    return done.stdout.strip()


def main() -> int:
    """Prepare, start the children, tell the address, and watch until the end."""
    os.umask(0o077)  # the database and the uploads are nobody else's to read
    signal.signal(signal.SIGTERM, stop_on_signal)
    signal.signal(signal.SIGINT, stop_on_signal)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        with lock():
            check_port()
            said = prepare()
            try:
                for name in CHILDREN:
                    children[name] = start(name)
                wait_until_ready(children)
                print(f"{said}\n\nGatehouse is ready: http://{HOST}:{PORT}/\nStop it with Ctrl-C.", flush=True)
                while not (trouble := ended(children)):
                    time.sleep(0.5)
                raise Stopped(trouble)
            finally:
                # A second signal may not interrupt the clearing up.
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                stop_all(children)
    except Stopped as why:
        asked = str(why) in ("SIGTERM", "SIGINT")
        print("Stopped." if asked else f"\n{why}", file=sys.stdout if asked else sys.stderr, flush=True)
        return 0 if asked else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
