import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Starts stand-ins for NBRB and HH.ru («Работа России» included) on loopback until it is interrupted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--nbrb-port", type=int, default=0, help="0 takes a free one")
        parser.add_argument("--hh-port", type=int, default=0, help="0 takes a free one")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self.serve(options))

    async def serve(self, options: dict[str, Any]) -> None:
        from emulators.hh import HhEmulator
        from emulators.nbrb import NbrbEmulator

        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        nbrb = await NbrbEmulator().start(port=options["nbrb_port"])
        hh = await HhEmulator().start(port=options["hh_port"])
        self.stdout.write(f"NBRB {nbrb.address}  HH {hh.address}  token {hh.token}")
        self.stdout.flush()
        await stopped.wait()
        await nbrb.stop()
        await hh.stop()
