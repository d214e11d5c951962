import asyncio
import contextlib
from collections.abc import Collection
from typing import Any

import uvicorn

from emulators.gemini.grpc_side import server_for
from emulators.gemini.model import Entry, Model
from emulators.gemini.rest_side import RestSide
from emulators.serving import listen


class GeminiEmulator:
    """Gemini on loopback, on the event loop that starts it.

    `keys`: those that work; None lets every key that begins with `test-` or `demo-` work. `pace`: seconds between
    chunks, `first_token`: seconds before the first one.
    """

    def __init__(self, *, keys: Collection[str] | None = None, pace: float = 0.02, first_token: float = 0.3) -> None:
        self.model = Model(keys, pace, first_token)
        self.grpc_address = ""
        self.http_address: str | None = None
        self._grpc: Any = None
        self._http: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def log(self) -> Collection[Entry]:
        return self.model.log

    async def start(self, host: str = "127.0.0.1", grpc_port: int = 0, http_port: int | None = None) -> None:
        """Port 0 takes a free one; without an `http_port` there is no REST side."""
        self._grpc = server_for(self.model)
        port = self._grpc.add_insecure_port(f"{host}:{grpc_port}")
        await self._grpc.start()
        self.grpc_address = f"{host}:{port}"
        if http_port is not None:
            await self._start_http(host, http_port)

    async def _start_http(self, host: str, port: int) -> None:
        listener = listen(host, port)
        config = uvicorn.Config(RestSide(self.model), lifespan="off", log_config=None, access_log=False)
        self._http = uvicorn.Server(config)
        # Signals are for the one who runs us.
        self._http.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
        self._serving = asyncio.create_task(self._http.serve(sockets=[listener]))
        self.http_address = f"http://{host}:{listener.getsockname()[1]}"

    async def stop(self, grace: float = 0) -> None:
        """Ends running calls after `grace` seconds."""
        if self._grpc:
            await self._grpc.stop(grace)
        if self._http and self._serving:
            self._http.should_exit = self._http.force_exit = True
            await self._serving
