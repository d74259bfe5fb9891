# A server that believes only what is signed: AWS Signature Version 4 and HMAC, checked from their specifications.
import base64, hashlib, hmac, http.server, json, sys, time, urllib.parse
SECRET, TOKEN, KEY, QUERY = sys.argv[1:5]
def quoted(text):
    return urllib.parse.quote(text, safe="-_.~")
def aws(request, path, query, body):
    given = request.headers["Authorization"]
    kind, rest = given.split(" ", 1)
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    _, date, region, service, end = parts["Credential"].split("/")
    moment = request.headers["X-Amz-Date"]
    if kind != "AWS4-HMAC-SHA256" or abs(time.time() - time.mktime(time.strptime(moment + " UTC", "%Y%m%dT%H%M%SZ %Z"))) > 86400 * 2:
        return "time"
    names = parts["SignedHeaders"].split(";")
    headers = "".join("%s:%s\n" % (name, " ".join(request.headers[name].split())) for name in names)
    pairs = sorted((quoted(n), quoted(v)) for n, v in urllib.parse.parse_qsl(query, keep_blank_values=True))
    digest = hashlib.sha256(body).hexdigest()
    if service == "s3":
        path = "/".join(quoted(urllib.parse.unquote(part)) for part in path.split("/"))
        if request.headers["X-Amz-Content-Sha256"] != digest:
            return "body"
    else:
        path = "/".join(quoted(part) for part in path.split("/"))
    canonical = "\n".join([request.command, path, "&".join("=".join(p) for p in pairs), headers, ";".join(names), digest])
    text = "\n".join([kind, moment, "/".join([date, region, service, end]), hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in (date, region, service, end):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    good = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    if request.headers.get("X-Amz-Security-Token") != TOKEN:
        return "token"
    return "" if hmac.compare_digest(good, parts["Signature"]) else "signature"
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def serve(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path, _, query = self.path.partition("?")
        if path.startswith("/hmac"):
            text = "\n".join([self.headers["X-Time"], self.command, self.path]).encode() + b"\n" + body
            good = base64.b64encode(hmac.new(KEY.encode(), text, hashlib.sha256).digest()).decode()
            why = "" if self.headers["X-Signature"] == "v1=" + good and abs(time.time() - int(self.headers["X-Time"])) < 300 else "hmac"
        elif path.startswith("/query"):
            why = "" if urllib.parse.parse_qs(query).get("key") == [QUERY] else "query"
        else:
            why = aws(self, path, query, body)
        out = json.dumps({"why": why, "echo": self.path, "sent": len(body)}).encode()
        self.send_response(403 if why else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(out)
    do_GET = do_PUT = do_POST = do_DELETE = serve
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
