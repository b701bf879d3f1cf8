#!/usr/bin/python3
"""A real mail server (aiosmtpd) that misbehaves as it is told, for tests.

Usage: mail.py [--starttls CERT KEY | --tls CERT KEY] [--user NAME PASSWORD] [--greeting busy] [--port N]

Prints `port N`, then one JSON object a line for everything that happens. What it does with a letter is said by the part of
the recipient's address before the first dot:

  busy      450 to RCPT, every time            nobody   550 5.1.1 to RCPT
  busytwice 450 to RCPT, twice                 relay    554 5.7.1 «Relay access denied» to RCPT
  grey      451 to RCPT, once                  spam     554 5.7.1 to the content
  full      452 to the content, once           broken   451 to the content, once
  die       takes the letter and ends the connection instead of answering, once
  late      takes the letter and answers only after 3 s, once
  hang      says nothing to RCPT, once
  together  answers to the content when four such letters wait for that answer at once
  bye       421 to RCPT, and ends the connection, once

Letters of one Message-ID and recipient are one letter: a repeated one is told as `repeated`.
"""

import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

arguments = sys.argv[1:]


def option(name, count):
    if name not in arguments:
        return None
    place = arguments.index(name)
    return arguments[place + 1 : place + 1 + count]


def tell(what, **more):
    print(json.dumps({"event": what, **more}, ensure_ascii=False), flush=True)


seen = {}
letters = {}
connections = 0
waiting = []


def times(word, address):
    seen[word, address] = seen.get((word, address), 0) + 1
    return seen[word, address]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        word = address.split("@")[0].split(".")[0]
        if word == "busy":
            tell("busy", to=address)
            return "450 4.2.1 try again later"
        if word == "busytwice" and times(word, address) <= 2:
            tell("busy", to=address)
            return "450 4.2.1 try again later"
        if word == "grey" and times(word, address) == 1:
            tell("greylisted", to=address)
            return "451 4.7.1 Greylisted, come back later"
        if word == "nobody":
            tell("refused", to=address)
            return "550 5.1.1 <%s>: no such user" % address
        if word == "relay":
            tell("refused", to=address)
            return "554 5.7.1 <%s>: Relay access denied" % address
        if word == "hang" and times(word, address) == 1:
            tell("hangs", to=address)
            await asyncio.sleep(3600)
        if word == "bye" and times(word, address) == 1:
            tell("bye", to=address)
            asyncio.get_event_loop().call_later(0.05, server.transport.close)
            return "421 4.3.2 going down"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        address = envelope.rcpt_tos[0]
        word = address.split("@")[0].split(".")[0]
        if word == "spam":
            tell("refused", to=address)
            return "554 5.7.1 this looks like spam"
        if word == "full" and times(word, address) == 1:
            tell("busy", to=address)
            return "452 4.3.1 no room"
        if word == "broken" and times(word, address) == 1:
            tell("busy", to=address)
            return "451 4.3.0 local error"
        key = (message["Message-ID"], address)
        letters[key] = letters.get(key, 0) + 1
        tell(
            "taken" if letters[key] == 1 else "repeated",
            to=address,
            sender=envelope.mail_from,
            id=message["Message-ID"],
            subject=message["Subject"],
            encrypted=session.ssl is not None,
            user=getattr(session, "who", None),
            connection=session.number,
            hello=session.host_name,
            type=message.get_content_type(),
            headers=[name for name, _ in message.items()],
            unsubscribe=message["List-Unsubscribe"],
            post=message["List-Unsubscribe-Post"],
            date=message["Date"],
            origin=message["From"],
            parts=[
                [part.get_content_type(), part.get_content()]
                for part in message.walk()
                if not part.is_multipart() and not part.is_attachment()
            ],
            files=[
                [
                    part.get_content_type(),
                    part.get_filename(),
                    base64.b64encode(part.get_content()).decode("ascii"),
                ]
                for part in message.walk()
                if part.is_attachment()
            ],
            defects=[str(defect) for part in message.walk() for defect in part.defects],
            raw=envelope.content.decode("ascii"),
        )
        if word == "die" and times(word, address) == 1:
            server.transport.abort()
            return "250 never said"
        if word == "together":
            waiting.append(asyncio.get_running_loop().create_future())
            mine = waiting[-1]
            if len(waiting) == 4:
                for one in waiting:
                    one.set_result(None)
                waiting.clear()
            await mine
        if word == "late" and times(word, address) == 1:
            await asyncio.sleep(3)
        return "250 2.0.0 OK: queued as Q%d" % len(letters)


class Server(SMTP):
    def connection_made(self, transport):
        global connections
        super().connection_made(transport)
        if self.session.peer and not getattr(self, "counted", None):
            connections += 1
            self.counted = connections
            tell("connected", connection=connections)
        self.session.number = self.counted


class Busy(asyncio.Protocol):
    """Greets with 554, as one that blocks us does."""

    def connection_made(self, transport):
        tell("connected", connection=0)
        transport.write(b"554 5.3.2 no service here\r\n")
        transport.close()


def authenticate(server, session, envelope, mechanism, data):
    tell("login", mechanism=mechanism)
    good = data.login.decode() == user[0] and data.password.decode() == user[1]
    if good:
        session.who = data.login.decode()
    return AuthResult(success=good, handled=False)


user = option("--user", 2)
starttls = option("--starttls", 2)
tls = option("--tls", 2)
context = None
if starttls or tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*(starttls or tls))


async def serve():
    loop = asyncio.get_running_loop()

    def make():
        if option("--greeting", 1):
            return Busy()
        return Server(
            Handler(),
            hostname="mail.test",
            tls_context=context if starttls else None,
            authenticator=authenticate if user else None,
            auth_required=bool(user),
            auth_require_tls=bool(starttls),
            loop=loop,
        )

    server = await loop.create_server(make, "127.0.0.1", int((option("--port", 1) or ["0"])[0]), ssl=context if tls else None)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
