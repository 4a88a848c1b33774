//! Every page as a picture, painted by the renderer that the cart uses.
//!
//! They lie in `pictures/` of the build's own folder, to be looked at; nothing is written elsewhere.

use std::{fs, path::Path};

use slint::{Rgba8Pixel, SharedPixelBuffer};

use super::{
    scenes,
    screen::{LANGUAGES, SIZES, Screen},
};

fn save(picture: &SharedPixelBuffer<Rgba8Pixel>, file: &Path) {
    let (width, height) = (picture.width(), picture.height());
    let color = image::ColorType::Rgba8;
    image::save_buffer(file, picture.as_bytes(), width, height, color).unwrap();
}

/// How many different colours; a page that failed to draw has one.
fn colours(picture: &SharedPixelBuffer<Rgba8Pixel>) -> usize {
    let mut pixels = picture.as_slice().to_vec();
    pixels.sort_unstable_by_key(|it| (it.r, it.g, it.b));
    pixels.dedup();
    pixels.len()
}

#[test]
fn every_page_is_painted_the_same_each_time() {
    let folder = Path::new(env!("OUT_DIR")).join("pictures");
    for language in LANGUAGES {
        for size in SIZES {
            let named = if language.is_empty() { "en" } else { language };
            let folder = folder.join(format!("{named}-{}x{}", size.0, size.1));
            fs::create_dir_all(&folder).unwrap();
            let (first, second) = (Screen::new(size, language), Screen::new(size, language));
            for scene in scenes::all() {
                first.draw(&scene.model);
                let picture = first.picture();
                assert_eq!((picture.width(), picture.height()), size);
                assert!(colours(&picture) > 20, "{}", scene.name);
                save(&picture, &folder.join(format!("{}.png", scene.name)));
                second.draw(&scene.model);
                assert!(picture.as_bytes() == second.picture().as_bytes(), "{}", scene.name);
            }
        }
    }
}
