import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Starts a stand-in for Google's sign-in and Calendar on loopback until it is interrupted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="0 takes a free one")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self.serve(options["port"]))

    async def serve(self, port: int) -> None:
        from emulators.google import GoogleEmulator

        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        emulator = await GoogleEmulator().start(port=port)
        # To be pasted into the environment of a site.
        self.stdout.write(" ".join(f"{name}={value}" for name, value in emulator.settings.items()))
        self.stdout.flush()
        await stopped.wait()
        await emulator.stop()
