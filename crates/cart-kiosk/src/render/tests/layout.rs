//! Fingers: what can be pressed is large enough, apart from the next, and on the screen.

use super::{
    scenes,
    screen::{LANGUAGES, SIZES, Screen, Target},
};

/// 15 mm and 3 mm at 96 pixels an inch, rounded down.
const SMALLEST: f32 = 56.0;
const CLOSEST: f32 = 11.0;
/// 20 mm, for what is pressed first.
const PRIMARY: f32 = 75.0;
/// The question stands over a page that takes no press then.
const ABOVE: [&str; 2] = ["Keep open", "Confirm end"];

/// The gap between two rectangles; negative where they overlap.
fn gap(one: &Target, other: &Target) -> f32 {
    let across = (one.left - (other.left + other.width)).max(other.left - (one.left + one.width));
    let down = (one.top - (other.top + other.height)).max(other.top - (one.top + one.height));
    across.max(down)
}

fn check(screen: &Screen, name: &str) {
    let mut targets = screen.targets();
    if targets.iter().any(|target| target.label == ABOVE[1]) {
        targets.retain(|target| ABOVE.contains(&target.label.as_str()));
    }
    let (width, height) = (screen.size.0 as f32, screen.size.1 as f32);
    for (index, target) in targets.iter().enumerate() {
        let place = format!("{name} at {width}×{height}: {target:?}");
        assert!(!target.label.is_empty(), "no label: {place}");
        assert!(target.width >= SMALLEST && target.height >= SMALLEST, "too small: {place}");
        let inside = target.left >= 0.0
            && target.top >= 0.0
            && target.left + target.width <= width
            && target.top + target.height <= height;
        assert!(inside, "not on the screen: {place}");
        for other in &targets[index + 1..] {
            assert!(gap(target, other) >= CLOSEST, "too close to {other:?}: {place}");
            assert_ne!(target.label, other.label, "two of one label: {place}");
        }
    }
}

#[test]
fn everything_that_is_pressed_is_large_apart_and_on_the_screen() {
    for language in LANGUAGES {
        for size in SIZES {
            let screen = Screen::new(size, language);
            for scene in scenes::all() {
                screen.draw(&scene.model);
                check(&screen, scene.name);
            }
        }
    }
}

#[test]
fn what_is_pressed_first_is_twenty_millimetres_high() {
    let screen = Screen::new(SIZES[1], "");
    let first = [
        "Enter",
        "Start encounter",
        "Call physician",
        "Hang up",
        "Take picture",
        "Save observations",
        "Use this rate",
        "Start 30 seconds",
        "Tap for each breath",
        "Responds to voice",
    ];
    let mut seen = Vec::new();
    for scene in scenes::all() {
        screen.draw(&scene.model);
        for target in screen.targets() {
            if first.contains(&target.label.as_str()) {
                assert!(target.height >= PRIMARY, "{}: {target:?}", scene.name);
                seen.push(target.label);
            }
        }
    }
    assert!(first.iter().all(|label| seen.iter().any(|it| it == label)), "{seen:?}");
}
