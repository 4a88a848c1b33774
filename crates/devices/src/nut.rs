//! Lines of the Network UPS Tools protocol (RFC 9271), and what the variables of a UPS say.

use std::time::Duration;

use crate::power::{Battery, Power};

/// An answer of `upsd`, one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NutLine {
    /// `VAR <ups> <variable> "<value>"`.
    Var { name: String, value: String },
    /// `UPS <name> "<description>"`.
    Ups(String),
    /// `BEGIN LIST …`.
    Begin,
    /// `END LIST …`.
    End,
    /// `ERR <code>`, such as `DATA-STALE` or `UNKNOWN-UPS`.
    Error(String),
}

/// Longer than every variable that `upsd` has (its own buffer is 512 bytes). A line that does not
/// end is no `upsd`.
pub const LONGEST_LINE: usize = 1024;

impl NutLine {
    /// `None` for what the protocol does not have.
    pub fn read(line: &str) -> Option<Self> {
        let words = words(line)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["VAR", _, name, value] => {
                Some(Self::Var { name: name.to_owned(), value: value.to_owned() })
            }
            ["UPS", name, _] => Some(Self::Ups(name.to_owned())),
            ["BEGIN", "LIST", ..] => Some(Self::Begin),
            ["END", "LIST", ..] => Some(Self::End),
            ["ERR", code, ..] => Some(Self::Error(code.to_owned())),
            _ => None,
        }
    }
}

/// Words, some in quotation marks. `None` when a quotation does not end.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                (word.to_owned(), after)
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
    Some(words)
}

/// The text up to its closing mark, and what is behind it. A backslash keeps the next character.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => return Some((word, characters.as_str())),
            '\\' => word.push(characters.next()?),
            other => word.push(other),
        }
    }
}

/// Takes over what one variable says; other variables say nothing about power.
pub fn learn(power: &mut Power, name: &str, value: &str) {
    match name {
        "ups.status" => status(power, value),
        "battery.charge" => power.charge = whole(value).and_then(per_cent),
        "battery.runtime" => power.left = whole(value).map(Duration::from_secs),
        _ => {}
    }
}

/// Words of ups.status: docs/new-drivers.txt of Network UPS Tools.
fn status(power: &mut Power, value: &str) {
    let has = |flag| value.split_whitespace().any(|word| word == flag);
    power.on_mains = match (has("OL"), has("OB")) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        // A UPS that says both, or nothing while it calibrates, does not know.
        (true, true) | (false, false) => None,
    };
    power.says_low = has("LB");
    power.battery = if has("CHRG") {
        Some(Battery::Charging)
    } else if has("DISCHRG") || power.on_mains == Some(false) {
        Some(Battery::Discharging)
    } else {
        None
    };
}

/// The whole part of a decimal: a charge of 99.9 is not 100, nor are 20.4 minutes 21.
fn whole(value: &str) -> Option<u64> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| whole.parse().ok())?
}

fn per_cent(value: u64) -> Option<u8> {
    u8::try_from(value).ok().filter(|value| *value <= 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(line: &str, expected: Option<NutLine>) {
        assert_eq!(NutLine::read(line), expected, "{line}");
    }

    fn var(name: &str, value: &str) -> Option<NutLine> {
        Some(NutLine::Var { name: name.into(), value: value.into() })
    }

    #[test]
    fn lines_are_read_as_upsd_writes_them() {
        reads("VAR cart battery.charge \"85\"\n", var("battery.charge", "85"));
        reads(r#"VAR cart ups.model "A \"B\" \\ C""#, var("ups.model", r#"A "B" \ C"#));
        reads("VAR cart ups.serial \"\"", var("ups.serial", ""));
        reads("UPS cart \"Battery of the cart\"", Some(NutLine::Ups("cart".into())));
        reads("BEGIN LIST VAR cart", Some(NutLine::Begin));
        reads("END LIST VAR cart", Some(NutLine::End));
        reads("ERR DATA-STALE", Some(NutLine::Error("DATA-STALE".into())));
    }

    #[test]
    fn other_lines_are_none() {
        for line in
            ["", "   ", "VAR cart battery.charge", "VAR cart x \"8", "HTTP/1.1 400 Bad", "\\"]
        {
            reads(line, None);
        }
    }

    #[track_caller]
    fn says(variables: &[(&str, &str)], expected: Power) {
        let mut power = Power::default();
        for (name, value) in variables {
            learn(&mut power, name, value);
        }
        assert_eq!(power, expected);
    }

    #[test]
    fn the_status_says_what_the_cart_runs_on() {
        let none = Power::default();
        let mains = Power { on_mains: Some(true), ..none };
        says(&[("ups.status", "OL")], mains);
        let charging = Power { battery: Some(Battery::Charging), ..mains };
        says(&[("ups.status", "OL CHRG")], charging);
        let battery = Some(Battery::Discharging);
        let unplugged = Power { on_mains: Some(false), battery, ..none };
        says(&[("ups.status", "OB DISCHRG")], unplugged);
        says(&[("ups.status", "OB LB")], Power { says_low: true, ..unplugged });
        says(&[("ups.status", "CAL")], none);
        says(&[("ups.status", "OLX")], none);
    }

    #[test]
    fn a_number_that_is_none_is_not_guessed() {
        let charge = |value| Power { charge: value, ..Power::default() };
        says(&[("battery.charge", "85")], charge(Some(85)));
        says(&[("battery.charge", "99.9")], charge(Some(99)));
        for wrong in ["", "-1", "101", "NaN", "8 5", "1e2", ".", "5."] {
            says(&[("battery.charge", wrong)], charge(None));
        }
        let left = Some(Duration::from_secs(1230));
        says(&[("battery.runtime", "1230")], Power { left, ..Power::default() });
    }

    proptest! {
        #[test]
        fn any_line_is_taken(line in any::<String>(), value in any::<String>()) {
            let _ = NutLine::read(&line);
            let mut power = Power::default();
            for name in ["ups.status", "battery.charge", "battery.runtime"] {
                learn(&mut power, name, &value);
            }
            prop_assert!(power.charge.is_none_or(|charge| charge <= 100));
        }
    }
}
