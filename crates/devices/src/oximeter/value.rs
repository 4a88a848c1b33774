//! Spot-Check (0x2A5E) and Continuous Measurement (0x2A5F) of the Pulse Oximeter Service
//! (Bluetooth PLXS 1.0, 3.1 to 3.3), and its Features (0x2A60).

use crate::{
    Field, Fields, Number, Wrong,
    date_time::DateTime,
    decode::Undecoded,
    gatt::{Reader, characteristic},
};

/// Per cent, and beats per minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) spo2: Number,
    pub(super) pulse: Number,
}

impl Pair {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self { spo2: reader.sfloat()?, pulse: reader.sfloat()? })
    }
}

impl From<Pair> for Field {
    fn from(Pair { spo2, pulse }: Pair) -> Self {
        vec![spo2, pulse].into()
    }
}

/// What the oximeter remarks; what it does not send is all clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remarks {
    /// Measurement Status.
    pub(super) measurement: Option<u16>,
    /// Device and Sensor Status, 24 bits.
    pub(super) device: Option<u32>,
    /// Pulsatile part of the signal, per cent.
    amplitude: Option<Number>,
}

impl Remarks {
    /// Three fields in this order, announced by three bits in this order.
    fn read(reader: &mut Reader<'_>, flags: u8) -> Result<Self, Wrong> {
        Ok(Self {
            measurement: reader.when(flags & 0x01 != 0, Reader::u16)?,
            device: reader.when(flags & 0x02 != 0, Reader::u24)?,
            amplitude: reader.when(flags & 0x04 != 0, Reader::sfloat)?,
        })
    }

    fn write(self, fields: Fields) -> Fields {
        fields
            .with("measurement_status", self.measurement)
            .with("device_sensor_status", self.device)
            .with("pulse_amplitude_index", self.amplitude)
    }
}

/// One finished measurement, perhaps from the oximeter's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) normal: Pair,
    /// `None` also for a date that does not exist.
    pub(super) time: Option<DateTime>,
    /// The clock has been set since the battery was changed.
    pub(super) clock_set: bool,
    pub(super) remarks: Remarks,
}

impl Spot {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut reader = Reader::new(bytes);
        let flags = reader.u8()?;
        let spot = Self {
            normal: Pair::read(&mut reader)?,
            time: reader.when(flags & 0x01 != 0, Reader::date_time)?.flatten(),
            clock_set: flags & 0x10 == 0,
            remarks: Remarks::read(&mut reader, flags >> 1)?,
        };
        reader.end()?;
        Ok(spot)
    }
}

/// One of a stream of live values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Continuous {
    pub(super) normal: Pair,
    /// Averaged over a shorter time.
    fast: Option<Pair>,
    /// Averaged over a longer time.
    slow: Option<Pair>,
    pub(super) remarks: Remarks,
}

impl Continuous {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut reader = Reader::new(bytes);
        let flags = reader.u8()?;
        let continuous = Self {
            normal: Pair::read(&mut reader)?,
            fast: reader.when(flags & 0x01 != 0, Pair::read)?,
            slow: reader.when(flags & 0x02 != 0, Pair::read)?,
            remarks: Remarks::read(&mut reader, flags >> 2)?,
        };
        reader.end()?;
        Ok(continuous)
    }
}

/// The codec for `ble_pulse_oximeter_plx`. The two measurements cannot be told apart by their bytes,
/// so one of them has to be named.
pub(crate) fn decode(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    match characteristic(name)? {
        Some(0x2A5E) => {
            let Spot { normal, time, clock_set, remarks } = Spot::read(bytes)?;
            Ok(remarks
                .write(pair(normal).with("timestamp", time))
                .with("device_clock_set", clock_set))
        }
        Some(0x2A5F) => {
            let Continuous { normal, fast, slow, remarks } = Continuous::read(bytes)?;
            Ok(remarks.write(pair(normal).with("fast", fast).with("slow", slow)))
        }
        Some(0x2A60) => Ok(features(bytes)?),
        _ => Err(Undecoded::NoSuchCharacteristic),
    }
}

fn pair(Pair { spo2, pulse }: Pair) -> Fields {
    Fields::default().with("spo2", spo2).with("pulse_rate", pulse)
}

/// Bits 0 and 1 announce which bits of the two statuses can occur. Devices are known that announce
/// them and leave both out.
fn features(bytes: &[u8]) -> Result<Fields, Wrong> {
    let mut reader = Reader::new(bytes);
    let supported = reader.u16()?;
    let told = !reader.is_empty();
    let measurement = reader.when(told && supported & 0x01 != 0, Reader::u16)?;
    let device = reader.when(told && supported & 0x02 != 0, Reader::u24)?;
    reader.end()?;
    Ok(Fields::default()
        .with("supported_features", supported)
        .with("measurement_status_support", measurement)
        .with("device_sensor_status_support", device))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    fn check(name: &str, bytes: &str, expected: &[(&str, &str)]) {
        let said = decode(Some(name), &hex(bytes)).unwrap();
        for (key, field) in expected {
            assert_eq!(format!("{:?}", said.get(key).unwrap()), *field, "{key} of {bytes}");
        }
    }

    fn refused(name: &str, bytes: &str) {
        assert_eq!(decode(Some(name), &hex(bytes)), Err(Wrong::Length.into()), "{bytes}");
    }

    #[test]
    fn optional_fields_come_in_the_order_of_their_flags() {
        check(
            "2A5E",
            "1f 6200 4800 ea07 0b16 072a00 2000 010203 57f0",
            &[
                ("timestamp", r#"Text("2026-11-22T07:42:00")"#),
                ("measurement_status", "Whole(32)"),
                ("device_sensor_status", "Whole(197121)"),
                ("pulse_amplitude_index", "Number(8.7)"),
                ("device_clock_set", "Flag(false)"),
            ],
        );
        check(
            "2A5F",
            "1f 6200 4800 6000 4900 6100 4a00 2000 010203 57f0",
            &[
                ("spo2", "Number(98)"),
                ("fast", "List([Number(96), Number(73)])"),
                ("slow", "List([Number(97), Number(74)])"),
                ("measurement_status", "Whole(32)"),
                ("device_sensor_status", "Whole(197121)"),
                ("pulse_amplitude_index", "Number(8.7)"),
            ],
        );
    }

    #[test]
    fn every_optional_field_may_stand_alone() {
        check("2A5E", "04 6200 4800 010203", &[("device_sensor_status", "Whole(197121)")]);
        check("2A5E", "02 6200 4800 2000", &[("measurement_status", "Whole(32)")]);
        check("2A5E", "08 6200 4800 57f0", &[("pulse_amplitude_index", "Number(8.7)")]);
        check("2A5E", "10 6200 4800", &[("device_clock_set", "Flag(false)")]);
        check("2A5E", "e0 6200 4800", &[("device_clock_set", "Flag(true)")]);
        let fast = "List([Number(96), Number(72)])";
        check("2A5F", "01 6200 4800 6000 4800", &[("fast", fast), ("slow", "Absent")]);
        check("2A5F", "02 6200 4800 6000 4800", &[("fast", "Absent"), ("slow", fast)]);
        check("2A5F", "08 6200 4800 ffffff", &[("device_sensor_status", "Whole(16777215)")]);
    }

    #[test]
    fn what_is_no_number_stays_a_word() {
        check(
            "2A5F",
            "00 ff07 0008",
            &[("spo2", r#"Text("NaN")"#), ("pulse_rate", r#"Text("NRes")"#)],
        );
        check(
            "2A5F",
            "00 fe07 0208",
            &[("spo2", r#"Text("+INF")"#), ("pulse_rate", r#"Text("-INF")"#)],
        );
        check("2A5E", "08 6200 4800 0108", &[("pulse_amplitude_index", r#"Text("RFU")"#)]);
    }

    #[test]
    fn a_value_cut_short_or_too_long_is_refused() {
        for bytes in ["", "00 6200 48", "00 6200 4800 00", "01 6200 4800 e807", "04 6200 4800 0102"]
        {
            refused("2A5E", bytes);
        }
        for bytes in ["01 6200 4800 6000", "1c 6200 4800 2000 000000 57", "00 6200 4800 00"] {
            refused("2A5F", bytes);
        }
        for bytes in ["01", "0000 00", "0100 20", "0300 2000", "0300 2000 000000 00"] {
            refused("2A60", bytes);
        }
    }

    #[test]
    fn features_may_say_which_remarks_can_occur() {
        check(
            "2A60",
            "0300 e0ff 2200 01",
            &[
                ("supported_features", "Whole(3)"),
                ("measurement_status_support", "Whole(65504)"),
                ("device_sensor_status_support", "Whole(65570)"),
            ],
        );
        check("2A60", "0300", &[("measurement_status_support", "Absent")]);
    }

    #[test]
    fn nothing_is_guessed_without_a_name() {
        assert_eq!(decode(None, &hex("00e8f384f3")), Err(Undecoded::NoSuchCharacteristic));
        assert_eq!(decode(Some("2A37"), &[0, 72]), Err(Undecoded::NoSuchCharacteristic));
    }
}
