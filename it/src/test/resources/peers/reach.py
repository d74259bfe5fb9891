# Tries to reach, from where it runs, everything that commands: prints one line for each attempt that got an answer.
# usage: reach.py GATES_PORT PEOPLE_PORT HOME [SESSION]
import os, socket, sys
gates, people, home = sys.argv[1], sys.argv[2], sys.argv[3]
own = socket.gethostname()
names = ["127.0.0.1", "localhost", "::1", "0.0.0.0", "127.1", "2130706433", "0177.0.0.1", "127.0.0.53", "::ffff:127.0.0.1",
         "masugata.internal", "198.18.0.1", "169.254.169.254", "10.0.0.1", "172.17.0.1", "192.168.0.1", "1.1.1.1", own] + sys.argv[4:]
paths = ["/metrics", "/healthz", "/", "/mcp", "/llm", "/git", "/api/v1/sessions", "/control", "/../metrics", "/mcp/../metrics",
         "http://127.0.0.1:" + people + "/metrics", "/mcp/masugata"]
hosts = ["masugata.internal", "127.0.0.1:" + people, "localhost:" + people, "evil.example"]
def ask(address, port, request):
    try:
        info = socket.getaddrinfo(address, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(info[0], socket.SOCK_STREAM) as s:
            s.settimeout(1.0)
            s.connect(info[4])
            s.sendall(request)
            return s.recv(4096)
    except Exception:
        return b""
for address in names:
    for port in {gates, people, "80", "7171", "7172", "7173"}:
        for path in paths:
            for host in hosts:
                for method in ["GET", "POST"]:
                    reply = ask(address, port, f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                    if not reply:
                        break
                    print(address, port, method, path, host, reply.split(b"\r\n")[0].decode(), len(reply), b"masugata_" in reply)
                else:
                    continue
                break
# Through the proxy, which is there to reach other places: by absolute form and by CONNECT, in every notation.
for address in names:
    named = "[" + address + "]" if ":" in address else address
    for port in {gates, people, "80", "7172"}:
        absolute = f"GET http://{named}:{port}/metrics HTTP/1.1\r\nHost: {named}:{port}\r\nConnection: close\r\n\r\n"
        inside = f"CONNECT {named}:{port} HTTP/1.1\r\nHost: {named}:{port}\r\n\r\nGET /metrics HTTP/1.1\r\nHost: {named}:{port}\r\nConnection: close\r\n\r\n"
        for request in [absolute, inside]:
            reply = b""
            try:
                with socket.create_connection(("masugata.internal", 7172), 1) as s:
                    s.sendall(request.encode())
                    while True:
                        more = s.recv(4096)
                        if not more:
                            break
                        reply += more
            except Exception:
                pass
            if reply:
                last = reply.split(b"HTTP/1.1 ")[-1]
                print("masugata.internal", "7172", request.split(" ")[0], named + ":" + port, "HTTP/1.1", last.split(b"\r\n")[0].decode(), len(reply), b"masugata_" in reply)
for path in [home + "/control.sock", "/proc/1/root" + home + "/control.sock", "/proc/self/root" + home + "/control.sock", "control.sock",
             "\0" + home + "/control.sock", "/run/docker.sock", "/var/run/docker.sock"]:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
            s.settimeout(1.0)
            s.connect(path)
            print("unix", repr(path), "CONNECTED")
    except Exception:
        pass
for path in [home, home + "/ledger.db", home + "/keys", "/proc/1/root" + home]:
    if os.path.exists(path):
        print("file", path, "VISIBLE")
print("done")
