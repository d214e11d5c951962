import asyncio
import gc
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Starts a stand-in for the Gemini API on loopback (gRPC and REST) until it is interrupted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--grpc-port", type=int, default=0, help="0 takes a free one")
        parser.add_argument("--http-port", type=int, default=0, help="0 takes a free one")
        parser.add_argument("--pace", type=float, default=0.02, help="seconds between chunks")
        parser.add_argument("--first-token", type=float, default=0.3, help="seconds before the first chunk")
        parser.add_argument("--keys", default="", help="the keys that work, by commas; default: test-… and demo-…")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self.serve(options))

    async def serve(self, options: dict[str, Any]) -> None:
        from emulators.gemini import GeminiEmulator

        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        keys = options["keys"].split(",") if options["keys"] else None
        emulator = GeminiEmulator(keys=keys, pace=options["pace"], first_token=options["first_token"])
        await emulator.start(grpc_port=options["grpc_port"], http_port=options["http_port"])
        # A full round over the SDK's modules, which are no garbage, held all answers up for 0.09 s.
        gc.collect()
        gc.freeze()
        self.stdout.write(f"gRPC {emulator.grpc_address}  HTTP {emulator.http_address}")
        self.stdout.flush()
        await stopped.wait()
        await emulator.stop()
