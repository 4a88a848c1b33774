//! A name and a PIN being typed. The digits leave only in the `SignIn` command.

use cart_api::{Nurse, Refusal};
use clinical::Timestamp;

/// As `cartd` takes them.
const SHORTEST: usize = 4;
const LONGEST: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinState {
    Typing,
    /// Sent, not answered.
    Checking,
    Wrong {
        tries_left: u32,
    },
    WaitUntil(Timestamp),
    Locked,
    /// `cartd` did not answer.
    Failed,
}

pub struct PinEntry {
    pub nurse: Option<Nurse>,
    digits: String,
    pub state: PinState,
}

impl PinEntry {
    pub const fn new() -> Self {
        Self { nurse: None, digits: String::new(), state: PinState::Typing }
    }

    pub fn choose(&mut self, nurse: Nurse) {
        *self = Self { nurse: Some(nurse), ..Self::new() };
    }

    /// How many are typed; which ones is nobody's business.
    pub fn typed(&self) -> usize {
        self.digits.len()
    }

    pub fn can_type(&self) -> bool {
        let open = match self.state {
            PinState::Typing | PinState::Wrong { .. } | PinState::Failed => true,
            PinState::Checking | PinState::WaitUntil(_) | PinState::Locked => false,
        };
        open && self.nurse.is_some()
    }

    pub fn can_submit(&self) -> bool {
        self.can_type() && self.digits.len() >= SHORTEST
    }

    pub fn digit(&mut self, digit: u8) {
        if self.can_type() && digit <= 9 && self.digits.len() < LONGEST {
            self.digits.push(char::from(b'0' + digit));
            self.state = PinState::Typing;
        }
    }

    pub fn delete(&mut self) {
        if self.can_type() {
            self.digits.pop();
        }
    }

    /// Staff number and PIN to be sent; the digits are gone from here afterwards.
    pub fn submit(&mut self) -> Option<(String, String)> {
        if !self.can_submit() {
            return None;
        }
        self.state = PinState::Checking;
        let nurse = self.nurse.as_ref()?.id.clone();
        Some((nurse, std::mem::take(&mut self.digits)))
    }

    pub fn refuse(&mut self, refusal: Refusal, now: Timestamp) {
        self.digits.clear();
        self.state = match refusal {
            Refusal::WrongPin { tries_left } => PinState::Wrong { tries_left },
            Refusal::TooSoon { wait_s } => {
                PinState::WaitUntil(now.plus_millis(i64::from(wait_s) * 1000))
            }
            Refusal::Locked => PinState::Locked,
            _ => PinState::Failed,
        };
    }

    pub fn pass_time(&mut self, now: Timestamp) {
        if matches!(self.state, PinState::WaitUntil(until) if until <= now) {
            self.state = PinState::Typing;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn entry(digits: &[u8]) -> PinEntry {
        let mut entry = PinEntry::new();
        entry.choose(Nurse { id: "n1".into(), name: "Amara Diallo".into() });
        for digit in digits {
            entry.digit(*digit);
        }
        entry
    }

    #[test]
    fn a_pin_has_four_to_eight_digits() {
        assert!(entry(&[1, 2, 3]).submit().is_none());
        let (nurse, pin) = entry(&[1, 2, 3, 4]).submit().unwrap();
        assert_eq!((nurse.as_str(), pin.as_str()), ("n1", "1234"));
        let (_, pin) = entry(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).submit().unwrap();
        assert_eq!(pin, "12345678");
    }

    #[test]
    fn without_a_name_nothing_is_typed() {
        let mut entry = PinEntry::new();
        entry.digit(1);
        assert_eq!(entry.typed(), 0);
    }

    #[test]
    fn a_wrong_pin_is_forgotten_and_can_be_typed_again() {
        let mut entry = entry(&[1, 2, 3, 4]);
        entry.submit().unwrap();
        assert!(!entry.can_type());
        entry.refuse(Refusal::WrongPin { tries_left: 8 }, NOW);
        assert_eq!((entry.typed(), entry.can_type()), (0, true));
        entry.digit(5);
        assert_eq!(entry.state, PinState::Typing);
    }

    #[test]
    fn after_a_delay_the_keys_come_back() {
        let mut entry = entry(&[1, 2, 3, 4]);
        entry.submit().unwrap();
        entry.refuse(Refusal::TooSoon { wait_s: 4 }, NOW);
        entry.pass_time(NOW.plus_millis(3_999));
        assert!(!entry.can_type());
        entry.pass_time(NOW.plus_millis(4_000));
        assert!(entry.can_type());
    }

    #[test]
    fn a_locked_account_takes_no_digits_but_another_nurse_may_sign_in() {
        let mut entry = entry(&[]);
        entry.refuse(Refusal::Locked, NOW);
        entry.digit(1);
        assert_eq!(entry.typed(), 0);
        entry.choose(Nurse { id: "n2".into(), name: "Ben Ortiz".into() });
        assert!(entry.can_type());
    }
}
