//! What sounds within one beat: all beats of the last seconds laid over each other.

use super::VALUES_PER_SECOND;

/// Of the loudest sound. A third sound and a murmur are below.
const COUNTS: f32 = 0.4;
/// Values to each side that a sound is louder than.
const AROUND: usize = 4;
/// 170 beats in a minute, in seconds. A heart of half the rate whose two sounds are alike and evenly spaced sounds
/// like a faster one with one sound.
const MAY_BE_HALF_A_BEAT: f32 = 60.0 / 170.0;
/// More than the second sound of any heart comes later than usual, in seconds.
const LATE: f32 = 0.04;

/// Whether it can be one beat: a first sound and in its time a second one, or one alone. Two unequal beats in a row
/// have more. `beat`: in values of loudness.
pub fn is_of_one_beat(loudness: &[f32], beat: f32) -> bool {
    let profile = laid_over(loudness, beat);
    let seconds = beat / VALUES_PER_SECOND as f32;
    match sounds(&profile).as_slice() {
        [_] => seconds > MAY_BE_HALF_A_BEAT,
        [one, other] => {
            let apart = (other - one) as f32 / profile.len() as f32;
            apart.min(1.0 - apart) * seconds <= systole(seconds) + LATE
        }
        _ => false,
    }
}

/// From the first sound to the second, in seconds: the electromechanical systole of 546 − 2.1 ms for each beat in a
/// minute (Weissler, Harris, Schoenfeld 1968), less the 50 ms before the first sound.
fn systole(beat: f32) -> f32 {
    0.496 - 0.0021 * 60.0 / beat
}

fn laid_over(loudness: &[f32], beat: f32) -> Vec<f32> {
    let mut sums = vec![(0.0, 0_u16); beat as usize];
    for (index, value) in loudness.iter().enumerate() {
        let part = (index as f32 / beat).fract();
        let place = (part * sums.len() as f32) as usize;
        if let Some((sum, count)) = sums.get_mut(place) {
            (*sum, *count) = (*sum + value, *count + 1);
        }
    }
    sums.into_iter().map(|(sum, count)| sum / f32::from(count.max(1))).collect()
}

/// Where in a beat something sounds.
fn sounds(profile: &[f32]) -> Vec<usize> {
    let quietest = profile.iter().copied().fold(f32::MAX, f32::min);
    let loudest = profile.iter().copied().fold(0.0, f32::max);
    let limit = quietest + (loudest - quietest) * COUNTS;
    let length = profile.len();
    let at = |place: usize| profile.get(place % length.max(1)).copied().unwrap_or_default();
    let is_sound = |place: &usize| {
        let here = at(*place);
        // Of two that are alike the first one counts.
        let louder =
            (1..=AROUND).all(|off| here > at(place + length - off) && here >= at(place + off));
        here > limit && louder
    };
    (0..length).filter(is_sound).collect()
}
