"""A provider of models that says what it is told to: OpenAI's, Anthropic's and Gemini's formats, written from their
published references. `POST /control` tells it what to say next; each request it gets is a line of the file it is given.
"""
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SEEN = sys.argv[1]
LOCK = threading.Lock()
SAYS = {"text": "Hello.", "chunk": 5}


def split(text):
    """The text in pieces: before and after `at`, or every `chunk` characters."""
    if "at" in SAYS:
        return [piece for piece in (text[: SAYS["at"]], text[SAYS["at"]:]) if piece]
    size = SAYS.get("chunk", 5)
    return [text[i: i + size] for i in range(0, len(text), size)] or [""]


def usage(names, total=None):
    counted = dict(zip(names, SAYS.get("usage", [10, 5])))
    if total:
        counted[total] = sum(counted.values())
    return counted


class Chat:
    @staticmethod
    def used():
        return usage(("prompt_tokens", "completion_tokens"), "total_tokens")

    @classmethod
    def whole(cls, body):
        message = {"role": "assistant", "content": SAYS.get("text")}
        if "tool" in SAYS:
            message["tool_calls"] = [{"id": "call_1", "type": "function", "function": {
                "name": SAYS["tool"], "arguments": SAYS["arguments"]}}]
        return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": [{
            "index": 0, "message": message, "finish_reason": "tool_calls" if "tool" in SAYS else "stop"}],
            "usage": cls.used()}

    @classmethod
    def events(cls, body):
        def chunk(choices, **more):
            return None, {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
                          "model": body["model"], "choices": choices, **more}

        def delta(what, finish=None):
            return chunk([{"index": 0, "delta": what, "finish_reason": finish}])
        yield delta({"role": "assistant", "content": ""})
        for piece in split(SAYS["text"]) if SAYS.get("text") else []:
            yield delta({"content": piece})
        if "tool" in SAYS:
            yield delta({"tool_calls": [{"index": 0, "id": "call_1", "type": "function",
                                         "function": {"name": SAYS["tool"], "arguments": ""}}]})
            for piece in split(SAYS["arguments"]):
                yield delta({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        yield delta({}, "tool_calls" if "tool" in SAYS else "stop")
        if body.get("stream_options", {}).get("include_usage"):
            yield chunk([], usage=cls.used())
        yield None, "[DONE]"


class Responses:
    @staticmethod
    def items():
        items = []
        if SAYS.get("text"):
            items.append({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [
                {"type": "output_text", "text": SAYS["text"], "annotations": []}]})
        if "tool" in SAYS:
            items.append({"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": SAYS["tool"],
                          "arguments": SAYS["arguments"], "status": "completed"})
        return items

    @classmethod
    def whole(cls, body, status="completed"):
        done = status == "completed"
        return {"id": "resp_1", "object": "response", "created_at": 1, "status": status, "model": body["model"],
                "output": cls.items() if done else [], "error": None,
                "usage": usage(("input_tokens", "output_tokens"), "total_tokens") if done else None}

    @classmethod
    def events(cls, body):
        number = iter(range(1000000))

        def event(kind, **more):
            return kind, {"type": kind, "sequence_number": next(number), **more}
        yield event("response.created", response=cls.whole(body, "in_progress"))
        for index, item in enumerate(cls.items()):
            at = {"item_id": item["id"], "output_index": index}
            says = item["type"] == "message"
            empty = {**item, "content": []} if says else {**item, "arguments": ""}
            yield event("response.output_item.added", output_index=index, item=empty)
            if says:
                part = {"type": "output_text", "text": "", "annotations": []}
                yield event("response.content_part.added", content_index=0, part=part, **at)
                for piece in split(SAYS["text"]):
                    yield event("response.output_text.delta", content_index=0, delta=piece, **at)
                yield event("response.output_text.done", content_index=0, text=SAYS["text"], **at)
                yield event("response.content_part.done", content_index=0, part=item["content"][0], **at)
            else:
                for piece in split(SAYS["arguments"]):
                    yield event("response.function_call_arguments.delta", delta=piece, **at)
                yield event("response.function_call_arguments.done", arguments=SAYS["arguments"], **at)
            yield event("response.output_item.done", output_index=index, item=item)
        yield event("response.completed", response=cls.whole(body))


class Messages:
    @staticmethod
    def blocks():
        blocks = [{"type": "text", "text": SAYS["text"]}] if SAYS.get("text") else []
        if "tool" in SAYS:
            blocks.append({"type": "tool_use", "id": "toolu_1", "name": SAYS["tool"],
                           "input": json.loads(SAYS["arguments"])})
        return blocks

    @staticmethod
    def reason():
        return "tool_use" if "tool" in SAYS else "end_turn"

    @classmethod
    def whole(cls, body):
        return {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"],
                "content": cls.blocks(), "stop_reason": cls.reason(), "stop_sequence": None,
                "usage": usage(("input_tokens", "output_tokens"))}

    @classmethod
    def events(cls, body):
        def event(kind, **more):
            return kind, {"type": kind, **more}
        used = usage(("input_tokens", "output_tokens"))
        yield event("message_start", message={**cls.whole(body), "content": [], "stop_reason": None,
                                              "usage": {"input_tokens": used["input_tokens"], "output_tokens": 1}})
        yield event("ping")
        for index, block in enumerate(cls.blocks()):
            says = block["type"] == "text"
            yield event("content_block_start", index=index,
                        content_block={"type": "text", "text": ""} if says else {**block, "input": {}})
            for piece in split(SAYS["text"] if says else SAYS["arguments"]):
                yield event("content_block_delta", index=index, delta={"type": "text_delta", "text": piece} if says
                            else {"type": "input_json_delta", "partial_json": piece})
            yield event("content_block_stop", index=index)
        yield event("message_delta", delta={"stop_reason": cls.reason()},
                    usage={"output_tokens": used["output_tokens"]})
        yield event("message_stop")


class Gemini:
    @staticmethod
    def answer(parts, finish=None):
        candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        return {"candidates": [candidate], "modelVersion": "gemini", "responseId": "r1",
                "usageMetadata": usage(("promptTokenCount", "candidatesTokenCount"), "totalTokenCount")}

    @staticmethod
    def calls():
        if "tool" not in SAYS:
            return []
        return [{"functionCall": {"name": SAYS["tool"], "args": json.loads(SAYS["arguments"])}}]

    @classmethod
    def whole(cls, _):
        return cls.answer(([{"text": SAYS["text"]}] if SAYS.get("text") else []) + cls.calls(), "STOP")

    @classmethod
    def events(cls, _):
        for piece in split(SAYS["text"]) if SAYS.get("text") else []:
            yield None, cls.answer([{"text": piece}])
        yield None, cls.answer(cls.calls() or [{"text": ""}], "STOP")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def record(self, body):
        line = {"method": self.command, "path": self.path, "body": body.decode("utf-8"),
                "headers": [[name.lower(), value] for name, value in self.headers.items()]}
        with LOCK, open(SEEN, "a", encoding="utf-8") as seen:
            seen.write(json.dumps(line) + "\n")

    def do_GET(self):
        self.record(b"")
        model = {"id": "m", "object": "model", "created": 1, "owned_by": "x"}
        self.answer(200, {"object": "list", "data": [model], "has_more": False})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.path == "/control":
            SAYS.clear()
            SAYS.update(json.loads(body))
            self.answer(200, {})
            return
        self.record(body)
        asked = json.loads(body)
        path = self.path.split("?")[0]
        if "status" in SAYS:
            self.answer(SAYS["status"], {"error": {"message": "told so", "type": "x", "code": None}})
        elif path.endswith("/count_tokens") or path.endswith(":countTokens"):
            self.answer(200, {"input_tokens": 7, "totalTokens": 7})
        elif path.endswith("/embeddings"):
            self.answer(200, {"object": "list", "model": asked["model"], "data": [
                {"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}],
                "usage": {"prompt_tokens": 3, "total_tokens": 3}})
        else:
            asked.setdefault("model", path.split("/")[-1].split(":")[0])
            form = next((it for end, it in (("/chat/completions", Chat), ("/responses", Responses),
                                            ("/messages", Messages)) if path.endswith(end)), Gemini)
            if asked.get("stream") or ":streamGenerateContent" in path:
                self.stream(form.events(asked))
            else:
                self.answer(200, form.whole(asked))

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in SAYS.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def stream(self, events):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for count, (kind, data) in enumerate(events):
                self.event(count, kind, data)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True
            with LOCK, open(SEEN + ".gone", "a", encoding="utf-8") as gone:
                gone.write("gone\n")

    def event(self, count, kind, data):
        fault = SAYS.get("fault") if count >= SAYS.get("after", 3) else None
        text = data if isinstance(data, str) else json.dumps(data)
        frame = ((f"event: {kind}\n" if kind else "") + f"data: {text}\n\n").encode()
        if fault == "cut":
            self.connection.shutdown(2)
            raise OSError("told so")
        if fault == "malformed":
            frame = b'data: {"choices": [\n\n'
        while fault == "endless":
            self.chunk(frame)
            time.sleep(0.01)
        self.chunk(frame)

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
