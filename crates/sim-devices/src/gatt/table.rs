//! The attributes of a simulated device: services and characteristics become a table of handles.

use super::Uuid;

/// Properties of a characteristic (Bluetooth Core, Vol 3, Part G, 3.3.1.1).
pub const READ: u8 = 0x02;
pub const WRITE_COMMAND: u8 = 0x04;
pub const WRITE: u8 = 0x08;
pub const NOTIFY: u8 = 0x10;
pub const INDICATE: u8 = 0x20;

pub const PRIMARY_SERVICE: Uuid = Uuid::Short(0x2800);
const CHARACTERISTIC: Uuid = Uuid::Short(0x2803);
const CLIENT_CONFIGURATION: Uuid = Uuid::Short(0x2902);

/// Services begin at multiples of this, as in many devices: one can grow and no handle moves.
const SPACING: u16 = 0x10;

#[derive(Clone, Debug)]
pub struct Service {
    pub uuid: Uuid,
    pub characteristics: Vec<Characteristic>,
}

#[derive(Clone, Debug)]
pub struct Characteristic {
    pub uuid: Uuid,
    /// A sum of [`READ`] and the others. One that pushes gets its client configuration by itself.
    pub properties: u8,
    /// What a read gives, unless the device says otherwise at that moment.
    pub value: Vec<u8>,
}

pub fn service(uuid: impl Into<Uuid>, characteristics: Vec<Characteristic>) -> Service {
    Service { uuid: uuid.into(), characteristics }
}

pub fn characteristic(uuid: impl Into<Uuid>, properties: u8) -> Characteristic {
    Characteristic { uuid: uuid.into(), properties, value: Vec::new() }
}

/// One that can only be read.
pub fn value(uuid: impl Into<Uuid>, value: &[u8]) -> Characteristic {
    Characteristic { value: value.to_vec(), ..characteristic(uuid, READ) }
}

/// The service that every device begins with.
pub fn generic_access(name: &str) -> Service {
    service(0x1800, vec![value(0x2A00, name.as_bytes())])
}

/// Who made it, which model it is, and its number.
pub fn device_information(model: &str, serial: &str) -> Service {
    let strings = [(0x2A29, "Bedside"), (0x2A24, model), (0x2A25, serial)];
    service(0x180A, strings.map(|(uuid, text)| value(uuid, text.as_bytes())).to_vec())
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub handle: u16,
    pub kind: Uuid,
    pub value: Vec<u8>,
    pub role: Role,
}

/// What an attribute is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Of a service or a characteristic: everybody may read it.
    Declaration,
    Value {
        properties: u8,
    },
    /// Whether a host wants the values of this characteristic pushed.
    Configuration {
        of: Uuid,
        properties: u8,
    },
}

impl Attribute {
    pub fn is_readable(&self) -> bool {
        match self.role {
            Role::Declaration | Role::Configuration { .. } => true,
            Role::Value { properties } => properties & READ != 0,
        }
    }
}

/// All attributes in the order of their handles.
pub fn attributes(services: &[Service]) -> Vec<Attribute> {
    let mut table: Vec<Attribute> = Vec::new();
    for service in services {
        let start = match table.last() {
            None => 1,
            Some(last) => (last.handle / SPACING + 1) * SPACING,
        };
        let role = Role::Declaration;
        let value = service.uuid.bytes();
        table.push(Attribute { handle: start, kind: PRIMARY_SERVICE, value, role });
        for characteristic in &service.characteristics {
            add(&mut table, characteristic);
        }
    }
    table
}

/// The declaration (properties, the handle of the value, its type), the value, the configuration.
fn add(table: &mut Vec<Attribute>, Characteristic { uuid, properties, value }: &Characteristic) {
    let (uuid, properties) = (*uuid, *properties);
    let handle = table.last().map_or(1, |last| last.handle + 1);
    let [low, high] = (handle + 1).to_le_bytes();
    let declared = [vec![properties, low, high], uuid.bytes()].concat();
    let role = Role::Declaration;
    table.push(Attribute { handle, kind: CHARACTERISTIC, value: declared, role });
    let (role, value) = (Role::Value { properties }, value.clone());
    table.push(Attribute { handle: handle + 1, kind: uuid, value, role });
    if properties & (NOTIFY | INDICATE) != 0 {
        let role = Role::Configuration { of: uuid, properties };
        let value = vec![0, 0];
        table.push(Attribute { handle: handle + 2, kind: CLIENT_CONFIGURATION, value, role });
    }
}

/// The last handle of the service that is declared at `handle`.
pub fn end_of_group(attributes: &[Attribute], handle: u16) -> u16 {
    let later = attributes.iter().filter(|a| a.handle > handle);
    let within = later.take_while(|a| a.kind != PRIMARY_SERVICE);
    within.last().map_or(handle, |a| a.handle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<Attribute> {
        attributes(&[
            generic_access("Thing"),
            service(0x1809, vec![characteristic(0x2A1C, INDICATE), value(0x2A1D, &[2])]),
            service(Uuid::Long(7), vec![characteristic(Uuid::Long(8), WRITE | NOTIFY)]),
        ])
    }

    #[test]
    fn handles_grow_and_every_declaration_points_at_its_value() {
        let table = table();
        assert!(table.windows(2).all(|pair| pair[0].handle < pair[1].handle));
        let declarations = table.windows(2).filter(|pair| pair[0].kind == CHARACTERISTIC);
        for pair in declarations {
            assert_eq!(pair[0].value[1..3], pair[1].handle.to_le_bytes());
            assert_eq!(pair[0].value[3..], pair[1].kind.bytes());
        }
    }

    #[test]
    fn what_is_pushed_has_a_configuration_and_services_leave_room() {
        let handles: Vec<u16> = table().iter().map(|a| a.handle).collect();
        assert_eq!(handles, [1, 2, 3, 16, 17, 18, 19, 20, 21, 32, 33, 34, 35]);
        let configured = table().into_iter().filter(|a| a.kind == CLIENT_CONFIGURATION);
        assert_eq!(configured.map(|a| a.handle).collect::<Vec<_>>(), [19, 35]);
    }

    #[test]
    fn a_service_ends_before_the_next_one() {
        assert_eq!(end_of_group(&table(), 16), 21);
        assert_eq!(end_of_group(&table(), 32), 35);
    }
}
