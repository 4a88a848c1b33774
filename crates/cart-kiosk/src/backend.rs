//! Chooses how the window gets onto the screen. Slint's own order depends on what was compiled in.

use slint::{BackendSelector, PlatformError};

/// The software renderer: on a machine without a GPU, OpenGL costs twenty times as much.
/// `SLINT_BACKEND` has the last word, for a technician who tries another one.
pub fn choose() -> Result<(), PlatformError> {
    if std::env::var_os("SLINT_BACKEND").is_some() {
        return Ok(());
    }
    BackendSelector::new().backend_name(name().into()).renderer_name("software".into()).select()
}

#[cfg(feature = "linuxkms")]
fn name() -> &'static str {
    let has_display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if has_display { "winit" } else { "linuxkms" }
}

#[cfg(not(feature = "linuxkms"))]
const fn name() -> &'static str {
    "winit"
}
