//! A window that nobody sees, and what a finger or a screen reader finds in it.

use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, ElementQuery, TestingBackend, TestingBackendOptions,
};
use jiff::tz::TimeZone;
use slint::{ComponentHandle as _, LogicalSize, Rgba8Pixel, SharedPixelBuffer};

use crate::{model::Model, ui::AppWindow};

pub const SIZES: [(u32, u32); 3] = [(1280, 800), (1024, 768), (1920, 1080)];
pub const LANGUAGES: [&str; 2] = ["", "es"];

pub struct Screen {
    pub window: AppWindow,
    pub size: (u32, u32),
}

/// Something that can be pressed.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub label: String,
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Screen {
    /// The language is the English of the source where it is "".
    pub fn new(size: (u32, u32), language: &str) -> Self {
        let options = TestingBackendOptions {
            mock_time: true,
            threading: false,
            renderer_name: Some("software".into()),
        };
        // A second screen of one test lives in the first one's backend.
        if slint::platform::set_platform(Box::new(TestingBackend::new(options))).is_err() {
            assert!(i_slint_backend_testing::get_mocked_time() < u64::MAX);
        }
        let window = AppWindow::new().unwrap();
        slint::select_bundled_translation(language).unwrap();
        window.window().set_size(LogicalSize::new(size.0 as f32, size.1 as f32));
        window.show().unwrap();
        Self { window, size }
    }

    pub fn of(model: &Model) -> Self {
        let screen = Self::new(SIZES[0], "");
        screen.draw(model);
        screen
    }

    pub fn draw(&self, model: &Model) {
        crate::render::draw(model, &TimeZone::UTC, &self.window);
        // Lists and conditions of the pages are made when time passes or something is painted.
        i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(20));
    }

    pub fn picture(&self) -> SharedPixelBuffer<Rgba8Pixel> {
        self.window.window().take_snapshot().unwrap()
    }

    /// Everything that can be read, top to bottom as it is nested.
    pub fn words(&self) -> Vec<String> {
        let all = ElementQuery::from_root(&self.window).match_descendants().find_all();
        all.iter()
            .filter_map(ElementHandle::accessible_label)
            .map(String::from)
            .filter(|label| !label.is_empty())
            .collect()
    }

    #[track_caller]
    pub fn reads(&self, words: &str) {
        let all = self.words();
        assert!(all.iter().any(|text| text.contains(words)), "no `{words}` in {all:#?}");
    }

    /// What can be pressed, each once.
    pub fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        for role in [AccessibleRole::Button, AccessibleRole::Checkbox] {
            for element in self.elements(role) {
                let (at, size) = (element.absolute_position(), element.size());
                let target = Target {
                    label: element.accessible_label().unwrap_or_default().into(),
                    left: at.x,
                    top: at.y,
                    width: size.width,
                    height: size.height,
                };
                // One element on the screen may be several in the source.
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        targets
    }

    /// As a screen reader or a test presses.
    #[track_caller]
    pub fn press(&self, label: &str) {
        let labelled =
            |element: &ElementHandle| element.accessible_label().is_some_and(|it| it == label);
        let mut found = [AccessibleRole::Button, AccessibleRole::Checkbox]
            .into_iter()
            .flat_map(|role| self.elements(role))
            .filter(labelled);
        let element = found.next().unwrap_or_else(|| panic!("no `{label}` in {:#?}", self.words()));
        element.invoke_accessible_default_action();
    }

    fn elements(&self, role: AccessibleRole) -> Vec<ElementHandle> {
        ElementQuery::from_root(&self.window)
            .match_descendants()
            .match_accessible_role(role)
            .find_all()
    }
}
