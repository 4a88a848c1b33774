//! The patient room as a drawing: finds its named parts and turns any of it into pixels.
//!
//! The drawing names what the video needs: `clock-face`, `clock-date`, `monitor-trace` and
//! `chest` come alive, and everything named `detail-…` is kept sharp for the tele end of the lens.
//! A drawing without these names is shown as it is.

use super::picture::Picture;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{self, Group, Node, Options, Tree, fontdb};
use std::sync::Arc;

/// A rectangle of the drawing, in its own units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

#[derive(Debug, thiserror::Error)]
pub enum LoadSceneError {
    #[error("the scene is not an SVG drawing: {0}")]
    Parse(#[from] usvg::Error),
    #[error(
        "the scene measures {width} × {height}; at least 1280 × 720 and at most {MOST} are needed"
    )]
    Size { width: f64, height: f64 },
}

/// Beyond it, a picture of the scene would not fit beside everything else in memory.
const MOST: f64 = 12_000.0;
/// Rows that are drawn at once: as pixels they need four times the memory of the picture.
const STRIP: u32 = 270;

pub struct Scene {
    tree: Tree,
    fonts: Arc<fontdb::Database>,
}

impl Scene {
    /// Text is drawn with the system's fonts; where there are none, it is left out.
    pub fn load(svg: &[u8]) -> Result<Self, LoadSceneError> {
        let mut options = Options::default();
        options.fontdb_mut().load_system_fonts();
        let tree = Tree::from_data(svg, &options)?;
        let scene = Self { tree, fonts: options.fontdb };
        let Area { width, height, .. } = scene.whole();
        let fits = (1280.0..=MOST).contains(&width) && (720.0..=MOST).contains(&height);
        if fits { Ok(scene) } else { Err(LoadSceneError::Size { width, height }) }
    }

    pub fn whole(&self) -> Area {
        let size = self.tree.size();
        Area {
            x: 0.0,
            y: 0.0,
            width: f64::from(size.width()).floor(),
            height: f64::from(size.height()).floor(),
        }
    }

    pub fn area_of(&self, id: &str) -> Option<Area> {
        self.tree.node_by_id(id).map(area_of)
    }

    /// The areas of everything whose name starts with `prefix`.
    pub fn areas_with_prefix(&self, prefix: &str) -> Vec<Area> {
        let mut areas = Vec::new();
        collect(self.tree.root(), prefix, &mut areas);
        areas
    }

    /// Draws an area at `scale` pixels per unit; sizes are rounded up to even numbers.
    pub fn pixels(&self, area: Area, scale: f64) -> Pixmap {
        let even = |length: f64| (length * scale / 2.0).ceil().max(1.0) as u32 * 2;
        let mut pixmap = Pixmap::new(even(area.width), even(area.height))
            .expect("scenes and their parts are neither empty nor larger than 12 000 units");
        // White paper, as viewers show drawings that leave their background open.
        pixmap.fill(Color::WHITE);
        let (x, y) = ((-area.x * scale) as f32, (-area.y * scale) as f32);
        let scale = scale as f32;
        let transform = Transform::from_row(scale, 0.0, 0.0, scale, x, y);
        resvg::render(&self.tree, transform, &mut pixmap.as_mut());
        pixmap
    }

    /// The whole scene, one pixel per unit.
    pub fn picture(&self) -> Picture {
        let whole = self.whole();
        let mut picture = Picture::empty((whole.width / 2.0).ceil() as usize * 2);
        for index in 0..(whole.height as u32).div_ceil(STRIP) {
            let y = f64::from(index * STRIP);
            let height = f64::from(STRIP).min(whole.height - y);
            picture.append(&self.pixels(Area { y, height, ..whole }, 1.0));
        }
        picture
    }

    pub fn stamper(&self) -> Stamper {
        Stamper { fonts: Arc::clone(&self.fonts) }
    }
}

/// Draws small drawings of their own (such as the date) on transparent ground.
pub struct Stamper {
    fonts: Arc<fontdb::Database>,
}

impl Stamper {
    /// `None` for what is no drawing, or has no size.
    pub fn draw(&self, svg: &str, width: u32, height: u32) -> Option<Pixmap> {
        let options = Options { fontdb: Arc::clone(&self.fonts), ..Options::default() };
        let tree = Tree::from_str(svg, &options).ok()?;
        let mut pixmap = Pixmap::new(width, height)?;
        let scale = width as f32 / tree.size().width();
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        Some(pixmap)
    }
}

fn collect(group: &Group, prefix: &str, areas: &mut Vec<Area>) {
    for node in group.children() {
        if node.id().starts_with(prefix) {
            areas.push(area_of(node));
        } else if let Node::Group(inner) = node {
            collect(inner, prefix, areas);
        }
    }
}

/// Whole units, so that the edges of a part fall on pixels of the scene.
fn area_of(node: &Node) -> Area {
    let bounds = node.abs_bounding_box();
    let (x, y) = (f64::from(bounds.left()).floor(), f64::from(bounds.top()).floor());
    Area {
        x,
        y,
        width: f64::from(bounds.right()).ceil() - x,
        height: f64::from(bounds.bottom()).ceil() - y,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">
        <rect width="1280" height="720" fill="#808080"/>
        <g id="detail-box"><rect x="100.5" y="50" width="20" height="10" fill="#f00"/></g>
        <text x="9" y="99" font-family="No Such Font">missing</text></svg>"##;

    #[test]
    fn named_parts_are_found_and_drawn_sharper() {
        let scene = Scene::load(SVG).unwrap();
        let areas = scene.areas_with_prefix("detail-");
        assert_eq!(areas, [Area { x: 100.0, y: 50.0, width: 21.0, height: 10.0 }]);
        let pixmap = scene.pixels(areas[0], 4.0);
        assert_eq!((pixmap.width(), pixmap.height()), (84, 40));
        let middle = pixmap.pixel(40, 20).unwrap();
        assert_eq!((middle.red(), middle.green()), (255, 0));
    }

    #[test]
    fn strips_put_together_are_the_whole_scene() {
        let picture = Scene::load(SVG).unwrap().picture();
        let sizes = picture.planes.each_ref().map(|p| (p.width, p.height));
        assert_eq!(sizes, [(1280, 720), (640, 360), (640, 360)]);
    }

    #[test]
    fn what_is_no_usable_drawing_is_refused() {
        assert!(matches!(Scene::load(b"hello"), Err(LoadSceneError::Parse(_))));
        let small = br#"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>"#;
        assert!(matches!(Scene::load(small), Err(LoadSceneError::Size { .. })));
    }
}
