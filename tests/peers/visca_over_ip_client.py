"""Moves a camera by the PyPI client visca-over-ip, over UDP, and prints what that client reads, as JSON.

    visca_over_ip_client.py PORT
"""

import json
import socket
import sys
import time

import visca_over_ip.camera
from visca_over_ip import Camera
from visca_over_ip.exceptions import ViscaException

PORT = int(sys.argv[1])
PATIENCE = 30


class Elsewhere(socket.socket):
    """The client wants the camera's own port number for its inquiries. On one machine the camera has it, so
    the client lives at another loopback address."""

    def bind(self, address):
        super().bind(("127.0.0.2", address[1]))


def until(what, read, right):
    """What `read` gave when it was right."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = read()
        if right(value):
            return value
        time.sleep(0.05)
    raise SystemExit(f"{what}: still {value}")


def main():
    visca_over_ip.camera.socket.socket = Elsewhere
    camera = Camera("127.0.0.1", PORT)
    found = {}

    camera.pantilt(24, 20, 144, -72)
    found["absolute"] = until("absolute", camera.get_pantilt_position, lambda at: at == (144, -72))
    camera.zoom_to(0.5)
    found["zoom"] = until("zoom", camera.get_zoom_position, lambda at: at == 8192)
    camera.save_preset(3)

    camera.pantilt_home()
    found["home"] = until("home", camera.get_pantilt_position, lambda at: at == (0, 0))
    # Its direction byte for negative speeds is 01: left, and up.
    camera.pantilt(-10, -10)
    until("drive", camera.get_pantilt_position, lambda at: at[0] < -20 and at[1] > 20)
    camera.pantilt(0, 0)
    # A head brakes for some tenths of a second after the order is done.
    where = camera.get_pantilt_position
    found["stands"] = until("standing", lambda: where() == where(), bool)

    camera.set_focus_mode("manual")
    found["focus"] = camera.get_focus_mode()
    try:
        camera.defog(True)
        found["refused"] = None
    except ViscaException as refusal:
        found["refused"] = refusal.status_code

    camera.recall_preset(3)
    found["recalled"] = until("recall", camera.get_pantilt_position, lambda at: at == (144, -72))
    print(json.dumps(found))


main()
