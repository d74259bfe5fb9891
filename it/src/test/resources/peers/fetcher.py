# A stdio MCP server that calls an API: it fetches what it is told, and says what it has of the machine.
import json, os, socket, sys, urllib.error, urllib.request
TOOLS = [
    {"name": "fetch", "description": "Fetches a page.", "inputSchema": {"type": "object", "properties": {
        "url": {"type": "string"}}}},
    {"name": "connect", "description": "Opens a connection without a proxy.", "inputSchema": {"type": "object",
        "properties": {"host": {"type": "string"}, "port": {"type": "integer"}}}},
    {"name": "has", "description": "Returns its environment.", "inputSchema": {"type": "object"}}]
def call(name, given):
    if name == "has":
        return json.dumps(dict(os.environ))
    try:
        if name == "connect":
            with socket.create_connection((given["host"], given["port"]), 5) as it:
                it.sendall(b"GET / HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n" % (
                    given["host"].encode(), given["port"]))
                return it.makefile("rb").read(300).decode()
        with urllib.request.urlopen(urllib.request.Request(given["url"], headers={"X-Own": "1"}), timeout=10) as answer:
            return answer.read(10000).decode()
    except urllib.error.HTTPError as refused:
        return "HTTP %d %s" % (refused.code, refused.read(1000).decode())
    except OSError as failed:
        return "failed: %s" % failed
for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    if message["method"] == "initialize":
        result = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                  "serverInfo": {"name": "fetcher", "version": "1"}}
    elif message["method"] == "tools/list":
        result = {"tools": TOOLS}
    else:
        params = message["params"]
        result = {"content": [{"type": "text", "text": call(params["name"], params.get("arguments", {}))}]}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
