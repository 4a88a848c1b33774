//! Which cameras are plugged in, and by what each is known again.
//!
//! `/dev/video2` is another camera tomorrow. The serial number stays with the camera; the path stays
//! with the socket, for the many that have no serial number of their own.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use devices::catalogue::UsbId;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExamCamera {
    /// `/dev/video2`: for now.
    pub node: PathBuf,
    /// Below `/dev/v4l/by-id`.
    pub by_id: Option<PathBuf>,
    /// Below `/dev/v4l/by-path`.
    pub by_path: Option<PathBuf>,
    pub usb: UsbId,
    /// What it calls itself.
    pub title: String,
    pub serial: Option<String>,
}

impl ExamCamera {
    /// The name to write into a configuration: that of the camera when it has a serial number, since
    /// two of one model have the same `by-id` name otherwise, and that of its socket if not.
    pub fn stable(&self) -> Option<&Path> {
        let own = self.by_id.as_deref().filter(|_| self.serial.is_some());
        own.or(self.by_path.as_deref())
    }
}

/// The USB cameras, in the order of their nodes. `root` is `/`; a test has its own.
///
/// # Errors
/// The list of the kernel is there and cannot be read.
pub fn find(root: &Path) -> io::Result<Vec<ExamCamera>> {
    let nodes = match fs::read_dir(root.join("sys/class/video4linux")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        nodes => nodes?,
    };
    let mut found = Vec::new();
    for node in nodes {
        let node = node?;
        // What is unplugged meanwhile is not there.
        found.extend(camera(root, &node.path()));
    }
    found.sort_by(|one, other| one.node.cmp(&other.node));
    Ok(found)
}

fn camera(root: &Path, entry: &Path) -> Option<ExamCamera> {
    let name = entry.file_name()?.to_str()?;
    // A UVC camera has a second node, of index 1, for its metadata.
    let is_picture = name.starts_with("video") && text(&entry.join("index"))? == "0";
    // The interface; its parent is the USB device.
    let interface = fs::canonicalize(entry.join("device")).ok().filter(|_| is_picture)?;
    let device = interface.parent()?;
    let number = |of| u16::from_str_radix(&text(&device.join(of))?, 16).ok();
    Some(ExamCamera {
        node: root.join("dev").join(name),
        by_id: link_to(&root.join("dev/v4l/by-id"), name),
        by_path: link_to(&root.join("dev/v4l/by-path"), name),
        usb: UsbId(number("idVendor")?, number("idProduct")?),
        title: text(&device.join("product")).or_else(|| text(&entry.join("name")))?,
        serial: text(&device.join("serial")),
    })
}

/// `None` for what is not there or is empty.
fn text(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The first by name, of several links to one node.
fn link_to(folder: &Path, node: &str) -> Option<PathBuf> {
    let links = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|link| link.path());
    let leads = |link: &PathBuf| {
        fs::read_link(link).is_ok_and(|target| target.file_name().is_some_and(|name| name == node))
    };
    links.filter(leads).min()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn write(file: &Path, text: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn link(target: &str, at: &Path) {
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        symlink(target, at).unwrap();
    }

    /// A camera as the kernel and udev show it: two nodes on the interface `1.0` of a USB device.
    fn plug(root: &Path, socket: &str, first_node: u32, serial: Option<&str>) {
        let device = root.join("sys/devices/usb1").join(socket);
        write(&device.join("idVendor"), "1b3f\n");
        write(&device.join("idProduct"), "8301\n");
        write(&device.join("product"), "Otoscope HD\n");
        if let Some(serial) = serial {
            write(&device.join("serial"), &format!("{serial}\n"));
        }
        let interface = format!("{socket}:1.0");
        for index in 0..2 {
            let name = format!("video{}", first_node + index);
            let entry = device.join(&interface).join("video4linux").join(&name);
            write(&entry.join("index"), &format!("{index}\n"));
            write(&entry.join("name"), "Otoscope HD: Otoscope\n");
            link("../..", &entry.join("device"));
            let class = root.join("sys/class/video4linux").join(&name);
            link(entry.to_str().unwrap(), &class);
            let by_id = format!("usb-Otoscope_{}-video-index{index}", serial.unwrap_or("HD"));
            let node = format!("../../{name}");
            let by_id = root.join("dev/v4l/by-id").join(by_id);
            // Two cameras without serial numbers fight for one name; udev keeps the first.
            if !by_id.is_symlink() {
                link(&node, &by_id);
            }
            let by_path = format!("pci-0000:00:14.0-usb-0:{socket}:1.0-video-index{index}");
            link(&node, &root.join("dev/v4l/by-path").join(by_path));
        }
    }

    #[test]
    fn a_camera_is_known_by_its_serial_number() {
        let root = tempfile::tempdir().unwrap();
        plug(root.path(), "1-2", 4, Some("SN0042"));
        let found = find(root.path()).unwrap();
        let [camera] = &found[..] else { panic!("{found:?}") };
        assert_eq!(camera.node, root.path().join("dev/video4"));
        assert_eq!((camera.usb, camera.title.as_str()), (UsbId(0x1B3F, 0x8301), "Otoscope HD"));
        assert_eq!(camera.serial.as_deref(), Some("SN0042"));
        let by_id = root.path().join("dev/v4l/by-id/usb-Otoscope_SN0042-video-index0");
        assert_eq!(camera.stable(), Some(by_id.as_path()));
    }

    #[test]
    fn two_cameras_without_serial_numbers_are_known_by_their_sockets() {
        let root = tempfile::tempdir().unwrap();
        plug(root.path(), "1-2", 0, None);
        plug(root.path(), "1-3", 2, None);
        let found = find(root.path()).unwrap();
        let stable: Vec<_> = found.iter().map(|camera| camera.stable().unwrap()).collect();
        let at = |socket| {
            let name = format!("pci-0000:00:14.0-usb-0:{socket}:1.0-video-index0");
            root.path().join("dev/v4l/by-path").join(name)
        };
        assert_eq!(stable, [at("1-2"), at("1-3")]);
    }

    #[test]
    fn a_camera_that_is_plugged_in_elsewhere_keeps_its_name() {
        let stable = |socket, node| {
            let root = tempfile::tempdir().unwrap();
            plug(root.path(), socket, node, Some("SN7"));
            let found = find(root.path()).unwrap();
            found[0].stable().unwrap().strip_prefix(root.path()).unwrap().to_owned()
        };
        assert_eq!(stable("1-2", 0), stable("2-4.1", 6));
    }

    #[test]
    fn what_is_no_usb_camera_is_left_out() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(find(root.path()).unwrap(), []);
        let entry = root.path().join("sys/devices/platform/isp/video4linux/video0");
        write(&entry.join("index"), "0\n");
        write(&entry.join("name"), "ISP\n");
        link("../..", &entry.join("device"));
        link(entry.to_str().unwrap(), &root.path().join("sys/class/video4linux/video0"));
        assert_eq!(find(root.path()).unwrap(), []);
    }
}
