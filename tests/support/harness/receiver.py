"""A receiver of webhooks: answers each path as a test says, and remembers what came."""

import json
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """`after`: an event that is waited for before anything is sent."""

    status: int = 200
    body: bytes = b'{"status": "ok"}'
    fields: dict = field(default_factory=dict)
    after: threading.Event = None


@dataclass
class Received:
    path: str
    fields: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class Receiver:
    """`with Receiver() as receiver:`; `replies[path]` are given one after the other, the last one again and again."""

    def __init__(self, certificate=None, key=None):
        self.replies = {}
        self.received = []
        self.lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                receiver.answer(self)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # who went before the answer is no fault of ours

        self.server = Server(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
            self.scheme = "https"
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        with self.lock:
            self.received.append(Received(request.path, dict(request.headers), body))
            replies = self.replies.get(request.path, [Reply()])
            reply = replies[0] if len(replies) == 1 else replies.pop(0)
        if reply.after:
            reply.after.wait(60)
        request.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.fields}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(reply.body)
        request.close_connection = True

    def url(self, path, host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def at(self, path):
        with self.lock:
            return [each for each in self.received if each.path == path]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
