"""A Bluetooth device made by bumble, behind a TCP port: bumble's own GATT server, host and two controllers
on bumble's virtual link. Nothing of this project is in it.

For each TCP connection a bumble central connects to the device by (virtual) radio, and hands the packets of
the Attribute Protocol (fixed channel 4) on without looking at them: L2CAP basic frames on the TCP side,
bumble's L2CAP on the radio side. Prints the port when it listens, and ends with its standard input.
"""

import asyncio
import os
import struct
import sys

from bumble import att, core, gatt
from bumble.controller import Controller
from bumble.device import Device
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.profiles.battery_service import BatteryService
from bumble.profiles.device_information_service import DeviceInformationService
from bumble.profiles.heart_rate_service import HeartRateService

Properties = gatt.Characteristic.Properties

# bumble has no profile of blood pressure; its server carries these frames as they are: one from the tests of
# derdilla/blood-pressure-monitor-fl, and one of a cuff that failed.
PRESSURES = ["167c0056006100e807060f11111b33002700", "00ff07ff07ff07"]
# Bumble's profile encodes these: beats, contact, kilojoules, seconds between beats.
BEATS = dict(sensor_contact_detected=True, energy_expended=300, rr_intervals=[0.8125, 0.84375])
RATE = 72


def heart_rate():
    measurement = HeartRateService.HeartRateMeasurement(heart_rate=RATE, **BEATS)
    return HeartRateService(
        read_heart_rate_measurement=lambda _: measurement,
        body_sensor_location=HeartRateService.BodySensorLocation.CHEST,
        reset_energy_expended=lambda _: None,
    )


def blood_pressure():
    hidden, readable = gatt.Characteristic.Permissions(0), gatt.Characteristic.READABLE
    uuid = core.UUID.from_16_bits
    measurement = gatt.Characteristic(uuid(0x2A35), Properties.INDICATE, hidden, b"")
    feature = gatt.Characteristic(uuid(0x2A49), Properties.READ, readable, b"\x1f\x00")
    return gatt.Service(gatt.GATT_BLOOD_PRESSURE_SERVICE, [measurement, feature]), measurement


def host(name, address, link):
    controller = Controller(f"{name} controller", link=link)
    controller.random_address = Address(address)
    device = Device(name=name, address=Address(address), host=Host(controller, controller))
    return device


async def beat(device, service):
    """Bumble's profile, asked once a second, as a strap does."""
    while True:
        await device.notify_subscribers(service.heart_rate_measurement_characteristic)
        await asyncio.sleep(1)


async def send_pressures(device, characteristic):
    for frame in PRESSURES:
        await device.indicate_subscribers(characteristic, bytes.fromhex(frame))


class Bridge:
    """One TCP connection: its own radio connection to the device."""

    def __init__(self, central, reader, writer):
        self.central, self.reader, self.writer = central, reader, writer

    def heard(self, _connection, pdu):
        self.writer.write(struct.pack("<HH", len(pdu), att.ATT_CID) + pdu)

    async def run(self, device_address):
        connection = await self.central.connect(device_address, transport=core.PhysicalTransport.LE)
        self.central.l2cap_channel_manager.register_fixed_channel(att.ATT_CID, self.heard)
        try:
            while True:
                length, channel = struct.unpack("<HH", await self.reader.readexactly(4))
                self.central.send_l2cap_pdu(connection.handle, channel, await self.reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.writer.close()
            await connection.disconnect()


async def main():
    link = LocalLink()
    device = host("Bumble", "F0:F1:F2:F3:F4:F5", link)
    central = host("Bridge", "F5:F4:F3:F2:F1:F0", link)
    beats = heart_rate()
    pressure, pressures = blood_pressure()
    device.add_services([
        beats,
        pressure,
        BatteryService(lambda _: 67),
        DeviceInformationService(manufacturer_name="Bumble", serial_number="BUMBLE-1", firmware_revision="0.0.236"),
    ])
    await device.power_on()
    await central.power_on()
    await device.start_advertising(auto_restart=True)

    tasks = set()

    def start(work):
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def subscribed(_connection, _notify, indicate):
        if indicate:
            start(send_pressures(device, pressures))

    pressures.on("subscription", subscribed)
    start(beat(device, beats))

    async def serve(reader, writer):
        await Bridge(central, reader, writer).run(device.random_address)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    # Nothing is left to tidy up: all of it is in this process.
    os._exit(0)


asyncio.run(main())
