//! Which pictures a camera gives: compression and sizes.

use std::{fmt, io, path::Path};

use v4l::{Device, capability::Flags, framesize::FrameSizeEnum, video::Capture as _};

/// One size of one format.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    /// Four letters of V4L2, such as `MJPG` or `YUYV`.
    pub format: String,
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}x{}", self.format, self.width, self.height)
    }
}

/// All pictures of the camera, the largest first (VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES).
///
/// # Errors
/// The node cannot be opened, or is no camera.
pub fn pictures(node: &Path) -> io::Result<Vec<Picture>> {
    let camera = Device::with_path(node)?;
    // The lists of what is no camera would be empty, and no error.
    if !camera.query_caps()?.capabilities.contains(Flags::VIDEO_CAPTURE) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let mut pictures = Vec::new();
    for format in camera.enum_formats()? {
        let name = String::from_utf8_lossy(&format.fourcc.repr).trim_end().to_owned();
        let sizes = camera.enum_framesizes(format.fourcc)?;
        let sized = |size| {
            let (width, height) = largest(size);
            Picture { width, height, format: name.clone() }
        };
        pictures.extend(sizes.into_iter().map(|found| sized(found.size)));
    }
    Ok(in_order(pictures))
}

/// Of a camera that gives every size between two, the largest.
fn largest(size: FrameSizeEnum) -> (u32, u32) {
    match size {
        FrameSizeEnum::Discrete(one) => (one.width, one.height),
        FrameSizeEnum::Stepwise(between) => (between.max_width, between.max_height),
    }
}

/// Each once: cameras repeat the size that they prefer.
fn in_order(mut pictures: Vec<Picture>) -> Vec<Picture> {
    pictures.sort_by(|one, other| other.cmp(one));
    pictures.dedup();
    pictures
}

#[cfg(test)]
mod tests {
    use v4l::framesize::{Discrete, Stepwise};

    use super::*;

    #[test]
    fn pictures_are_listed_once_and_the_largest_first() {
        let picture =
            |width, height, format: &str| Picture { width, height, format: format.into() };
        let said =
            [picture(640, 480, "YUYV"), picture(1920, 1080, "MJPG"), picture(640, 480, "YUYV")];
        let listed: Vec<String> = in_order(said.to_vec()).iter().map(Picture::to_string).collect();
        assert_eq!(listed, ["MJPG 1920x1080", "YUYV 640x480"]);
    }

    #[test]
    fn a_camera_of_any_size_has_its_largest() {
        assert_eq!(largest(FrameSizeEnum::Discrete(Discrete { width: 8, height: 6 })), (8, 6));
        let between = Stepwise {
            min_width: 16,
            max_width: 2592,
            step_width: 16,
            min_height: 16,
            max_height: 1944,
            step_height: 16,
        };
        assert_eq!(largest(FrameSizeEnum::Stepwise(between)), (2592, 1944));
    }

    #[test]
    fn what_is_no_camera_is_an_error() {
        assert!(pictures(Path::new("/dev/null")).is_err());
        assert!(pictures(Path::new("/dev/video-that-is-not-there")).is_err());
    }
}
