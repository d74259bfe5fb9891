# A metered API: it counts what it served, and says what each call has cost.
import http.server, json, sys, threading
lock = threading.Lock()
served = {}
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        with lock:
            served[self.path] = served.get(self.path, 0) + 1
            with open(sys.argv[1], "a") as seen:
                seen.write(self.path + "\n")
        body = json.dumps({"usage": {"cost": 0.02}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Cost", "0.03")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True
server = Server(("127.0.0.2", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
