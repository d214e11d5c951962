"""`deploy/nginx.conf` as a real nginx reads it, in front of two real workers."""

import asyncio
import re
import shutil
import ssl
import subprocess
import time
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.processes import ROOT, Server, free_port, wait_until
from tests.visitor import CSRF, Screen, Visitor

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed")
NAME = "chat.example.by"
MAIN = """
daemon off; pid nginx.pid; error_log stderr; worker_processes 1;
events {{}}
http {{
    types {{ text/css css; application/javascript js; }}
    access_log off;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    include {site};
}}
"""


class Proxy:
    """nginx with our example, except for the ports, the certificate and where things are."""

    def __init__(self, folder, ports: list[int]) -> None:
        self.folder, self.plain, self.port = folder, free_port(), free_port()
        self.url = f"https://{NAME}:{self.port}"
        certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
        names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
        made = subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], capture_output=True)
        assert made.returncode == 0, made.stderr
        (folder / "gemini-chat-upstream.conf").write_text("".join(f"server 127.0.0.1:{port};\n" for port in ports))
        text = (ROOT / "deploy/nginx.conf").read_text()
        for old, new in (
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ", f"listen 127.0.0.1:{self.port} "),
            ("/etc/nginx/certificates/", f"{folder}/"),
            ("/opt/gemini-chat/", f"{ROOT}/"),
        ):
            assert old in text
            text = text.replace(old, new)
        (folder / "site.conf").write_text(text)
        (folder / "nginx.conf").write_text(MAIN.format(site=folder / "site.conf"))
        self.command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
        self.trust = ssl.create_default_context(cafile=certificate)

    def __enter__(self) -> "Proxy":
        with (self.folder / "errors").open("w") as errors:
            self.process = subprocess.Popen(self.command, stderr=errors)
        wait_until(self.listens)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)

    def listens(self) -> bool:
        assert self.process.poll() is None, (self.folder / "errors").read_text()
        try:
            return httpx.get(f"http://127.0.0.1:{self.plain}/").status_code == 301
        except httpx.TransportError:
            return False


class Transport(httpx.AsyncHTTPTransport):
    """Goes to the loopback address for the site's name, which no resolver knows."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = NAME
        request.url = request.url.copy_with(host="127.0.0.1")
        return await super().handle_async_request(request)


@pytest.fixture(scope="module")
def worker(upstream):
    environment = {"SITE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "127.0.0.1"}
    with Server(upstream, **environment) as server:
        yield server


@pytest.fixture(scope="module")
def proxy(worker, tmp_path_factory):
    # The second worker is down, as one is now and then: nobody is to notice.
    with Proxy(tmp_path_factory.mktemp("nginx"), [worker.port, free_port()]) as proxy:
        yield proxy


@pytest.fixture
async def alice(worker, proxy):
    [key] = worker.sign_in("alice")
    async with AsyncExitStack() as stack:
        visitor = Visitor(worker, key)
        await visitor.http.aclose()
        visitor.http = await stack.enter_async_context(
            httpx.AsyncClient(
                base_url=proxy.url,
                transport=Transport(verify=proxy.trust),
                cookies={"__Host-sessionid": key, "__Host-csrftoken": CSRF},
                headers={"Host": NAME, "X-CSRFToken": CSRF, "HX-Request": "true", "Referer": f"https://{NAME}/"},
                timeout=30,
            )
        )
        yield visitor


def test_the_example_is_one_that_nginx_takes(proxy):
    said = subprocess.run([*proxy.command, "-t"], capture_output=True, text=True)
    assert "test is successful" in said.stderr
    assert "[warn]" not in said.stderr


async def test_a_stream_passes_as_it_is_written(alice):
    _, reply = await alice.begin("[[words 60]] [[pace 0.1]]")
    began = time.monotonic()
    screen = Screen()
    arrivals = []
    async for event in alice.follow(reply):
        screen.apply(event)
        arrivals.append(event.at - began)
    assert "слово60" in screen.done
    # Held back, they would all come together at the end.
    assert len(arrivals) > 8
    assert arrivals[3] < arrivals[-1] / 2


async def test_requests_pass_over_a_worker_that_is_down(alice):
    answers = await asyncio.gather(*(alice.http.get("/gemini/", headers={"HX-Request": ""}) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {200}


async def test_files_come_from_nginx_compressed_and_to_be_kept(alice):
    page = await alice.page("")
    path = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', page)[1]
    answer = await alice.http.get(path)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-encoding"] == "gzip"
    assert "nginx" in answer.headers["server"]


async def test_an_address_that_a_visitor_claims_does_not_get_through(worker, alice):
    """The list of sign-ins shows the address that the site believes."""
    claims = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"}
    await alice.http.get("/accounts/sessions/", headers=claims | {"HX-Request": ""})
    rows = worker.rows("SELECT ip FROM usersessions_usersession")
    assert {row["ip"] for row in rows} == {"127.0.0.1"}


async def test_plain_http_leads_to_https(proxy):
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{proxy.plain}/gemini/", headers={"Host": NAME})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{NAME}/gemini/")


@pytest.mark.parametrize("path", ["/api/v1/gemini/chat-sessions/", "/gemini/send-message/"])
async def test_a_program_without_https_is_refused_by_the_site(proxy, path):
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"http://127.0.0.1:{proxy.plain}{path}", headers={"Host": NAME})
    assert (answer.status_code, answer.json()["code"]) == (403, "https_required")
