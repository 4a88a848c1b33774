//! Holds a camera's colours and brightness as they are, so that two pictures can be compared.
//!
//! Redness of a throat or of a skin is judged by colour. While the camera balances and exposes by
//! itself, the same skin has another colour in the next picture.

use std::{io, path::Path};

use v4l::{
    Control, Device,
    control::Value,
    v4l_sys::{
        V4L2_CID_AUTO_WHITE_BALANCE, V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CID_EXPOSURE_AUTO,
        V4L2_CID_WHITE_BALANCE_TEMPERATURE,
    },
};

/// A camera's controls by their V4L2 ids.
pub trait Controls {
    /// `None`: the camera has no such control.
    ///
    /// # Errors
    /// The camera does not answer.
    fn get(&self, id: u32) -> io::Result<Option<i64>>;

    /// # Errors
    /// The camera does not take it.
    fn set(&self, id: u32, value: i64) -> io::Result<()>;
}

/// V4L2_EXPOSURE_MANUAL of `enum v4l2_exposure_auto_type`.
const EXPOSURE_MANUAL: i64 = 1;

/// What is done by the camera itself, what then has to be said to it, and the value that makes it
/// stop. The first has to stop before the second is taken.
const LOCKS: [(u32, i64, u32); 2] = [
    (V4L2_CID_AUTO_WHITE_BALANCE, 0, V4L2_CID_WHITE_BALANCE_TEMPERATURE),
    (V4L2_CID_EXPOSURE_AUTO, EXPOSURE_MANUAL, V4L2_CID_EXPOSURE_ABSOLUTE),
];

/// What was changed, to be undone.
#[derive(Debug, PartialEq, Eq)]
pub struct Locked {
    /// Ids and what they were, in the order in which they were changed.
    before: Vec<(u32, i64)>,
    pub white_balance: bool,
    pub exposure: bool,
}

/// Locks what the camera has: some have no white balance to lock, and then that is said.
///
/// # Errors
/// The camera does not answer or does not take a value. What was changed until then is undone.
pub fn lock(camera: &impl Controls) -> io::Result<Locked> {
    let mut locked = Locked { before: Vec::new(), white_balance: false, exposure: false };
    match lock_all(camera, &mut locked) {
        Ok(()) => Ok(locked),
        Err(error) => {
            if let Err(error) = locked.unlock(camera) {
                tracing::warn!(%error, "A camera stays half locked");
            }
            Err(error)
        }
    }
}

fn lock_all(camera: &impl Controls, locked: &mut Locked) -> io::Result<()> {
    for (by_itself, stop, value) in LOCKS {
        let (Some(was), Some(now)) = (camera.get(by_itself)?, camera.get(value)?) else { continue };
        if was != stop {
            camera.set(by_itself, stop)?;
            locked.before.push((by_itself, was));
        }
        // Some cameras fall back to their first value when they no longer choose it themselves.
        camera.set(value, now)?;
        match by_itself {
            V4L2_CID_AUTO_WHITE_BALANCE => locked.white_balance = true,
            _ => locked.exposure = true,
        }
    }
    Ok(())
}

impl Locked {
    /// The camera chooses by itself again, if it did before.
    ///
    /// # Errors
    /// The camera does not take a value. The others are set all the same.
    pub fn unlock(self, camera: &impl Controls) -> io::Result<()> {
        let mut result = Ok(());
        for (id, value) in self.before.into_iter().rev() {
            result = camera.set(id, value).and(result);
        }
        result
    }
}

/// The camera of a node.
pub struct Node(Device);

impl Node {
    /// # Errors
    /// The node is not there, or may not be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Device::with_path(path).map(Self)
    }
}

impl Controls for Node {
    // The crate's list of all controls panics on those of a vendor, so each is asked for alone.
    fn get(&self, id: u32) -> io::Result<Option<i64>> {
        match self.0.control(id) {
            // V4L2: the control does not exist.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(None),
            Err(error) => Err(error),
            Ok(Control { value: Value::Integer(value), .. }) => Ok(Some(value)),
            Ok(Control { value: Value::Boolean(on), .. }) => Ok(Some(i64::from(on))),
            Ok(_) => Ok(None),
        }
    }

    fn set(&self, id: u32, value: i64) -> io::Result<()> {
        // The kernel takes whole numbers for switches and menus too.
        self.0.set_control(Control { id, value: Value::Integer(value) })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// A camera that refuses what a real one refuses: a value that it chooses itself.
    struct Camera {
        controls: RefCell<Vec<(u32, i64)>>,
        refuses: Option<u32>,
    }

    const WB_AUTO: u32 = 0x0098_090C;
    const WB: u32 = 0x0098_091A;
    const EXPOSURE_AUTO: u32 = 0x009A_0901;
    const EXPOSURE: u32 = 0x009A_0902;

    impl Controls for Camera {
        fn get(&self, id: u32) -> io::Result<Option<i64>> {
            let controls = self.controls.borrow();
            Ok(controls.iter().find(|(found, _)| *found == id).map(|(_, value)| *value))
        }

        fn set(&self, id: u32, value: i64) -> io::Result<()> {
            let chosen_by_itself = match id {
                WB => self.get(WB_AUTO)? == Some(1),
                EXPOSURE => self.get(EXPOSURE_AUTO)? != Some(1),
                _ => false,
            };
            if chosen_by_itself || self.refuses == Some(id) {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            let mut controls = self.controls.borrow_mut();
            let control = controls.iter_mut().find(|(found, _)| *found == id).unwrap();
            control.1 = value;
            if id == WB_AUTO && value == 0 {
                controls.iter_mut().find(|(found, _)| *found == WB).unwrap().1 = 2800;
            }
            Ok(())
        }
    }

    fn camera(controls: &[(u32, i64)]) -> Camera {
        Camera { controls: RefCell::new(controls.to_vec()), refuses: None }
    }

    const BY_ITSELF: [(u32, i64); 4] =
        [(WB_AUTO, 1), (WB, 4600), (EXPOSURE_AUTO, 3), (EXPOSURE, 157)];

    #[test]
    fn colours_and_brightness_stay_as_they_are_now() {
        let camera = camera(&BY_ITSELF);
        let locked = lock(&camera).unwrap();
        assert!(locked.white_balance && locked.exposure);
        let now = [(WB_AUTO, 0), (WB, 4600), (EXPOSURE_AUTO, 1), (EXPOSURE, 157)];
        assert_eq!(camera.controls.borrow()[..], now);
        locked.unlock(&camera).unwrap();
        assert_eq!(
            (camera.get(WB_AUTO).unwrap(), camera.get(EXPOSURE_AUTO).unwrap()),
            (Some(1), Some(3))
        );
    }

    #[test]
    fn a_camera_without_white_balance_says_so() {
        let camera = camera(&BY_ITSELF[2..]);
        let locked = lock(&camera).unwrap();
        assert!(!locked.white_balance && locked.exposure);
    }

    #[test]
    fn what_was_set_by_hand_before_is_left_alone_by_the_unlocking() {
        let camera = camera(&[(EXPOSURE_AUTO, 1), (EXPOSURE, 20)]);
        lock(&camera).unwrap().unlock(&camera).unwrap();
        assert_eq!(camera.controls.borrow()[..], [(EXPOSURE_AUTO, 1), (EXPOSURE, 20)]);
    }

    #[test]
    fn a_camera_that_refuses_half_way_is_not_left_half_locked() {
        let camera = Camera { refuses: Some(EXPOSURE), ..camera(&BY_ITSELF) };
        assert!(lock(&camera).is_err());
        assert_eq!(
            (camera.get(WB_AUTO).unwrap(), camera.get(EXPOSURE_AUTO).unwrap()),
            (Some(1), Some(3))
        );
    }

    #[test]
    fn ids_are_those_of_the_kernel() {
        assert_eq!(LOCKS[0], (WB_AUTO, 0, WB));
        assert_eq!(LOCKS[1], (EXPOSURE_AUTO, 1, EXPOSURE));
    }
}
