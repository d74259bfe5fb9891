# A stdio MCP server that remembers what anybody tells it, for as long as its process lives.
import json, os, sys, threading
NOTES = []
LIFE = os.urandom(8).hex()
TEXT = {"type": "object", "properties": {"text": {"type": "string"}}}
TOOLS = [{"name": name, "description": about, "inputSchema": TEXT} for name, about in (
    ("put", "Keeps a note."), ("get", "Returns all notes."), ("who", "Returns which life of it this is."),
    ("echo", "Returns the text."), ("ask", "Asks the user."), ("crash", "Ends."))]
lock = threading.Lock()
waiting = {}
def say(message):
    with lock:
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        sys.stdout.flush()
def call(name, text):
    if name == "put":
        NOTES.append(text)
    if name == "crash":
        os._exit(1)
    return {"put": "kept", "get": "\n".join(NOTES), "who": LIFE, "echo": text}[name]
greetings = 0
for line in sys.stdin:
    message = json.loads(line)
    if "method" not in message:
        caller = waiting.pop(message["id"])
        say({"id": caller, "result": {"content": [{"type": "text", "text": json.dumps(message.get("error"))}]}})
        continue
    if "id" not in message:
        continue
    if message["method"] == "initialize":
        greetings += 1
        say({"id": message["id"], "result": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
             "serverInfo": {"name": "board", "version": str(greetings)}}})
    elif message["method"] == "tools/list":
        say({"id": message["id"], "result": {"tools": TOOLS}})
    elif message["method"] == "tools/call":
        name, text = message["params"]["name"], message["params"].get("arguments", {}).get("text", "")
        if greetings > 1:
            os._exit(2)
        if name == "ask":
            waiting["q1"] = message["id"]
            say({"id": "q1", "method": "elicitation/create", "params": {"message": "Which one?", "requestedSchema": {
                "type": "object", "properties": {"x": {"type": "string"}}}}})
            continue
        say({"id": message["id"], "result": {"content": [{"type": "text", "text": call(name, text)}]}})
    else:
        say({"id": message["id"], "error": {"code": -32601, "message": "Method not found"}})
