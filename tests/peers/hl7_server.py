"""An interface engine made of python-hl7 and hl7apy: python-hl7's MLLP server takes each message, hl7apy
parses it into the groups of its structure and validates it against its version, and python-hl7's own
acknowledgement says AA or AE. Nothing of this project is in it.

Prints the port when it listens, then a line of JSON for each message: what both read of it. Ends with its
standard input.
"""

import asyncio
import json
import os
import sys
import warnings

import hl7
from hl7.mllp import start_hl7_server
from hl7apy.parser import parse_message

warnings.simplefilter("ignore")
# A picture is longer than asyncio's own limit of a line.
LIMIT = 4 << 20


def validated(message):
    """hl7apy's opinion: nothing, or why not."""
    try:
        parse_message(str(message), find_groups=True).validate()
    except Exception as wrong:
        return f"{type(wrong).__name__}: {wrong}"
    return None


def seen(message):
    """Each OBX as python-hl7 reads it: type, code, value and unit, escapes resolved."""
    def field(segment, number):
        return message.unescape(str(segment[number])) if len(segment) > number else ""

    names = [str(segment[0]) for segment in message]
    rows = [s for s in message if str(s[0]) == "OBX"]
    return {
        "id": str(message.segment("MSH")[10]),
        "segments": names,
        "values": [[field(row, number) for number in (2, 3, 5, 6)] for row in rows],
        "name": str(message.segment("PID")[5]),
    }


async def serve(reader, writer):
    while not writer.is_closing():
        try:
            message = await reader.readmessage()
        except asyncio.IncompleteReadError:
            writer.close()
            return
        wrong = validated(message)
        print(json.dumps({**seen(message), "wrong": wrong}), flush=True)
        writer.writemessage(message.create_ack("AE" if wrong else "AA"))
        await writer.drain()


async def main():
    server = await start_hl7_server(serve, "127.0.0.1", 0, limit=LIMIT, encoding="utf-8")
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
