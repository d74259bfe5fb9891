"""An MCP server that answers as tools answered in a recorded run (MCP 2025-11-25, stdio).

Usage: server.py DIR. DIR/tools.json holds the tools, DIR/answers.json the answers of the run in their order.
"""
import json
import os
import sys

directory = sys.argv[1]
with open(os.path.join(directory, "tools.json"), encoding="utf-8") as file:
    tools = json.load(file)
answers = None


def answer(call):
    global answers
    if answers is None:
        with open(os.path.join(directory, "answers.json"), encoding="utf-8") as file:
            answers = json.load(file)
    if not answers:
        return {"content": [{"type": "text", "text": "the run had ended"}], "isError": True}
    text, failed = answers.pop(0)
    return {"content": [{"type": "text", "text": text}], "isError": failed}


def result(message):
    method = message["method"]
    if method == "initialize":
        return {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "recorded", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": tools}
    if method == "tools/call":
        return answer(message["params"])
    return {}


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message and "method" in message:
        reply = {"jsonrpc": "2.0", "id": message["id"], "result": result(message)}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
