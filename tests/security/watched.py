"""A server that tells what it connects to, and logs whatever anything in it has to log."""

import sys
from pathlib import Path
from typing import Any

import psutil

from tests.processes import START_TIMEOUT, Server, subprocess, wait_until

# Runs before anything of ours is imported: the hook cannot be taken away again, and every logger speaks.
BOOT = """
import logging, os, sys
told = open(os.environ["CONNECTIONS_FILE"], "a", buffering=1)
def hook(event, arguments):
    if event == "socket.connect":
        print("connect", arguments[1], file=told)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        print("lookup", arguments[0], file=told)
sys.addaudithook(hook)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
from django.conf import settings
settings.LOGGING["loggers"].clear()
settings.LOGGING["root"]["level"] = "DEBUG"
django.setup()
logging.disable(logging.NOTSET)
from config.server import main
main()
"""


class WatchedServer(Server):
    def __init__(self, *arguments: Any, **environment: str) -> None:
        super().__init__(*arguments, **environment)
        self.connections_file = self.folder / "connections"
        self.environment["CONNECTIONS_FILE"] = str(self.connections_file)
        # gRPC's own core, which Python's logging does not see.
        self.environment["GRPC_VERBOSITY"] = "DEBUG"

    def start(self) -> None:
        command = [sys.executable, "-c", BOOT]
        root = Path(__file__).resolve().parents[2]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=root, env=self.environment, stdout=log, stderr=log)
        wait_until(self.is_ready, START_TIMEOUT)

    def told(self) -> list[str]:
        """What Python has connected to and looked up."""
        return self.connections_file.read_text().splitlines()

    def remote_addresses(self) -> set[tuple[str, int]]:
        """What the process is connected to now, gRPC included, without those who are connected to it."""
        found = psutil.Process(self.pid).net_connections("inet")
        return {tuple(one.raddr) for one in found if one.raddr and one.laddr.port != self.port}
