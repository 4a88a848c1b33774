//! The attributes of the simulated thermometer, as its GATT server offers them.
//!
//! A table: handle, type, value, what a client may do. Identifiers are the 16-bit numbers that the
//! Bluetooth SIG assigned.

pub const PRIMARY_SERVICE: u16 = 0x2800;
const CHARACTERISTIC: u16 = 0x2803;
const CLIENT_CONFIGURATION: u16 = 0x2902;

const GENERIC_ACCESS: u16 = 0x1800;
const HEALTH_THERMOMETER: u16 = 0x1809;
const DEVICE_INFORMATION: u16 = 0x180A;

const READ: u8 = 0x02;
const INDICATE: u8 = 0x20;

/// Where the temperature is indicated from, and where a client asks for it.
pub const MEASUREMENT: u16 = 0x0012;
pub const MEASUREMENT_CONFIGURATION: u16 = 0x0013;
pub const TEMPERATURE_TYPE: u16 = 0x0015;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub handle: u16,
    pub kind: u16,
    pub value: Vec<u8>,
    pub readable: bool,
    pub writable: bool,
}

/// All attributes in the order of their handles.
pub fn attributes() -> Vec<Attribute> {
    vec![
        service(0x0001, GENERIC_ACCESS),
        characteristic(0x0002, READ, 0x2A00),
        value(0x0003, 0x2A00, b"Simulated thermometer"),
        service(0x0010, HEALTH_THERMOMETER),
        characteristic(0x0011, INDICATE, 0x2A1C),
        Attribute { readable: false, ..value(MEASUREMENT, 0x2A1C, b"") },
        Attribute {
            writable: true,
            ..value(MEASUREMENT_CONFIGURATION, CLIENT_CONFIGURATION, &[0, 0])
        },
        characteristic(0x0014, READ, 0x2A1D),
        value(TEMPERATURE_TYPE, 0x2A1D, &[2]),
        service(0x0020, DEVICE_INFORMATION),
        characteristic(0x0021, READ, 0x2A29),
        value(0x0022, 0x2A29, b"Bedside"),
        characteristic(0x0023, READ, 0x2A24),
        value(0x0024, 0x2A24, b"cart-sim"),
        characteristic(0x0025, READ, 0x2A25),
        value(0x0026, 0x2A25, b"SIM-0001"),
    ]
}

/// The last handle of the service that is declared at `handle`.
pub fn end_of_group(attributes: &[Attribute], handle: u16) -> u16 {
    let later = attributes.iter().filter(|a| a.handle > handle);
    let within = later.take_while(|a| a.kind != PRIMARY_SERVICE);
    within.last().map_or(handle, |a| a.handle)
}

fn service(handle: u16, uuid: u16) -> Attribute {
    value(handle, PRIMARY_SERVICE, &uuid.to_le_bytes())
}

/// A declaration: properties, the handle of the value (always the next one), its type.
fn characteristic(handle: u16, properties: u8, uuid: u16) -> Attribute {
    let [low, high] = (handle + 1).to_le_bytes();
    let [uuid_low, uuid_high] = uuid.to_le_bytes();
    value(handle, CHARACTERISTIC, &[properties, low, high, uuid_low, uuid_high])
}

fn value(handle: u16, kind: u16, value: &[u8]) -> Attribute {
    Attribute { handle, kind, value: value.to_vec(), readable: true, writable: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_grow_and_every_declaration_points_at_its_value() {
        let table = attributes();
        assert!(table.windows(2).all(|pair| pair[0].handle < pair[1].handle));
        for pair in table.windows(2).filter(|pair| pair[0].kind == CHARACTERISTIC) {
            assert_eq!(pair[0].value[1..3], pair[1].handle.to_le_bytes());
            assert_eq!(pair[0].value[3..5], pair[1].kind.to_le_bytes());
        }
    }

    #[test]
    fn a_service_ends_before_the_next_one() {
        assert_eq!(end_of_group(&attributes(), 0x0010), 0x0015);
        assert_eq!(end_of_group(&attributes(), 0x0020), 0x0026);
    }
}
