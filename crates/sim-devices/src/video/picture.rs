//! Pictures as the video needs them: planes of brightness and colour difference, 4:2:0.
//!
//! BT.709 in limited range, the convention of high-definition video that receivers assume.

use resvg::tiny_skia::Pixmap;

/// One byte a sample, row by row.
#[derive(Clone, Debug)]
pub struct Plane {
    pub width: usize,
    pub height: usize,
    pub bytes: Vec<u8>,
}

/// Brightness at full size, two colour differences at half size in both directions.
#[derive(Clone, Debug)]
pub struct Picture {
    pub planes: [Plane; 3],
}

impl Plane {
    fn empty(width: usize) -> Self {
        Self { width, height: 0, bytes: Vec::new() }
    }

    pub fn row(&self, y: usize) -> &[u8] {
        &self.bytes[y * self.width..(y + 1) * self.width]
    }

    /// Averages squares of four samples.
    fn half(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut bytes = Vec::with_capacity(width * height);
        for y in 0..height {
            let (upper, lower) = (self.row(2 * y), self.row(2 * y + 1));
            for (a, b) in upper.chunks_exact(2).zip(lower.chunks_exact(2)) {
                let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                bytes.push(((sum + 2) / 4) as u8);
            }
        }
        Self { width, height, bytes }
    }
}

impl Picture {
    /// A picture to which strips of rows are added; the width must be even.
    pub fn empty(width: usize) -> Self {
        Self { planes: [Plane::empty(width), Plane::empty(width / 2), Plane::empty(width / 2)] }
    }

    pub fn from_pixmap(pixmap: &Pixmap) -> Self {
        let mut picture = Self::empty(pixmap.width() as usize);
        picture.append(pixmap);
        picture
    }

    /// Adds rows of opaque pixels at the bottom; width as before, height even.
    pub fn append(&mut self, strip: &Pixmap) {
        let width = strip.width() as usize;
        let data = strip.data();
        self.planes[0].bytes.extend(data.chunks_exact(4).map(luma));
        for rows in data.chunks_exact(8 * width) {
            let (upper, lower) = rows.split_at(4 * width);
            for (a, b) in upper.chunks_exact(8).zip(lower.chunks_exact(8)) {
                let [blue, red] = differences(average(a, b));
                self.planes[1].bytes.push(blue);
                self.planes[2].bytes.push(red);
            }
        }
        for plane in &mut self.planes {
            plane.height = plane.bytes.len() / plane.width;
        }
    }

    /// The same at half the size, for views that would otherwise skip pixels.
    pub fn half(&self) -> Self {
        Self { planes: self.planes.each_ref().map(Plane::half) }
    }
}

fn luma(pixel: &[u8]) -> u8 {
    let [r, g, b] = [0, 1, 2].map(|i| i32::from(pixel[i]));
    (16 + ((47 * r + 157 * g + 16 * b + 128) >> 8)) as u8
}

fn average(upper: &[u8], lower: &[u8]) -> [i32; 3] {
    [0, 1, 2].map(|i| {
        let sum = [upper[i], upper[i + 4], lower[i], lower[i + 4]].map(i32::from);
        (sum.iter().sum::<i32>() + 2) / 4
    })
}

fn differences([r, g, b]: [i32; 3]) -> [u8; 2] {
    let blue = 128 + ((-26 * r - 86 * g + 112 * b + 128) >> 8);
    let red = 128 + ((112 * r - 102 * g - 10 * b + 128) >> 8);
    [blue as u8, red as u8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::tiny_skia::Color;

    fn colour(r: u8, g: u8, b: u8) -> [u8; 3] {
        let mut pixmap = Pixmap::new(4, 4).unwrap();
        pixmap.fill(Color::from_rgba8(r, g, b, 255));
        let picture = Picture::from_pixmap(&pixmap);
        picture.planes.each_ref().map(|plane| plane.bytes[0])
    }

    #[test]
    fn colours_are_those_of_bt709() {
        assert_eq!(colour(0, 0, 0), [16, 128, 128]);
        assert_eq!(colour(255, 255, 255), [235, 128, 128]);
        assert_eq!(colour(255, 0, 0), [63, 102, 240]);
        assert_eq!(colour(0, 0, 255), [32, 240, 118]);
    }

    #[test]
    fn half_a_picture_has_a_quarter_of_the_samples() {
        let picture = Picture::from_pixmap(&Pixmap::new(8, 4).unwrap()).half();
        let sizes = picture.planes.each_ref().map(|plane| (plane.width, plane.height));
        assert_eq!(sizes, [(4, 2), (2, 1), (2, 1)]);
    }
}
