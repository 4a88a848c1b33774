//! When a stream of live values becomes a reading.
//!
//! An oximeter gives three values per second; a chart wants one that can be stood by. Counted in
//! packets of the device, three per second, so that a recorded stream gives the same readings at
//! any speed.

use super::frame::{Flags, Packet};

/// Four seconds: the average over four beats has filled with beats of this finger.
const STEADY: u32 = 12;
/// One minute.
const INTERVAL: u32 = 180;

/// Decides packet by packet.
#[derive(Debug, Default)]
pub(super) struct Policy {
    /// Good packets in a row.
    good: u32,
    /// Good packets since the last reading of this finger.
    since_reading: Option<u32>,
    /// A person asked for a reading now.
    asked: bool,
    /// Of the last [`STEADY`] packets, newest in bit 0.
    artifacts: u32,
    reds: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not on a finger.
    Off,
    /// On a finger, but nothing to stand by yet.
    Searching,
    /// Nothing new since the last reading.
    Steady,
    Reading {
        artifact: bool,
        low_perfusion: bool,
    },
}

impl Policy {
    pub(super) fn packet(&mut self, packet: &Packet) -> Verdict {
        let Flags { off, out_of_track, artifact, red } = packet.flags;
        if off || out_of_track || packet.spo2.is_none() || packet.pulse.is_none() {
            *self = Self { asked: self.asked && !off, ..Self::default() };
            return if off { Verdict::Off } else { Verdict::Searching };
        }
        self.good = self.good.saturating_add(1);
        self.since_reading = self.since_reading.map(|count| count.saturating_add(1));
        self.artifacts = self.artifacts << 1 | u32::from(artifact);
        self.reds = self.reds << 1 | u32::from(red);
        if self.good < STEADY {
            return Verdict::Searching;
        }
        if !self.due() {
            return Verdict::Steady;
        }
        self.since_reading = Some(0);
        self.asked = false;
        let window = (1 << STEADY) - 1;
        Verdict::Reading {
            artifact: self.artifacts & window != 0,
            low_perfusion: self.reds & window != 0,
        }
    }

    pub(super) fn ask(&mut self) {
        self.asked = true;
    }

    fn due(&self) -> bool {
        self.asked || self.since_reading.is_none_or(|count| count >= INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(flags: Flags) -> Packet {
        Packet { pulse: Some(72), spo2: Some(97), revision: 48, flags, raw: Vec::new() }
    }

    fn good() -> Packet {
        packet(Flags::default())
    }

    /// The numbers of the packets, from 1, at which a reading is taken.
    fn readings(policy: &mut Policy, packets: impl IntoIterator<Item = Packet>) -> Vec<usize> {
        let verdicts = packets.into_iter().map(|packet| policy.packet(&packet));
        let numbered = (1..).zip(verdicts);
        numbered
            .filter(|(_, verdict)| matches!(verdict, Verdict::Reading { .. }))
            .map(|(number, _)| number)
            .collect()
    }

    fn many(packet: &Packet, count: usize) -> Vec<Packet> {
        vec![packet.clone(); count]
    }

    #[test]
    fn one_reading_after_four_seconds_and_then_one_a_minute() {
        let taken = readings(&mut Policy::default(), many(&good(), 400));
        assert_eq!(taken, [12, 192, 372]);
    }

    #[test]
    fn a_finger_that_is_taken_out_starts_anew() {
        let off = packet(Flags { off: true, ..Flags::default() });
        let mut stream = many(&good(), 11);
        stream.push(off);
        stream.extend(many(&good(), 12));
        assert_eq!(readings(&mut Policy::default(), stream), [24]);
    }

    #[test]
    fn a_missing_value_starts_anew() {
        let mut policy = Policy::default();
        let missing = Packet { spo2: None, ..good() };
        assert_eq!(readings(&mut policy, many(&good(), 12)), [12]);
        assert_eq!(policy.packet(&missing), Verdict::Searching);
        assert_eq!(readings(&mut policy, many(&good(), 12)), [12]);
    }

    #[test]
    fn who_asks_gets_a_reading_at_once_from_a_steady_finger() {
        let mut policy = Policy::default();
        assert_eq!(readings(&mut policy, many(&good(), 20)), [12]);
        policy.ask();
        assert_eq!(readings(&mut policy, many(&good(), 100)), [1]);
    }

    #[test]
    fn who_asks_without_a_steady_finger_waits_for_one() {
        let mut policy = Policy::default();
        policy.ask();
        assert_eq!(readings(&mut policy, many(&good(), 100)), [12]);
    }

    #[test]
    fn remarks_stay_with_a_reading_for_four_seconds() {
        let mut policy = Policy::default();
        let weak = packet(Flags { red: true, ..Flags::default() });
        let moved = packet(Flags { artifact: true, ..Flags::default() });
        assert_eq!(readings(&mut policy, many(&moved, 1)), [0; 0]);
        assert_eq!(readings(&mut policy, many(&good(), 10)), [0; 0]);
        let verdict = policy.packet(&good());
        assert_eq!(verdict, Verdict::Reading { artifact: true, low_perfusion: false });
        policy.ask();
        let verdict = policy.packet(&weak);
        assert_eq!(verdict, Verdict::Reading { artifact: false, low_perfusion: true });
    }
}
