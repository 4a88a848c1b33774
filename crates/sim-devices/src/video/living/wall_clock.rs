//! The clock on the wall: three hands, and the date in a small window.

use super::{Living, Moment};
use crate::video::layer::Layer;
use crate::video::picture::Picture;
use crate::video::scene::{Area, Scene, Stamper};
use jiff::civil::{Date, DateTime};
use resvg::tiny_skia::{
    Color, FillRule, LineCap, Paint, PathBuilder, Pixmap, PixmapPaint, Stroke, Transform,
};
use std::f64::consts::TAU;

const SCALE: f64 = 4.0;

/// A hand: its length and width as parts of the radius, its colour, its tail behind the centre.
struct Hand {
    length: f64,
    width: f64,
    tail: f64,
    colour: [u8; 3],
}

const HOURS: Hand = Hand { length: 0.50, width: 0.060, tail: 0.08, colour: [0x2B, 0x36, 0x40] };
const MINUTES: Hand = Hand { length: 0.76, width: 0.042, tail: 0.10, colour: [0x2B, 0x36, 0x40] };
const SECONDS: Hand = Hand { length: 0.82, width: 0.016, tail: 0.20, colour: [0xC8, 0x3A, 0x3A] };

pub struct WallClock {
    date: DateWindow,
    area: Area,
    face: Pixmap,
    dated_face: Pixmap,
    layer: Layer,
    shown: Option<DateTime>,
}

/// The place of the date on the face, and the means to draw it.
struct DateWindow {
    place: Option<Area>,
    stamper: Stamper,
}

impl WallClock {
    pub fn in_scene(scene: &Scene) -> Option<Self> {
        let area = scene.area_of("clock-face")?;
        let face = scene.pixels(area, SCALE);
        Some(Self {
            date: DateWindow { place: scene.area_of("clock-date"), stamper: scene.stamper() },
            area,
            dated_face: face.clone(),
            layer: Layer::new(area, SCALE, Picture::from_pixmap(&face)),
            face,
            shown: None,
        })
    }

    fn change_date(&mut self, date: Date) {
        self.dated_face = self.face.clone();
        let Some(place) = self.date.place else { return };
        let svg = date_drawing(date, place.width, place.height);
        let (width, height) = ((place.width * SCALE) as u32, (place.height * SCALE) as u32);
        // Without fonts there is no date to see; the hands still turn.
        let Some(stamp) = self.date.stamper.draw(&svg, width, height) else { return };
        let x = ((place.x - self.area.x) * SCALE) as i32;
        let y = ((place.y - self.area.y) * SCALE) as i32;
        let paint = PixmapPaint::default();
        self.dated_face.draw_pixmap(x, y, stamp.as_ref(), &paint, Transform::identity(), None);
    }
}

impl Living for WallClock {
    fn layer(&self) -> &Layer {
        &self.layer
    }

    fn refresh(&mut self, moment: &Moment) -> bool {
        let now = moment.wall.with().subsec_nanosecond(0).build().unwrap_or(moment.wall);
        if self.shown == Some(now) {
            return false;
        }
        if self.shown.map(DateTime::date) != Some(now.date()) {
            self.change_date(now.date());
        }
        self.shown = Some(now);
        let mut pixmap = self.dated_face.clone();
        for (hand, turn) in hands(now) {
            draw(&mut pixmap, &hand, turn);
        }
        draw_cap(&mut pixmap);
        self.layer = Layer::new(self.area, SCALE, Picture::from_pixmap(&pixmap));
        true
    }
}

/// The hands with their parts of a turn.
fn hands(now: DateTime) -> [(Hand, f64); 3] {
    let second = f64::from(now.second()) / 60.0;
    let minute = (f64::from(now.minute()) + second) / 60.0;
    let hour = (f64::from(now.hour() % 12) + minute) / 12.0;
    [(HOURS, hour), (MINUTES, minute), (SECONDS, second)]
}

fn draw(pixmap: &mut Pixmap, hand: &Hand, turn: f64) {
    let radius = f64::from(pixmap.width()) / 2.0;
    let (sin, cos) = (turn * TAU).sin_cos();
    let at = |length: f64| {
        let length = length * radius;
        ((radius + length * sin) as f32, (radius - length * cos) as f32)
    };
    let mut path = PathBuilder::new();
    let (from, to) = (at(-hand.tail), at(hand.length));
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    let Some(path) = path.finish() else { return };
    let stroke = Stroke {
        width: (hand.width * radius) as f32,
        line_cap: LineCap::Round,
        ..Stroke::default()
    };
    pixmap.stroke_path(&path, &paint(hand.colour), &stroke, Transform::identity(), None);
}

fn draw_cap(pixmap: &mut Pixmap) {
    let radius = pixmap.width() as f32 / 2.0;
    let Some(cap) = PathBuilder::from_circle(radius, radius, radius * 0.05) else { return };
    let colour = paint(SECONDS.colour);
    pixmap.fill_path(&cap, &colour, FillRule::Winding, Transform::identity(), None);
}

fn paint([r, g, b]: [u8; 3]) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(Color::from_rgba8(r, g, b, 255));
    paint
}

fn date_drawing(date: Date, width: f64, height: f64) -> String {
    let text = date.strftime("%a %-d %b");
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>\
         <text x='{x}' y='{y}' font-size='{size}' font-family='DejaVu Sans, Noto Sans, Liberation \
         Sans, sans-serif' fill='#2b3640' text-anchor='middle'>{text}</text></svg>",
        x = width / 2.0,
        y = height * 0.76,
        size = height * 0.72,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn at_half_past_three_the_hands_stand_where_they_should() {
        let turns = hands(date(2026, 3, 1).at(15, 30, 45, 0)).map(|(_, turn)| turn);
        assert!((turns[0] - 3.5125 / 12.0).abs() < 1e-3);
        assert!((turns[1] - 0.5125).abs() < 1e-6);
        assert!((turns[2] - 0.75).abs() < 1e-6);
    }

    #[test]
    fn the_date_is_short_enough_for_its_window() {
        assert!(date_drawing(date(2026, 11, 22), 60.0, 16.0).contains(">Sun 22 Nov<"));
    }
}
