//! The picture that every sender gets: one texture panned on a circle, with the time of its making in its top rows.
//!
//! Comes to the cart as a camera's does, as YUV4MPEG2 over TCP, and to a browser as the texture itself.

use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;

/// Larger than the picture by the circle on which it is panned.
pub const TEXTURE: (usize, usize) = (1600, 1000);
const PICTURE: (usize, usize) = (1280, 720);
const PER_SECOND: u32 = 30;
/// Survives scaling to a quarter and coarse quantisation.
const CELL: usize = 16;
/// Bits of the code: 8 sync, 32 time in milliseconds, 16 number, 8 XOR of the six bytes before it.
const CELLS: usize = 64;
const SYNC: u8 = 0xA5;

/// The texture in three planes of BT.709 at limited range, chroma of half width and height.
struct Planes {
    luma: Vec<u8>,
    blue: Vec<u8>,
    red: Vec<u8>,
}

/// Listens on the loopback for cameras' viewers, as long as this program runs; its port.
///
/// # Errors
/// No port is free.
pub fn serve() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    let planes = planes();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A cart that goes away ends its connection, and with it this play.
            if let Err(error) = play(stream, &planes) {
                println!("The camera's viewer left: {error}");
            }
        }
    });
    Ok(port)
}

fn play(mut stream: TcpStream, planes: &Planes) -> Result<()> {
    stream.set_nodelay(true)?;
    let (width, height) = PICTURE;
    writeln!(stream, "YUV4MPEG2 W{width} H{height} F{PER_SECOND}:1 Ip A1:1 C420jpeg")?;
    let mut next = Instant::now();
    let mut picture = Vec::with_capacity(6 + width * height * 3 / 2);
    for number in 0u32.. {
        thread::sleep(next.saturating_duration_since(Instant::now()));
        // What could not be sent in time is left out: a camera does not catch up either.
        next = (next + Duration::from_secs(1) / PER_SECOND).max(Instant::now());
        draw(&mut picture, planes, number);
        stream.write_all(&picture)?;
    }
    Ok(())
}

fn draw(picture: &mut Vec<u8>, planes: &Planes, number: u32) {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (left, top) = pan(number);
    picture.clear();
    picture.extend_from_slice(b"FRAME\n");
    let begin = picture.len();
    crop(picture, &planes.luma, TEXTURE.0, (left, top), PICTURE);
    let half = (PICTURE.0 / 2, PICTURE.1 / 2);
    for plane in [&planes.blue, &planes.red] {
        let begin = picture.len();
        crop(picture, plane, TEXTURE.0 / 2, (left / 2, top / 2), half);
        picture[begin..begin + half.0 * CELL / 2].fill(128);
    }
    // The low 32 bits: the reader knows the rest of the time.
    let code = code((time.as_millis() & u128::from(u32::MAX)) as u32, (number & 0xFFFF) as u16);
    for row in 0..CELL {
        for cell in 0..CELLS {
            let bit = code[cell / 8] >> (7 - cell % 8) & 1;
            let at = begin + row * PICTURE.0 + cell * CELL;
            picture[at..at + CELL].fill(if bit == 1 { 235 } else { 16 });
        }
    }
}

/// Where the picture's corner is on the texture: once around in ten seconds, on even pixels. The page has the same.
fn pan(number: u32) -> (usize, usize) {
    let angle = f64::from(number) / f64::from(PER_SECOND) * std::f64::consts::TAU / 10.;
    let even = |value: f64| (value / 2.) as usize * 2;
    (even(150. + 100. * angle.cos()), even(130. + 100. * angle.sin()))
}

fn crop(
    out: &mut Vec<u8>,
    plane: &[u8],
    stride: usize,
    from: (usize, usize),
    size: (usize, usize),
) {
    for row in 0..size.1 {
        let at = (from.1 + row) * stride + from.0;
        out.extend_from_slice(&plane[at..at + size.0]);
    }
}

fn code(time: u32, number: u16) -> [u8; 8] {
    let ([a, b, c, d], [e, f]) = (time.to_be_bytes(), number.to_be_bytes());
    [SYNC, a, b, c, d, e, f, a ^ b ^ c ^ d ^ e ^ f]
}

/// Noise of four scales, and forty coloured rectangles on it: some of it is hard to encode, some is not. Red, green,
/// blue and 255 of each pixel, as a canvas takes them.
pub fn texture() -> Vec<u8> {
    let (width, height) = TEXTURE;
    let mut pixels = Vec::with_capacity(width * height * 4);
    for y in 0..height {
        for x in 0..width {
            let noise = |scale: usize, depth| {
                hash(x as u32 / scale as u32, y as u32 / scale as u32, scale as u32) % depth
            };
            let grey = 64 + (noise(64, 64) + noise(16, 32) + noise(4, 16) + noise(1, 8)) as u8;
            pixels.extend_from_slice(&[grey, grey, grey, 255]);
        }
    }
    for number in 0..40 {
        let random = |what, below: usize| hash(number, what, 7) as usize % below;
        let (left, top) = (random(0, width - 200), random(1, height - 150));
        let colour = [random(2, 256) as u8, random(3, 256) as u8, random(4, 256) as u8, 255];
        for y in top..top + 20 + random(5, 130) {
            for x in left..left + 20 + random(6, 180) {
                let at = (y * width + x) * 4;
                pixels[at..at + 4].copy_from_slice(&colour);
            }
        }
    }
    pixels
}

/// The same for the same numbers on every machine (the finaliser of MurmurHash3).
fn hash(x: u32, y: u32, z: u32) -> u32 {
    let mut bits = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ z;
    bits = (bits ^ bits >> 16).wrapping_mul(0x85EB_CA6B);
    bits = (bits ^ bits >> 13).wrapping_mul(0xC2B2_AE35);
    bits ^ bits >> 16
}

/// ITU-R BT.709, section 3, at eight bits.
fn planes() -> Planes {
    let pixels = texture();
    let [mut luma, mut blue, mut red] = [const { Vec::new() }; 3];
    for (at, pixel) in pixels.chunks_exact(4).enumerate() {
        let [r, g, b] = [0, 1, 2].map(|part| f64::from(pixel[part]) / 255.);
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        luma.push((16. + 219. * y).round() as u8);
        let (column, row) = (at % TEXTURE.0, at / TEXTURE.0);
        if column % 2 == 0 && row % 2 == 0 {
            blue.push((128. + 224. * (b - y) / 1.8556).round() as u8);
            red.push((128. + 224. * (r - y) / 1.5748).round() as u8);
        }
    }
    Planes { luma, blue, red }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_tells_its_time_in_light_and_dark_cells() {
        let planes = planes();
        let mut picture = Vec::new();
        draw(&mut picture, &planes, 7);
        let (width, height) = PICTURE;
        assert_eq!(picture.len(), 6 + width * height * 3 / 2);
        let row = &picture[6 + 8 * width..];
        let bit = |cell: usize| row[cell * CELL + CELL / 2] > 128;
        let byte = |at: usize| (0..8).fold(0u8, |byte, of| byte << 1 | u8::from(bit(8 * at + of)));
        let bytes: Vec<u8> = (0..8).map(byte).collect();
        assert_eq!((bytes[0], bytes[5], bytes[6]), (SYNC, 0, 7));
        assert_eq!(bytes[1..7].iter().fold(0, |all, byte| all ^ byte), bytes[7]);
    }

    #[test]
    fn the_texture_is_the_same_on_every_machine_and_no_flat_grey() {
        let pixels = texture();
        assert_eq!(pixels.len(), TEXTURE.0 * TEXTURE.1 * 4);
        assert_eq!(pixels, texture());
        let greys: std::collections::BTreeSet<u8> = pixels.iter().step_by(404).copied().collect();
        assert!(greys.len() > 60, "{}", greys.len());
    }
}
