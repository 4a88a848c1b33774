//! For the technician: what devices sent that is nobody's reading. Knows no patient, because there is none to it.

use std::path::Path;

use crate::nurses;

/// Two screens full; `cartd` itself keeps more.
const SHOWN: u32 = 100;

/// Prints the readings that no open encounter took, and the newest malformed bytes as hexadecimal.
pub fn show(config: &Path) -> anyhow::Result<()> {
    let vault = nurses::open(config)?;
    println!("Readings of nobody:");
    for kept in vault.unassigned()? {
        let reading = kept.reading;
        println!("  {}  {}  {}  {}", reading.received, reading.device.id, reading.id, kept.reason);
    }
    println!("Malformed bytes, newest first:");
    for kept in vault.malformations(SHOWN)? {
        println!("  {}  {}  {}  {}", kept.at, kept.device, kept.what, hexadecimal(&kept.bytes));
    }
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
