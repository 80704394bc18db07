"""A model that answers by rules, spoken to as Claude Code speaks to the real one. Only what these tests need of the Messages API."""
import http.server, json, threading

COMPACTION = "detailed summary of the conversation"


def text_of(content):
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content if part.get("type") == "text")


class Tool:
    """A call of a tool as a rule's answer."""

    def __init__(self, name, **arguments):
        self.name, self.arguments = name, arguments


class Model:
    """`rules`: pairs of a text and an answer. The first whose text stands in what the model was told last gives the answer: a text,
    a Tool, or a list of both. What no rule knows is answered with `Done.`"""

    def __init__(self, rules=()):
        self.rules, self.requests, self.lock = list(rules), [], threading.Lock()
        # What each request is said to have cost: near the size of the context, Claude Code compacts before the next one.
        self.tokens = 100
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                self.reply({"data": [], "has_more": False})

            do_HEAD = do_GET

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
                if "/count_tokens" in self.path:
                    return self.reply({"input_tokens": 100})
                if "/messages" not in self.path:
                    return self.reply({})
                with model.lock:
                    model.requests.append(body)
                message = model.message(body)
                if body.get("stream"):
                    self.stream(message)
                else:
                    self.reply(message)

            def reply(self, value):
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            def stream(self, message):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True

                def send(kind, **fields):
                    self.wfile.write(f"event: {kind}\ndata: {json.dumps(dict(type=kind, **fields))}\n\n".encode())

                send("message_start", message=dict(message, content=[], stop_reason=None))
                for index, block in enumerate(message["content"]):
                    if block["type"] == "text":
                        start, delta = dict(block, text=""), {"type": "text_delta", "text": block["text"]}
                    else:
                        start = dict(block, input={})
                        delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
                    send("content_block_start", index=index, content_block=start)
                    send("content_block_delta", index=index, delta=delta)
                    send("content_block_stop", index=index)
                send("message_delta", delta={"stop_reason": message["stop_reason"], "stop_sequence": None}, usage={"output_tokens": 20})
                send("message_stop")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def message(self, body):
        answer = self.answer(body)
        blocks = []
        for number, part in enumerate(answer if isinstance(answer, list) else [answer]):
            if isinstance(part, Tool):
                name = f"toolu_{len(self.requests):04d}{number:02d}"
                blocks.append({"type": "tool_use", "id": name, "name": part.name, "input": part.arguments})
            else:
                blocks.append({"type": "text", "text": part})
        calls = any(block["type"] == "tool_use" for block in blocks)
        return {
            "id": f"msg_{len(self.requests):06d}", "type": "message", "role": "assistant", "model": body.get("model", "model"),
            "content": blocks, "stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": 100 if COMPACTION in json.dumps(body.get("messages", [])[-1:]) else self.tokens, "output_tokens": 20, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0},
        }

    def answer(self, body):
        last = next((m for m in reversed(body.get("messages", [])) if m["role"] == "user"), {"content": ""})
        if isinstance(last["content"], list) and any(part.get("type") == "tool_result" for part in last["content"]):
            said = "tool_result " + json.dumps([p for p in last["content"] if p.get("type") == "tool_result"])
        else:
            said = text_of(last["content"])
        # What asks for a summary may stand behind the result of a tool.
        if COMPACTION in json.dumps(last["content"]):
            return "<analysis>short</analysis>\n<summary>\nThe user and the assistant worked on the gateway.\n</summary>"
        return next((answer for text, answer in self.rules if text in said), "Done.")

    def told(self, *, since=0):
        """All that the model was told in requests with tools, as one text a request."""
        with self.lock:
            return [json.dumps(body, ensure_ascii=False) for body in self.requests[since:] if body.get("tools")]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
