"""A peer that is not Foyer's own: the synchronisation written anew from the head comment of
shared/foyer/sync/messages.h, over the library `websockets`. Prints one JSON object: name -> result.

  foreign_peer.py ws://localhost:8080 COOKIE
"""
import asyncio
import json
import os
import sys

import websockets

HELLO, WELCOME, POKE, RESET = 0, 1, 4, 5
PROTOCOL, COMMAND_SET = 3, 2


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def frame(kind, body):
    return bytes([kind]) + varint(len(body)) + crc32c(body).to_bytes(4, "little") + body


def frames_of(data):
    at = 0
    while at < len(data):
        kind, size, shift, at = data[at], 0, 0, at + 1
        while True:
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        crc = int.from_bytes(data[at:at + 4], "little")
        body, at = data[at + 4:at + 4 + size], at + 4 + size
        assert len(body) == size and crc32c(body) == crc, "a frame that is not whole"
        yield kind, body


# No rows yet: an empty cookie of no epoch. Nothing was said or answered, and this is a first run.
def hello():
    cookie = bytes(16) + varint(0) + varint(0) + varint(0)
    said = varint(0) + varint(0) + varint(COMMAND_SET) + bytes([1])
    return frame(HELLO, varint(PROTOCOL) + os.urandom(16) + varint(0) + varint(0) + cookie + said)


async def say(socket, message):
    try:
        await socket.send(message)
        while True:
            await asyncio.wait_for(socket.recv(), 20)
    except websockets.ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else "no close frame"
    except asyncio.TimeoutError:
        return "stayed open"


async def learn(socket, piece=None):
    message = hello()
    pieces = [message[at:at + piece] for at in range(0, len(message), piece)] if piece else message
    await socket.send(pieces)
    kinds = []
    while POKE not in kinds and RESET not in kinds:
        kinds += [kind for kind, _ in frames_of(await asyncio.wait_for(socket.recv(), 20))]
    return kinds


async def ping(socket):
    await asyncio.wait_for(await socket.ping(b"are you there"), 20)
    return "pong"


async def main(address, cookie):
    results = {}

    def connect(path="/sync", origin=address.replace("ws:", "http:"), cookies=cookie, **more):
        return websockets.connect(address + path, origin=origin, max_size=None,
                                  extra_headers={"Cookie": cookies}, **more)

    async def attempt(name, use, **more):
        async with connect(**more) as socket:
            results[name] = await use(socket)

    async def refused(name, **more):
        try:
            async with connect(**more):
                results[name] = "let in"
        except websockets.InvalidStatusCode as error:
            results[name] = error.status_code

    await attempt("hello", learn)
    await attempt("hello, compressed", learn, compression="deflate")
    await attempt("hello in pieces", lambda socket: learn(socket, 7))
    await attempt("ping", ping)
    await attempt("text", lambda socket: say(socket, "hello"))
    await attempt("noise", lambda socket: say(socket, os.urandom(4000)))
    await attempt("a wrong checksum", lambda socket: say(socket, hello()[:-1] + b"\xff"))
    await attempt("an unknown frame", lambda socket: say(socket, frame(77, b"")))
    await attempt("a server's frame", lambda socket: say(socket, frame(WELCOME, b"")))
    await attempt("more than fits", lambda socket: say(socket, bytes(40 << 20)))
    await refused("no session", cookies="")
    await refused("a forged session", cookies="__Host-foyer=" + "A" * 43)
    await refused("a foreign origin", origin="http://elsewhere.example")
    await refused("the staff's socket", path="/staff/sync")
    await refused("the kiosk's socket", path="/kiosk/hints")
    await refused("no socket", path="/cases")
    await attempt("hello afterwards", learn)
    print(json.dumps(results))


asyncio.run(main(sys.argv[1], sys.argv[2]))
