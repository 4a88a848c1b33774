//! Which input devices of an allowed kind are plugged in, by the names that stay.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use devices::catalogue::UsbId;

/// The links below `by_id` (`/dev/input/by-id`) whose device is one of these, in the order of their
/// names. `class` is `/sys/class/input`.
///
/// # Errors
/// `by_id` is there and cannot be read. Without any input device it is not there.
pub fn find(by_id: &Path, class: &Path, allowed: &[UsbId]) -> io::Result<Vec<PathBuf>> {
    let links = match fs::read_dir(by_id) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        links => links?,
    };
    let mut found = Vec::new();
    for link in links {
        let path = link?.path();
        if usb_id(&path, class).is_some_and(|id| allowed.contains(&id)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `None` for what is no event device, or was unplugged meanwhile.
fn usb_id(link: &Path, class: &Path) -> Option<UsbId> {
    let node = fs::read_link(link).ok()?;
    let node = node.file_name()?;
    let id = class.join(node).join("device/id");
    let number = |name| {
        let text = fs::read_to_string(id.join(name)).ok()?;
        u16::from_str_radix(text.trim(), 16).ok()
    };
    // A device has several nodes; the keys are on that of the name "event".
    node.to_str()?.starts_with("event").then_some(())?;
    Some(UsbId(number("vendor")?, number("product")?))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn plug(root: &Path, name: &str, node: &str, id: (&str, &str)) {
        let by_id = root.join("by-id");
        let sys = root.join("class").join(node).join("device/id");
        fs::create_dir_all(&by_id).unwrap();
        fs::create_dir_all(&sys).unwrap();
        fs::write(sys.join("vendor"), format!("{}\n", id.0)).unwrap();
        fs::write(sys.join("product"), format!("{}\n", id.1)).unwrap();
        symlink(format!("../{node}"), by_id.join(name)).unwrap();
    }

    #[test]
    fn scanners_are_told_from_keyboards() {
        let root = tempfile::tempdir().unwrap();
        plug(root.path(), "usb-Symbol_Scanner-event-kbd", "event7", ("05e0", "1200"));
        plug(root.path(), "usb-Logitech_Keyboard-event-kbd", "event3", ("046d", "c31c"));
        plug(root.path(), "usb-Symbol_Scanner-mouse", "mouse0", ("05e0", "1200"));
        let by_id = root.path().join("by-id");
        let found = find(&by_id, &root.path().join("class"), &[UsbId(0x05E0, 0x1200)]).unwrap();
        assert_eq!(found, [by_id.join("usb-Symbol_Scanner-event-kbd")]);
    }

    #[test]
    fn a_cart_without_input_devices_has_none() {
        let root = tempfile::tempdir().unwrap();
        assert!(find(&root.path().join("by-id"), root.path(), &[]).unwrap().is_empty());
    }
}
