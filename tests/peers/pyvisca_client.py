"""Moves a camera by the PyPI client pyvisca, over a serial port, and prints what that client reads, as JSON.

    pyvisca_client.py PORT
"""

import json
import re
import sys
import time

from pyvisca import visca

PATIENCE = 30


def until(what, read, right):
    """What `read` gave when it was right."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = read()
        if right(value):
            return value
        time.sleep(0.05)
    raise SystemExit(f"{what}: still {value}")


def done(camera):
    """The client takes whatever comes next for the answer to its next inquiry, also the end of a command
    before it: so that has to have come."""
    heard = []

    def read():
        heard.append(camera.read())
        return "".join(heard)

    until("completion", read, lambda text: re.search("905[12]ff", text))


def main():
    camera = visca.PTZ(sys.argv[1])
    found = {"power": camera.get_power()}
    camera.set_zoom(8192)
    done(camera)
    found["zoom"] = until("zoom", camera.get_zoom, lambda at: at == 8192)
    camera.set_pan(144, 20)
    done(camera)
    found["pan"] = until("pan", camera.get_pan, lambda at: at == 144)
    camera.set_tilt(72, 20)
    done(camera)
    found["tilt"] = until("tilt", camera.get_tilt, lambda at: at == 72)
    camera.right(20)
    done(camera)
    until("right", camera.get_pan, lambda at: at > 200)
    camera.stop()
    done(camera)
    # A head brakes for some tenths of a second after the order is done.
    found["stands"] = until("standing", lambda: camera.get_pan() == camera.get_pan(), bool)
    camera.home()
    done(camera)
    found["home"] = until("home", lambda: [camera.get_pan(), camera.get_tilt()], lambda at: at == [0, 0])
    print(json.dumps(found))


main()
