"""A small HTTP/1.1 client on a socket: it sends exactly the bytes it is given and reads answers strictly (RFC 9112)."""

import re
import socket

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) ([\t\x20-\x7e\x80-\xff]*)\Z")
FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*\Z", re.DOTALL)


class WireError(Exception):
    """The server did not speak HTTP, closed too early, or did not answer in time."""


class Answer:
    """One answer as it came: `fields` are (name, value) in their order, `body` is without transfer coding."""

    def __init__(self, status, fields, body):
        self.status = status
        self.fields = fields
        self.body = body

    def values(self, name):
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def value(self, name):
        values = self.values(name)
        return ", ".join(values) if values else None


class Connection:
    """One TCP connection. `timeout` in seconds bounds every wait."""

    def __init__(self, address, port, timeout=20):
        self.socket = socket.create_connection((address, port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, data):
        """A peer that closes while we send is no error here: its answer, if any, is still to be read."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def end_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except socket.timeout:
            raise WireError("no answer in time; so far: %r" % self.buffer[:200]) from None
        except ConnectionResetError:
            data = b""
        if not data:
            raise WireError("the connection was closed; so far: %r" % self.buffer[:200])
        self.buffer += data

    def _take_line(self):
        while b"\r\n" not in self.buffer:
            if b"\n" in self.buffer:
                raise WireError("a line ends without CR: %r" % self.buffer[:200])
            self._more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def _take(self, count):
        while len(self.buffer) < count:
            self._more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def _take_chunks(self):
        body = b""
        while True:
            line = self._take_line()
            if not re.fullmatch(rb"[0-9A-Fa-f]+", line):
                raise WireError("not a chunk size: %r" % line)
            size = int(line, 16)
            if size == 0:
                while self._take_line():
                    pass
                return body
            body += self._take(size)
            if self._take(2) != b"\r\n":
                raise WireError("a chunk does not end with CRLF")

    def _take_fields(self):
        fields = []
        while line := self._take_line():
            match = FIELD_LINE.match(line)
            if not match:
                raise WireError("not a header field: %r" % line)
            fields.append((match[1].decode("ascii"), match[2].decode("utf-8", "surrogateescape")))
        return fields

    def read_answer(self, method):
        """The next answer; `method` of its request says whether it has a body. 1xx answers are returned too."""
        line = self._take_line()
        match = STATUS_LINE.match(line)
        if not match:
            raise WireError("not a status line: %r" % line)
        answer = Answer(int(match[1]), self._take_fields(), b"")
        lengths = answer.values("Content-Length")
        codings = answer.values("Transfer-Encoding")
        if len(lengths) > 1 or (lengths and codings):
            raise WireError("the length of the body is said twice")
        if lengths and not re.fullmatch("[0-9]+", lengths[0]):
            raise WireError("Content-Length is no number: %r" % lengths[0])
        if answer.status < 200 or answer.status in (204, 304):
            if lengths or codings:
                raise WireError("a %d answer says how long its body is" % answer.status)
        elif method == "HEAD":
            pass
        elif codings:
            answer.body = self._take_chunks()
        elif lengths:
            answer.body = self._take(int(lengths[0]))
        else:
            raise WireError("neither Content-Length nor Transfer-Encoding")
        return answer

    def closed_by_peer(self):
        """Whether the peer closes without a further byte; waits for it."""
        if self.buffer:
            return False
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except socket.timeout:
            return False


def get(address, port, target, fields):
    """One GET on a connection of its own; `fields` are (name, value)."""
    connection = Connection(address, port)
    try:
        connection.send(request_bytes("GET", target, f"{address}:{port}", fields, b""))
        return connection.read_answer("GET")
    finally:
        connection.close()


def request_bytes(method, target, host, fields, body):
    """A request as the bytes to send. Host and Content-Length are added where `fields` do not give them."""
    names = {name.lower() for name, _ in fields}
    lines = [f"{method} {target} HTTP/1.1"]
    if host and "host" not in names:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in fields]
    if body and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + body
