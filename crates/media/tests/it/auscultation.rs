//! What is kept of a stethoscope's sound is what the card gave, sample by sample.

use std::time::Duration;

use media::{HeardSound, MediaEvent, Studio};

use crate::{
    room::{camera, microphone},
    world::{World, eventually},
};

const HEADER_BYTES: usize = 44;
const SECOND: Duration = Duration::from_secs(1);
/// Of the square wave that the room's microphone gives.
const LEVEL: i16 = 16_384;

fn samples(heard: &HeardSound) -> Vec<i16> {
    let (sound, _) = heard.wav[HEADER_BYTES..].as_chunks::<2>();
    sound.iter().map(|sample| i16::from_le_bytes(*sample)).collect()
}

/// The nearest: times are rounded down.
fn place(time: Duration) -> usize {
    (time.as_secs_f64() * 48_000.0).round() as usize
}

/// Half a wave is 48 samples of one level; only the first and the last may be cut.
fn check_wave(samples: &[i16]) {
    let mut halves: Vec<_> = samples.chunk_by(|one, next| one == next).collect();
    assert!(halves.iter().all(|half| half[0].abs() == LEVEL), "another level");
    halves.pop();
    assert!(halves.iter().skip(1).all(|half| half.len() == 48), "a wave is not whole");
}

fn heard_for(studio: &Studio, at_least: Duration) -> HeardSound {
    eventually("sound", || studio.heard().filter(|heard| heard.length >= at_least))
}

#[test]
fn what_is_listened_to_is_kept_as_the_card_gave_it_until_the_place_changes() {
    let (room, chest) = (camera(0, 64, 64, [200, 128, 128]), microphone(0));
    let sound = format!("s16+tcp://127.0.0.1:{}", chest.port);
    let world =
        World::with_stethoscope(&format!("y4m+tcp://127.0.0.1:{}", room.port), "none", &sound);
    eventually("stethoscope", || world.studio.levels().stethoscope_dbfs);
    assert_eq!(world.studio.heard_for(), Duration::ZERO, "remembered while nobody listened");
    assert!(world.studio.heard().is_none());

    world.studio.set_listening(true);
    let heard = heard_for(&world.studio, 2 * SECOND);
    assert!(heard.gaps.is_empty() && heard.since >= heard.length);
    assert_eq!(samples(&heard).len(), place(heard.length));
    check_wave(&samples(&heard));
    // A new connection says it again.
    world.studio.set_listening(true);
    assert!(world.studio.heard_for() >= heard.length);

    world.studio.listen_anew();
    assert!(world.studio.heard_for() < heard.length);
    heard_for(&world.studio, Duration::from_millis(20));
    world.studio.set_listening(false);
    assert!(world.studio.heard().is_none());
}

#[test]
fn a_stethoscope_that_is_pulled_out_leaves_a_gap_that_is_told() {
    let (room, chest) = (camera(0, 64, 64, [200, 128, 128]), microphone(0));
    let port = chest.port;
    let sound = format!("s16+tcp://127.0.0.1:{port}");
    let camera = format!("y4m+tcp://127.0.0.1:{}", room.port);
    let mut world = World::with_stethoscope(&camera, "none", &sound);
    world.studio.set_listening(true);
    let before = heard_for(&world.studio, SECOND).length;
    drop(chest);
    world.told(&MediaEvent::StethoscopeLost);
    let _chest = microphone(port);
    world.told(&MediaEvent::StethoscopeBack);

    let heard = eventually("sound after the gap", || {
        let heard = world.studio.heard()?;
        let end = heard.gaps.first()?.end;
        (heard.length > end + SECOND).then_some(heard)
    });
    let [gap] = &heard.gaps[..] else { panic!("one gap: {:?}", heard.gaps) };
    assert!(gap.start >= before && heard.since >= heard.length, "{gap:?}");
    let samples = samples(&heard);
    let (start, end) = (place(gap.start), place(gap.end));
    check_wave(&samples[..start]);
    assert!(samples[start..end].iter().all(|sample| *sample == 0));
    check_wave(&samples[end..]);
}
