//! The Record Access Control Point (0x2A52): what a device does with requests for its stored records.
//!
//! Written from the Glucose Service 1.0.1, 3.4; the Continuous Glucose Monitoring Service uses the same.

use crate::gatt::{Push, Refusal, Uuid};
use std::collections::VecDeque;

pub const CONTROL: Uuid = Uuid::Short(0x2A52);

/// What a stored record is called by.
pub type Number = u16;

/// Op codes.
const REPORT: u8 = 1;
const ABORT: u8 = 3;
const COUNT: u8 = 4;
const COUNT_IS: u8 = 5;
const RESPONSE: u8 = 6;
/// The only filter that these devices know: the number of the record.
const BY_NUMBER: u8 = 1;

/// Codes of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Success = 1,
    OpNotSupported = 2,
    InvalidOperator = 3,
    OperatorNotSupported = 4,
    InvalidOperand = 5,
    NoRecords = 6,
    AbortUnsuccessful = 7,
    OperandNotSupported = 9,
}

/// One host's request, being carried out.
#[derive(Debug, Default)]
pub struct RecordAccess {
    queue: VecDeque<Push>,
    /// Whether the host can hear the end of a procedure.
    is_heard: bool,
    reporting: bool,
    /// Hangs up after so many records of the next report.
    breaks_after: Option<usize>,
    broken: bool,
}

impl RecordAccess {
    /// Another host, or none: a procedure does not outlive its connection.
    pub fn reset(&mut self) {
        let breaks_after = self.breaks_after;
        *self = Self { breaks_after, ..Self::default() };
    }

    pub fn subscribed(&mut self, what: Uuid, wanted: bool) {
        if what == CONTROL {
            self.is_heard = wanted;
        }
    }

    /// The next report ends in the middle, and with it the connection.
    pub fn break_after(&mut self, records: usize) {
        self.breaks_after = Some(records);
    }

    pub fn hangs_up(&mut self) -> bool {
        self.broken && self.queue.is_empty()
    }

    /// Takes what a host has written. `numbers`: of all records, ascending. `push`: what is notified
    /// for one of them.
    ///
    /// # Errors
    /// The host hears no answers, or another procedure is going on.
    pub fn request(
        &mut self,
        bytes: &[u8],
        numbers: &[Number],
        push: impl Fn(Number) -> Vec<Push>,
    ) -> Result<(), Refusal> {
        if !self.is_heard {
            return Err(Refusal::IMPROPERLY_CONFIGURED);
        }
        let (op, operator, operand) = match bytes {
            [op, operator, operand @ ..] => (*op, *operator, operand),
            _ => return Err(Refusal::INVALID_LENGTH),
        };
        if op == ABORT {
            self.abort(operator);
            return Ok(());
        }
        if self.reporting {
            return Err(Refusal::PROCEDURE_IN_PROGRESS);
        }
        match (op, selected(numbers, operator, operand)) {
            (REPORT | COUNT, Err(code)) => self.respond(op, code),
            (COUNT, Ok(selected)) => self.count(selected.len()),
            (REPORT, Ok(selected)) if selected.is_empty() => self.respond(op, Code::NoRecords),
            (REPORT, Ok(selected)) => self.report(&selected, push),
            (_, _) => self.respond(op, Code::OpNotSupported),
        }
        Ok(())
    }

    /// The next push of the procedure.
    pub fn due(&mut self) -> Option<Push> {
        let next = self.queue.pop_front()?;
        if next.characteristic == CONTROL {
            self.reporting = false;
        }
        Some(next)
    }

    fn abort(&mut self, operator: u8) {
        let code = match (operator, self.reporting) {
            (0, true) => Code::Success,
            (0, false) => Code::AbortUnsuccessful,
            (_, _) => Code::InvalidOperator,
        };
        if code == Code::Success {
            self.queue.clear();
        }
        self.respond(ABORT, code);
    }

    fn count(&mut self, count: usize) {
        // No memory holds more than its numbers can tell apart.
        let [low, high] = (count as u16).to_le_bytes();
        self.queue.push_back(Push::new(CONTROL, vec![COUNT_IS, 0, low, high]));
    }

    fn report(&mut self, selected: &[Number], push: impl Fn(Number) -> Vec<Push>) {
        self.reporting = true;
        let whole = selected.len();
        let sent = self.breaks_after.take().filter(|sent| *sent < whole);
        self.queue
            .extend(selected[..sent.unwrap_or(whole)].iter().flat_map(|number| push(*number)));
        match sent {
            Some(_) => self.broken = true,
            None => self.respond(REPORT, Code::Success),
        }
    }

    fn respond(&mut self, op: u8, code: Code) {
        self.queue.push_back(Push::new(CONTROL, vec![RESPONSE, 0, op, code as u8]));
    }
}

/// The records that operator and operand mean.
fn selected(numbers: &[Number], operator: u8, operand: &[u8]) -> Result<Vec<Number>, Code> {
    let bounds = match (operator, operand) {
        (1 | 5 | 6, []) => (Number::MIN, Number::MAX),
        (1 | 5 | 6, _) => return Err(Code::InvalidOperand),
        (2..=4, []) => return Err(Code::InvalidOperand),
        (2..=4, [filter, _rest @ ..]) if *filter != BY_NUMBER => {
            return Err(Code::OperandNotSupported);
        }
        (2, [_, low, high]) => (Number::MIN, Number::from_le_bytes([*low, *high])),
        (3, [_, low, high]) => (Number::from_le_bytes([*low, *high]), Number::MAX),
        (4, [_, a, b, c, d]) => (Number::from_le_bytes([*a, *b]), Number::from_le_bytes([*c, *d])),
        (2..=4, _) => return Err(Code::InvalidOperand),
        (0, _) => return Err(Code::InvalidOperator),
        (_, _) => return Err(Code::OperatorNotSupported),
    };
    if bounds.0 > bounds.1 {
        return Err(Code::InvalidOperand);
    }
    let within = numbers.iter().copied().filter(|number| (bounds.0..=bounds.1).contains(number));
    Ok(match operator {
        5 => numbers.first().copied().into_iter().collect(),
        6 => numbers.last().copied().into_iter().collect(),
        _ => within.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    const RECORD: u16 = 0x2A18;

    fn access() -> RecordAccess {
        let mut access = RecordAccess::default();
        access.subscribed(CONTROL, true);
        access
    }

    fn ask(access: &mut RecordAccess, request: &str) -> Result<(), Refusal> {
        let push = |number: Number| vec![Push::new(RECORD, number.to_le_bytes().to_vec())];
        access.request(&hex::parse(request).unwrap(), &[3, 4, 7], push)
    }

    fn said(access: &mut RecordAccess) -> String {
        let pushed = std::iter::from_fn(|| access.due());
        pushed.map(|push| hex::write(&push.value)).collect::<Vec<_>>().join(" ")
    }

    fn check(request: &str, expected: &str) {
        let mut access = access();
        ask(&mut access, request).unwrap();
        assert_eq!(said(&mut access), expected, "{request}");
    }

    #[test]
    fn records_are_reported_as_they_are_asked_for() {
        check("0101", "0300 0400 0700 06000101");
        check("0105", "0300 06000101");
        check("0106", "0700 06000101");
        check("01020104 00", "0300 0400 06000101");
        check("01030104 00", "0400 0700 06000101");
        check("0104010400 0500", "0400 06000101");
        check("0103010800", "06000106");
        check("0401", "05000300");
        check("0403010800", "05000000");
    }

    #[test]
    fn what_it_cannot_do_has_its_code() {
        check("0201", "06000202");
        check("0100", "06000103");
        check("0107", "06000104");
        check("010101", "06000105");
        check("0103", "06000105");
        check("0104010500 0400", "06000105");
        check("0103020400", "06000109");
        check("0300", "06000307");
    }

    #[test]
    fn one_procedure_runs_at_a_time_and_can_be_ended() {
        let mut access = access();
        ask(&mut access, "0101").unwrap();
        assert_eq!(access.due().unwrap().value, [3, 0]);
        assert_eq!(ask(&mut access, "0401"), Err(Refusal::PROCEDURE_IN_PROGRESS));
        ask(&mut access, "0300").unwrap();
        assert_eq!(said(&mut access), "06000301");
        ask(&mut access, "0401").unwrap();
        assert_eq!(said(&mut access), "05000300");
    }

    #[test]
    fn a_host_that_hears_no_answers_is_refused() {
        let refused = ask(&mut RecordAccess::default(), "0101");
        assert_eq!(refused, Err(Refusal::IMPROPERLY_CONFIGURED));
        assert_eq!(ask(&mut access(), "01"), Err(Refusal::INVALID_LENGTH));
    }

    #[test]
    fn a_report_can_break_once_in_the_middle() {
        let mut access = access();
        access.break_after(2);
        ask(&mut access, "0101").unwrap();
        assert!(!access.hangs_up(), "not before they are said");
        assert_eq!(said(&mut access), "0300 0400");
        assert!(access.hangs_up());
        access.reset();
        access.subscribed(CONTROL, true);
        ask(&mut access, "0101").unwrap();
        assert_eq!(said(&mut access), "0300 0400 0700 06000101");
    }
}
