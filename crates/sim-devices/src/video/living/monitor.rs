//! The traces on the bedside monitor: they are drawn from left to right, over the older ones.

use super::{Living, Moment};
use crate::video::layer::Layer;
use crate::video::picture::Picture;
use crate::video::scene::{Area, Scene};
use crate::waves;
use resvg::tiny_skia::{Color, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Stroke, Transform};
use std::time::Duration;

const SCALE: f64 = 2.0;
const FRAME_TIME: Duration = Duration::from_millis(100);
/// One sweep over the screen.
const SWEEP_SECONDS: f64 = 4.0;
/// The dark gap before the pen, as a part of the width.
const GAP: f64 = 0.05;
const BEATS_PER_SECOND: f64 = 72.0 / 60.0;

/// A trace: its wave, colour, the height of its base line and its size as parts of the screen.
type Trace = (fn(f64) -> f64, [u8; 3], f64, f64);
const TRACES: [Trace; 2] = [
    (waves::electrocardiogram, [0x5C, 0xF2, 0x8A], 0.42, 0.34),
    (waves::pulse, [0x58, 0xD3, 0xF5], 0.92, 0.34),
];

pub struct Monitor {
    area: Area,
    screen: Pixmap,
    layer: Layer,
    drawn: u128,
}

impl Monitor {
    pub fn in_scene(scene: &Scene) -> Option<Self> {
        let area = scene.area_of("monitor-trace")?;
        let screen = scene.pixels(area, SCALE);
        let layer = Layer::new(area, SCALE, Picture::from_pixmap(&screen));
        Some(Self { area, screen, layer, drawn: u128::MAX })
    }
}

impl Living for Monitor {
    fn layer(&self) -> &Layer {
        &self.layer
    }

    fn refresh(&mut self, moment: &Moment) -> bool {
        let number = moment.since_start.as_millis() / FRAME_TIME.as_millis();
        if number == self.drawn {
            return false;
        }
        self.drawn = number;
        let mut pixmap = self.screen.clone();
        for trace in &TRACES {
            draw(&mut pixmap, trace, moment.since_start.as_secs_f64());
        }
        self.layer = Layer::new(self.area, SCALE, Picture::from_pixmap(&pixmap));
        true
    }
}

fn draw(pixmap: &mut Pixmap, &(wave, [r, g, b], base, size): &Trace, now: f64) {
    let (width, height) = (f64::from(pixmap.width()), f64::from(pixmap.height()));
    let pen = (now / SWEEP_SECONDS).fract();
    let point = |share: f64| {
        // Right of the pen stands what the sweep before has left.
        let age = if share <= pen { pen - share } else { pen - share + 1.0 };
        let phase = ((now - age * SWEEP_SECONDS) * BEATS_PER_SECOND).rem_euclid(1.0);
        ((share * width) as f32, ((base - size * wave(phase)) * height) as f32)
    };
    let mut path = PathBuilder::new();
    let steps = (width / 2.0) as usize;
    let mut pen_is_down = false;
    for share in (0..=steps).map(|i| i as f64 / steps as f64) {
        let (x, y) = point(share);
        let in_gap = share > pen && share < pen + GAP;
        match (in_gap, pen_is_down) {
            (true, _) => {}
            (false, true) => path.line_to(x, y),
            (false, false) => path.move_to(x, y),
        }
        pen_is_down = !in_gap;
    }
    let Some(path) = path.finish() else { return };
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(Color::from_rgba8(r, g, b, 255));
    let stroke = Stroke {
        width: 2.2 * SCALE as f32,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default()
    };
    pixmap.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
}
