"""An interface engine that sends: hl7apy builds and validates ADT messages, python-hl7's MLLP client sends
them on one connection and reads the acknowledgements. Nothing of this project is in it.

Arguments: the port and the number of a patient. Prints a line of JSON for each message: event, MSA-1, MSA-2.
"""

import datetime
import json
import sys
import warnings

import hl7
from hl7.client import MLLPClient
from hl7apy.core import Message

warnings.simplefilter("ignore")


HOUR_AGO = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)


def begun(structure, event, minute):
    made = f"{HOUR_AGO + datetime.timedelta(minutes=minute):%Y%m%d%H%M%S}"
    message = Message(structure, version="2.5.1")
    message.msh.msh_3, message.msh.msh_4 = "ADT", "GEN"
    message.msh.msh_5, message.msh.msh_6 = "BEDSIDE", "WARD"
    message.msh.msh_7 = made
    message.msh.msh_9 = f"ADT^{event}^{structure}"
    message.msh.msh_10 = f"PEER{minute}"
    message.msh.msh_11, message.msh.msh_12 = "P", "2.5.1"
    message.evn.evn_2 = made
    return message


def fill(pid, number):
    pid.pid_3 = f"{number}^^^HOSP^MR"
    pid.pid_5 = "Adeyemi^Tunde"
    pid.pid_7 = "19710630"
    pid.pid_8 = "M"


def stay(structure, event, minute, number):
    message = begun(structure, event, minute)
    fill(message.pid, number)
    message.pv1.pv1_2 = "I"
    message.pv1.pv1_3 = "4W^7^A"
    return message


def merge(minute, number, prior):
    message = begun("ADT_A39", "A40", minute)
    group = message.add_group("ADT_A39_PATIENT")
    fill(group.pid, number)
    group.mrg.mrg_1 = f"{prior}^^^HOSP^MR"
    return message


def main():
    port, number = int(sys.argv[1]), sys.argv[2]
    messages = [
        ("A01", stay("ADT_A01", "A01", 1, number)),
        ("A08", stay("ADT_A01", "A08", 2, number)),
        ("A40", merge(3, f"{number}-NEW", number)),
        ("A03", stay("ADT_A03", "A03", 0, number)),
    ]
    with MLLPClient("127.0.0.1", port) as client:
        for event, message in messages:
            message.validate()
            answer = hl7.parse(client.send_message(message.to_er7()).strip(b"\x0b\x1c\r"))
            about = answer.segment("MSA")
            print(json.dumps([event, str(about[1]), str(about[2])]))


main()
