"""A proxy that has the service below a path, as https://tools.example/stance/ would: it strips the path, and knows nothing else."""

import http.client
import http.server
import socket
import threading
from urllib.parse import urlsplit

PREFIX = "/tools/stance"


class Prefixed:
    """Use it in `with`: gives itself, with the service's address behind it, and what was asked for outside of the path."""

    def __init__(self, base):
        self.strays = []
        self.tunnels = []
        # As a network that is gone would, it then answers nothing.
        self.is_down = False
        proxy, upstream = self, urlsplit(base).netloc

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if proxy.is_down:
                    self.close_connection = True
                    return None
                if self.path == PREFIX:
                    return self.write(308, [("Location", PREFIX + "/")], b"")
                if not self.path.startswith(PREFIX + "/"):
                    proxy.strays.append(self.path)
                    return self.write(404, [], b"")
                if self.headers.get("Upgrade") == "websocket":
                    return self.tunnel()
                connection = http.client.HTTPConnection(upstream, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
                headers |= {"X-Forwarded-Prefix": PREFIX, "X-Forwarded-Proto": "http"}
                connection.request(self.command, self.path[len(PREFIX):], body or None, headers)
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                mine = ("connection", "content-length", "date", "transfer-encoding")
                self.write(answer.status, [pair for pair in answer.getheaders() if pair[0].lower() not in mine], content)

            do_GET = do_POST = do_DELETE = answer

            def tunnel(self):
                """Passes bytes on in both directions until one side ends."""
                host, _, port = upstream.partition(":")
                behind = socket.create_connection((host, int(port)))
                proxy.tunnels.append(behind)
                self.close_connection = True
                fields = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
                behind.sendall(f"{self.command} {self.path[len(PREFIX):]} HTTP/1.1\r\n{fields}\r\n".encode())
                back = threading.Thread(target=pass_on, args=(behind.recv, self.connection), daemon=True)
                back.start()
                # What was read ahead of the upgrade stands in the file.
                pass_on(self.rfile.read1, behind)
                back.join()
                behind.close()

            def write(self, status, headers, content):
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content)
                except OSError:
                    pass  # Nobody waits for it any more.

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}{PREFIX}"

    def cut(self):
        """Ends all tunnels, as a network that breaks off would."""
        for tunnel in self.tunnels:
            tunnel.shutdown(socket.SHUT_RDWR)
        self.tunnels = []

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def pass_on(read, to):
    try:
        while some := read(65536):
            to.sendall(some)
    except OSError:
        pass
    try:
        to.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
