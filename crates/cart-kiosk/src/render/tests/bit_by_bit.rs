//! What is painted bit by bit, as on the cart's screen, is what is painted at once: no word of before stays beside a new one.

use std::{cell::RefCell, rc::Rc};

use clinical::{ExamCamera::Otoscope, Laterality};
use jiff::tz::TimeZone;
use slint::{
    ComponentHandle as _, Image, PhysicalSize, Rgb8Pixel, Rgba8Pixel, SharedPixelBuffer,
    platform::{
        Platform, PlatformError, WindowAdapter,
        software_renderer::{MinimalSoftwareWindow, RepaintBufferType},
    },
};

use super::scenes;
use crate::{
    model::{Model, Press, testing::*},
    ui::{AppWindow, CallAdapter, ExamAdapter, PictureLook},
};

const SIZE: (u32, u32) = (1280, 800);

/// Gives every window a renderer and no screen, and the test the renderer.
struct Easels(Rc<RefCell<Vec<Rc<MinimalSoftwareWindow>>>>);

impl Platform for Easels {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let easel = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        self.0.borrow_mut().push(easel.clone());
        Ok(easel)
    }
}

/// A window, and the pictures that take turns on its screen.
struct Canvas {
    app: AppWindow,
    easel: Rc<MinimalSoftwareWindow>,
    turns: Vec<Vec<Rgb8Pixel>>,
}

impl Canvas {
    fn new(easels: &RefCell<Vec<Rc<MinimalSoftwareWindow>>>, turns: usize) -> Self {
        let app = AppWindow::new().unwrap();
        app.show().unwrap();
        let easel = easels.borrow().last().expect("the window asked for one").clone();
        easel.set_size(PhysicalSize::new(SIZE.0, SIZE.1));
        let blank = vec![Rgb8Pixel::default(); (SIZE.0 * SIZE.1) as usize];
        Self { app, easel, turns: vec![blank; turns] }
    }

    /// The newest picture is the first. Both cameras have a new frame, of this shade.
    fn paint(&mut self, model: &Model, shade: u8, kind: RepaintBufferType) {
        crate::render::draw(model, &TimeZone::UTC, &self.app);
        let (exam, call) =
            (self.app.global::<ExamAdapter<'_>>(), self.app.global::<CallAdapter<'_>>());
        exam.set_picture(frame(shade));
        exam.set_picture_look(PictureLook::Live);
        call.set_remote(frame(shade));
        call.set_remote_look(PictureLook::Live);
        self.app.window().request_redraw();
        slint::platform::update_timers_and_animations();
        self.turns.rotate_right(1);
        let picture = &mut self.turns[0];
        let painted = self.easel.draw_if_needed(|renderer| {
            renderer.set_repaint_buffer_type(kind);
            renderer.render(picture, SIZE.0 as usize);
        });
        assert!(painted);
    }
}

fn frame(shade: u8) -> Image {
    let mut pixels = SharedPixelBuffer::<Rgba8Pixel>::new(64, 36);
    pixels.make_mut_slice().fill(Rgba8Pixel::new(shade, 90, 60, 255));
    Image::from_rgba8(pixels)
}

#[test]
fn a_page_that_changes_part_by_part_is_the_page_that_is_painted_whole() {
    let easels: Rc<RefCell<Vec<_>>> = Rc::default();
    slint::platform::set_platform(Box::new(Easels(easels.clone()))).unwrap();
    let mut whole = Canvas::new(&easels, 1);
    // As the console of the kernel shows them: two that take turns.
    let mut parts = Canvas::new(&easels, 2);
    let mut model = scenes::of("call-exam-cameras");
    parts.paint(&model, 0, RepaintBufferType::NewBuffer);
    parts.paint(&model, 1, RepaintBufferType::NewBuffer);
    for (shade, press) in (2..).zip([
        Press::TakeUp(Some(Otoscope)),
        Press::LookInto(Laterality::Right),
        Press::LookInto(Laterality::Left),
        Press::Mute,
        Press::TakeUp(None),
    ]) {
        press_all(&mut model, [press.clone()]);
        whole.paint(&model, shade, RepaintBufferType::NewBuffer);
        parts.paint(&model, shade, RepaintBufferType::SwappedBuffers);
        let differ = whole.turns[0].iter().zip(&parts.turns[0]).filter(|(one, other)| one != other);
        assert_eq!(differ.count(), 0, "pixels, after {press:?}");
    }
}
