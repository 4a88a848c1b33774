//! The controls of a camera that the operating system serves (V4L2): listed, set, and watched for
//! an unplug.
//!
//! Knows no control by its number. Setting one is a short request to the camera and is waited for.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use devices::{Channel, Control, Millis};
use rustix::io::Errno;
use v4l::control::{Flags, Type, Value};

use crate::{
    carrier::{Arrived, CarryError},
    identity::identity,
};

/// How often it is looked whether the camera is still there: it says nothing when it is pulled out.
const LOOK: Millis = 1_000;

/// A camera as the kernel shows it.
trait Controls: Send {
    fn list(&self) -> io::Result<Vec<Control>>;
    fn set(&self, id: u32, value: i32) -> io::Result<()>;
}

pub(crate) struct Camera {
    path: PathBuf,
    identity: Option<[u64; 3]>,
    controls: Box<dyn Controls>,
    arrived: VecDeque<Arrived>,
    look: Millis,
}

impl Camera {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let node = v4l::Device::with_path(path)?;
        // Any file can be opened; only a camera answers this.
        node.query_caps()?;
        Ok(Self::new(path, Box::new(Node(node))))
    }

    fn new(path: &Path, controls: Box<dyn Controls>) -> Self {
        let (path, identity) = (path.to_owned(), identity(path));
        Self { path, identity, controls, arrived: VecDeque::new(), look: 0 }
    }

    pub(crate) fn set(&mut self, id: u32, value: i32) -> Result<(), CarryError> {
        let result = self.controls.set(id, value);
        self.note(result.map(|()| None))
    }

    pub(crate) fn read(&mut self) -> Result<(), CarryError> {
        let result = self.controls.list();
        self.note(result.map(|controls| Some(Arrived::Controls(controls))))
    }

    /// What a camera does not take is told to the driver; a camera that is gone ends the link.
    fn note(&mut self, result: io::Result<Option<Arrived>>) -> Result<(), CarryError> {
        match result {
            Err(error) if error.raw_os_error() == Some(Errno::NODEV.raw_os_error()) => {
                return Err(CarryError::CameraGone(error));
            }
            Err(error) => {
                tracing::debug!(%error, "A camera does not take this");
                self.arrived.push_back(Arrived::Refused(Channel::Control));
            }
            Ok(arrived) => self.arrived.extend(arrived),
        }
        Ok(())
    }

    pub(crate) fn next(&mut self) -> Option<Arrived> {
        self.arrived.pop_front()
    }

    pub(crate) fn deadline(&self) -> Millis {
        self.look
    }

    pub(crate) fn timer(&mut self, now: Millis) -> Result<(), CarryError> {
        if now < self.look {
            return Ok(());
        }
        self.look = now + LOOK;
        match identity(&self.path) {
            there if there == self.identity => Ok(()),
            _ => Err(CarryError::CameraGone(Errno::NODEV.into())),
        }
    }
}

struct Node(v4l::Device);

impl Controls for Node {
    fn list(&self) -> io::Result<Vec<Control>> {
        // The crate panics at a type of control that it does not know, such as a region; such a
        // camera cannot be moved, and its thread has to go on.
        let listed = catch_unwind(AssertUnwindSafe(|| self.0.query_controls()));
        let unknown = |_| io::Error::other("the camera has a control of a type that is not known");
        let described = listed.map_err(unknown)??;
        Ok(described.iter().filter_map(|described| self.control(described)).collect())
    }

    fn set(&self, id: u32, value: i32) -> io::Result<()> {
        self.0.set_control(v4l::Control { id, value: Value::Integer(value.into()) })
    }
}

impl Node {
    /// `None`: nothing that a number sets.
    fn control(&self, described: &v4l::control::Description) -> Option<Control> {
        let off = described.flags.contains(Flags::DISABLED);
        if off || !matches!(described.typ, Type::Integer | Type::Boolean | Type::Menu) {
            return None;
        }
        let readable = !described.flags.contains(Flags::WRITE_ONLY);
        let read = readable.then(|| self.0.control(described.id).ok()).flatten();
        let value = read.and_then(|control| match control.value {
            Value::Integer(value) => i32::try_from(value).ok(),
            Value::Boolean(value) => Some(value.into()),
            _ => None,
        });
        Some(Control {
            id: described.id,
            lowest: described.minimum.try_into().ok()?,
            highest: described.maximum.try_into().ok()?,
            step: i32::try_from(described.step).ok()?.max(1),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZOOM: Control =
        Control { id: 0x009A_090D, lowest: 0, highest: 100, step: 1, value: Some(0) };

    /// Has a zoom; what is set beyond it is refused, and `-1` pulls it out.
    struct Webcam;

    impl Controls for Webcam {
        fn list(&self) -> io::Result<Vec<Control>> {
            Ok(vec![ZOOM])
        }

        fn set(&self, id: u32, value: i32) -> io::Result<()> {
            match value {
                -1 => Err(Errno::NODEV.into()),
                value if id == ZOOM.id && value <= ZOOM.highest => Ok(()),
                _ => Err(Errno::RANGE.into()),
            }
        }
    }

    #[test]
    fn controls_are_listed_and_what_is_not_taken_is_told() {
        let mut camera = Camera::new(Path::new("/dev/null"), Box::new(Webcam));
        camera.read().unwrap();
        camera.set(ZOOM.id, 50).unwrap();
        camera.set(ZOOM.id, 101).unwrap();
        assert_eq!(camera.next(), Some(Arrived::Controls(vec![ZOOM])));
        assert_eq!(camera.next(), Some(Arrived::Refused(Channel::Control)));
        assert_eq!(camera.next(), None);
    }

    #[test]
    fn a_camera_that_is_gone_ends_the_link() {
        let mut camera = Camera::new(Path::new("/dev/null"), Box::new(Webcam));
        assert!(matches!(camera.set(ZOOM.id, -1), Err(CarryError::CameraGone(_))));
    }

    #[test]
    fn a_camera_that_is_pulled_out_in_silence_is_noticed_within_a_second() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("video0");
        std::fs::write(&path, "").unwrap();
        let mut camera = Camera::new(&path, Box::new(Webcam));
        camera.timer(10).unwrap();
        assert_eq!(camera.deadline(), 1_010);
        std::fs::remove_file(&path).unwrap();
        camera.timer(1_009).unwrap();
        assert!(matches!(camera.timer(1_010), Err(CarryError::CameraGone(_))));
    }

    #[test]
    fn what_is_no_camera_is_not_opened() {
        assert!(Camera::open(Path::new("/dev/null")).is_err());
    }
}
