//! Stills: full resolution, true colours.

use gst::prelude::*;

use crate::{
    room::camera,
    world::{World, eventually},
};

/// A skin tone as an HD camera sends it (BT.709, limited range), and as a screen shows it.
const SKIN_YUV: [u8; 3] = [149, 111, 148];
const SKIN_RGB: [u8; 3] = [191, 148, 119];

#[test]
fn a_still_has_the_cameras_resolution_and_colours() {
    let room = camera(0, 1920, 1080, SKIN_YUV);
    let world = World::new(&format!("y4m+tcp://127.0.0.1:{}", room.port), "none");
    let still = eventually("still", || world.studio.still(None).ok());
    assert_eq!((still.width, still.height), (1920, 1080));
    let (width, height, rgb) = decode(still.jpeg);
    assert_eq!((width, height), (1920, 1080));
    let middle = (height / 2 * width + width / 2) as usize * 3;
    let colour = &rgb[middle..middle + 3];
    let differs = colour.iter().zip(SKIN_RGB).map(|(is, should)| is.abs_diff(should)).max();
    assert!(differs < Some(6), "{colour:?} instead of {SKIN_RGB:?}");
}

fn decode(jpeg: Vec<u8>) -> (u32, u32, Vec<u8>) {
    let pipeline = gst::parse::launch(
        "appsrc name=in caps=image/jpeg ! jpegdec ! videoconvert ! video/x-raw,format=RGB \
         ! appsink name=out sync=false",
    );
    let pipeline = pipeline.unwrap().downcast::<gst::Pipeline>().unwrap();
    let source = pipeline.by_name("in").unwrap().downcast::<gst_app::AppSrc>().unwrap();
    let sink = pipeline.by_name("out").unwrap().downcast::<gst_app::AppSink>().unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    source.push_buffer(gst::Buffer::from_slice(jpeg)).unwrap();
    source.end_of_stream().unwrap();
    let sample = sink.pull_sample().unwrap();
    let info = gst_video::VideoInfo::from_caps(sample.caps().unwrap()).unwrap();
    let rgb = sample.buffer().unwrap().map_readable().unwrap().to_vec();
    pipeline.set_state(gst::State::Null).unwrap();
    (info.width(), info.height(), rgb)
}
