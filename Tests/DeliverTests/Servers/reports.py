#!/usr/bin/python3
"""Takes what an SMS gateway reports by GET and tells it. Usage: reports.py"""

import http.server
import json
import urllib.parse


class Reports(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        print(json.dumps({"event": "report", "path": parts.path, "query": query}), flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Reports)
print("port", server.server_address[1], flush=True)
server.serve_forever()
