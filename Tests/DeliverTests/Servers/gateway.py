#!/usr/bin/python3
"""An SMS gateway over HTTP that answers as smsc.ru, sms.ru and Exolve do (domain.md §7), for tests.

Usage: gateway.py

Prints `port N`, then one JSON object a line for every request. What it answers is said by the last two digits of the number:

  00  accepted                              05  HTTP 500, once
  01  this number will never be served      06  no answer at all, once
  02  too many equal messages, once         07  accepted, answered after 3 s, once
  03  no money                              08  blocked, or sender not allowed
  04  wrong login or key                    09  no JSON, once
"""

import http.server
import json
import sys
import threading
import time
import urllib.parse

seen = {}
lock = threading.Lock()
number = 0


def tell(what, **more):
    print(json.dumps({"event": what, **more}, ensure_ascii=False), flush=True)


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        bytes = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(bytes)))
        self.end_headers()
        self.wfile.write(bytes)

    def do_POST(self):
        global number
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Content-Type"].startswith("application/json"):
            fields = json.loads(raw)
        else:
            fields = dict(urllib.parse.parse_qsl(raw, keep_blank_values=True))
        provider = {"/sys/send.php": "smsc", "/sms/send": "smsru", "/messaging/v1/SendSMS": "exolve"}[self.path]
        to = fields.get("phones") or fields.get("to") or fields.get("destination")
        case = to[-2:]
        with lock:
            seen[provider, to] = seen.get((provider, to), 0) + 1
            first = seen[provider, to] == 1
            number += 1
            mine = number
        tell("asked", provider=provider, to=to, fields=fields, key=self.headers["Authorization"], connection=self.client_address[1])
        if case == "05" and first:
            return self.answer("oops", 500)
        if case == "06" and first:
            time.sleep(3600)
        if case == "07" and first:
            time.sleep(3)
        if case == "09" and first:
            return self.answer("<html>maintenance</html>")
        getattr(self, provider)(case, first, to, fields, mine)

    def smsc(self, case, first, to, fields, mine):
        code = {"01": 8, "03": 3, "04": 2, "08": 4}.get(case)
        if case == "02" and first:
            code = 9
        if code:
            return self.answer({"error": "words", "error_code": code, "id": fields["id"]})
        self.answer({"id": int(fields["id"]), "cnt": 1})

    def smsru(self, case, first, to, fields, mine):
        if case == "04":
            return self.answer({"status": "ERROR", "status_code": 301, "status_text": "words"})
        if case == "03":
            return self.answer({"status": "ERROR", "status_code": 201, "status_text": "words"})
        code = {"01": 202, "08": 204}.get(case)
        if case == "02" and first:
            code = 231
        if code:
            sms = {to: {"status": "ERROR", "status_code": code, "status_text": "words"}}
        else:
            sms = {to: {"status": "OK", "status_code": 100, "sms_id": "000000-%d" % mine}}
        self.answer({"status": "OK", "status_code": 100, "sms": sms, "balance": 1.5})

    def exolve(self, case, first, to, fields, mine):
        if case == "01":
            return self.answer({"error": "words"}, 400)
        if case == "02" and first:
            return self.answer({"error": "words"}, 429)
        if case == "03":
            return self.answer({"error": "words"}, 402)
        if case in ("04", "08"):
            return self.answer({"error": "words"}, 401)
        self.answer({"message_id": str(440000 + mine)})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
server.daemon_threads = True
print("port", server.server_address[1], flush=True)
server.serve_forever()
