"""Decodes the frames of an oximeter by a decoder of PyPI, as often as it can, and prints how often, as JSON.

    oximeter_decoders.py berry|emay SECONDS     the frames on standard input, one line of hexadecimal each
"""

import json
import sys
import time


def berry():
    from berry_oximeter.parser import BCIProtocolParser

    parser = BCIProtocolParser()
    return lambda frame: len(parser.add_data(frame)) == 1


def emay():
    from emay_sleepo2.protocol import parse_reading

    return lambda frame: parse_reading(frame) is not None


decode = {"berry": berry, "emay": emay}[sys.argv[1]]()
frames = [bytes.fromhex(line) for line in sys.stdin]
refused = [frame.hex() for frame in frames if not decode(frame)]
if refused:
    sys.exit(f"not decoded: {refused}")

seconds = float(sys.argv[2])
begin = time.perf_counter()
decoded = 0
while time.perf_counter() - begin < seconds:
    for frame in frames:
        decode(frame)
    decoded += len(frames)
print(json.dumps(decoded / (time.perf_counter() - begin)))
