# Reads what a server received, by a parser that is not ours, and prints the digest that its decision must have.
# usage: digest.py SERVER < lines
import hashlib, json, sys
KINDS = {"initialize": "lifecycle", "server/discover": "lifecycle", "notifications/initialized": "lifecycle", "notifications/cancelled": "lifecycle",
         "tools/list": "tool_list", "tools/call": "tool_call"}
OWN = {"progressToken", "traceparent", "tracestate", "baggage"} | {"io.modelcontextprotocol/" + name for name in (
    "protocolVersion", "clientInfo", "clientCapabilities", "logLevel")}
def canonical(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(json.dumps(key, ensure_ascii=False) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
for line in sys.stdin.buffer:
    message = json.loads(line)
    params = dict(message.get("params", {}))
    if "_meta" in params:
        meta = {key: value for key, value in params["_meta"].items() if key not in OWN}
        if meta: params["_meta"] = meta
        else: del params["_meta"]
    kind = KINDS[message["method"]]
    target = sys.argv[1] + ("/" + params["name"] if kind == "tool_call" else "")
    form = {"kind": kind, "target": target, "message": {"jsonrpc": "2.0", "method": message["method"], "params": params}}
    print(hashlib.sha256(canonical(form).encode("utf-8")).hexdigest())
