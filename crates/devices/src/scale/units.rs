//! The raw numbers of scales as decimals: in the scale's own unit, and in kilograms and metres.

use clinical::Decimal;

/// Which of its two unit systems a scale speaks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    Si,
    Imperial,
}

/// A measurement that did not succeed has this in the place of its number (Weight Scale Service 1.0,
/// 3.2.1.2; Body Composition Service 1.0, 3.2.1.2).
pub(super) const UNSUCCESSFUL: u16 = 0xFFFF;

/// What a pound is, in 10⁻⁸ kilograms (international yard and pound agreement of 1959).
const POUND: u64 = 45_359_237;
/// What an inch is, in 10⁻⁴ metres.
const INCH: u64 = 254;

impl Units {
    /// The lowest bit of the flags of both services.
    pub(super) const fn of(flags: u16) -> Self {
        if flags & 1 == 0 { Self::Si } else { Self::Imperial }
    }

    pub(super) const fn mass_name(self) -> &'static str {
        match self {
            Self::Si => "kg",
            Self::Imperial => "lb",
        }
    }

    /// Counted in 0.005 kg or 0.01 lb, whatever coarser steps a scale says it measures in.
    pub(super) fn mass(self, raw: u16) -> Decimal {
        match self {
            Self::Si => trimmed(u64::from(raw) * 5, -3),
            Self::Imperial => Decimal::new(raw.into(), -2),
        }
    }

    /// Pounds are rounded, half up, to hundredths of a kilogram: a hundredth of a pound is 4.5 g, and
    /// no scale of this kind measures finer than 5 g.
    pub(super) fn kilograms(self, raw: u16) -> Decimal {
        match self {
            Self::Si => self.mass(raw),
            Self::Imperial => of_pounds(raw.into()),
        }
    }

    /// Of a scale that counts in tenths of its unit.
    pub(super) fn kilograms_of_tenths(self, raw: u16) -> Decimal {
        match self {
            Self::Si => tenths(raw),
            Self::Imperial => of_pounds(u64::from(raw) * 10),
        }
    }

    /// Counted in millimetres or in tenths of an inch.
    pub(super) fn length(self, raw: u16) -> Decimal {
        match self {
            Self::Si => Decimal::new(raw.into(), -3),
            Self::Imperial => Decimal::new(raw.into(), -1),
        }
    }

    /// Inches are rounded to millimetres, in which the other scales count.
    pub(super) fn metres(self, raw: u16) -> Decimal {
        match self {
            Self::Si => self.length(raw),
            Self::Imperial => Decimal::new(rounded(u64::from(raw) * INCH, 100).cast_signed(), -3),
        }
    }
}

/// Hundredths of pounds, to kilograms.
fn of_pounds(hundredths: u64) -> Decimal {
    trimmed(rounded(hundredths * POUND, 100_000_000), -2)
}

fn rounded(number: u64, divisor: u64) -> u64 {
    (number + divisor / 2) / divisor
}

/// Without a last place that the scale cannot show.
fn trimmed(number: u64, exponent: i8) -> Decimal {
    let number = number.cast_signed();
    if exponent < -1 && number % 10 == 0 {
        Decimal::new(number / 10, exponent + 1)
    } else {
        Decimal::new(number, exponent)
    }
}

/// Counted in tenths: per cent, ohm, body mass index.
pub(super) fn tenths(raw: u16) -> Decimal {
    Decimal::new(raw.into(), -1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(said: Decimal, expected: &str) {
        assert_eq!(said.to_string(), expected);
    }

    #[test]
    fn kilograms_keep_the_places_that_they_have() {
        check(Units::Si.kilograms(15_992), "79.96");
        check(Units::Si.kilograms(15_993), "79.965");
        check(Units::Si.kilograms(14_000), "70.00");
        check(Units::Si.kilograms(0xFFFE), "327.67");
    }

    #[test]
    fn pounds_become_kilograms_without_binary_fractions() {
        check(Units::Imperial.mass(15_700), "157.00");
        check(Units::Imperial.kilograms(15_700), "71.21");
        check(Units::Imperial.kilograms(10_000), "45.36");
        check(Units::Imperial.kilograms(1), "0.0");
        check(Units::Imperial.kilograms(2), "0.01");
        check(Units::Imperial.kilograms(26_000), "117.93");
        check(Units::Imperial.kilograms(0xFFFE), "297.26");
    }

    #[test]
    fn tenths_are_no_finer_than_they_are() {
        check(Units::Si.kilograms_of_tenths(794), "79.4");
        check(Units::Imperial.kilograms_of_tenths(1_750), "79.38");
        check(Units::Imperial.kilograms_of_tenths(0xFFFE), "2972.57");
    }

    #[test]
    fn inches_become_metres() {
        check(Units::Imperial.length(680), "68.0");
        check(Units::Imperial.metres(680), "1.727");
        check(Units::Si.metres(1_830), "1.830");
        check(Units::Imperial.metres(1), "0.003");
    }
}
