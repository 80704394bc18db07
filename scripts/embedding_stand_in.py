#!/usr/bin/env python3
"""A stand-in for a server of embeddings, for tests and tries: embedding_stand_in.py [--port N] [--dimension N] [--log FILE] [--fail STATUS]

No model is in it: a text becomes the counts of its groups of three letters, hashed into N numbers, so that texts with the same words in
other forms lie near each other and nothing else does. It speaks Ollama's /api/embed and OpenAI's /v1/embeddings, on 127.0.0.1 only,
prints its port, and ends with its standard input. --log writes each text that it was sent.
"""
import argparse, hashlib, http.server, json, os, sys, threading


def vector(text, dimension):
    values = [0.0] * dimension
    for word in "".join(c.lower() if c.isalnum() else " " for c in text).split():
        padded = f" {word} "
        for at in range(len(padded) - 2):
            digest = hashlib.blake2b(padded[at:at + 3].encode(), digest_size=8).digest()
            values[int.from_bytes(digest[:4], "little") % dimension] += 1 if digest[4] & 1 else -1
    return values if any(values) else [1.0] + values[1:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--log")
    parser.add_argument("--fail", type=int, help="answer with this status")
    options = parser.parse_args()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
            if options.log:
                with open(options.log, "a", encoding="utf-8") as log:
                    for text in texts:
                        log.write(json.dumps({"path": self.path, "model": request["model"], "text": text}, ensure_ascii=False) + "\n")
            vectors = [vector(text, options.dimension) for text in texts]
            if self.path == "/api/embed":
                answer, status = {"model": request["model"], "embeddings": vectors}, 200
            elif self.path == "/v1/embeddings":
                answer, status = {"object": "list", "data": [{"index": i, "embedding": v} for i, v in enumerate(vectors)]}, 200
            else:
                answer, status = {"error": "there is no such path"}, 404
            body = json.dumps(answer).encode()
            self.send_response(options.fail or status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    os._exit(0)


main()
