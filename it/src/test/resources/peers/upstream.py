# A web server that says what it was sent, and writes each request down before it answers.
import base64, http.server, json, ssl, sys, threading, urllib.parse, subprocess, os, gzip
SEEN, CERT, KEY, ROOT = sys.argv[1:5]
lock = threading.Lock()
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def body(self):
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            whole = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                whole += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return whole
        return self.rfile.read(int(self.headers.get("content-length") or 0))
    def answer(self, status, kind, body, more=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in more:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
    def serve(self):
        body = self.body()
        said = {"method": self.command, "path": self.path, "tls": isinstance(self.connection, ssl.SSLSocket),
                "headers": [[name.lower(), value] for name, value in self.headers.items()],
                "body": base64.b64encode(body).decode()}
        with lock, open(SEEN, "a") as seen:
            seen.write(json.dumps(said) + "\n")
        path = urllib.parse.urlsplit(self.path)
        secret = self.headers.get("authorization", "")
        if path.path.startswith("/git/"):
            return self.git(path, body)
        if path.path == "/moved":
            return self.answer(302, "text/plain", b"", [("Location", urllib.parse.parse_qs(path.query)["to"][0])])
        if path.path == "/reflect":
            token = secret.split(" ")[-1]
            forms = [secret, base64.b64encode(("x" + token).encode()).decode(), token.encode().hex(), urllib.parse.quote(token)]
            return self.answer(200, "text/plain", "\n".join(forms).encode(), [("X-Echo", secret)])
        if path.path == "/packed":
            return self.answer(200, "text/plain", gzip.compress(("you sent " + secret).encode()), [("Content-Encoding", "gzip")])
        if path.path == "/binary":
            return self.answer(200, "application/octet-stream", b"\x00\x01" * 100000 + secret.encode() + b"\xff" * 10)
        if path.path == "/page":
            return self.answer(200, "text/plain; charset=utf-8", urllib.parse.unquote_plus(path.query).encode())
        if path.path == "/stream":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            for i in range(3):
                self.wfile.write(b"data: %d\n\n" % i)
                self.wfile.flush()
            return
        self.answer(200, "application/json", json.dumps({"said": said["method"] + " " + self.path, "bytes": len(body)}).encode())
    def git(self, path, body):
        env = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": ROOT, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path.path[4:],
               "REQUEST_METHOD": self.command, "QUERY_STRING": path.query, "CONTENT_TYPE": self.headers.get("content-type", ""),
               "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""), "REMOTE_USER": "somebody",
               "GIT_PROTOCOL": self.headers.get("git-protocol", ""), "CONTENT_LENGTH": str(len(body))}
        out = subprocess.run(["git", "http-backend"], input=body, env=env, stdout=subprocess.PIPE).stdout
        head, _, rest = out.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(fields.pop("Status", "200 OK").split(" ")[0])
        self.answer(status, fields.pop("Content-Type", "text/plain"), rest, list(fields.items()))
    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = serve
    def log_message(self, *words):
        pass
class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    def handle_error(self, request, address):
        pass
plain = Server(("0.0.0.0", 0), Handler)
secure = Server(("127.0.0.2", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERT, KEY)
secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=secure.serve_forever, daemon=True).start()
print(plain.server_address[1], secure.server_address[1], flush=True)
plain.serve_forever()
