//! Whose study a file belongs to, and where it was made.

use clinical::{EncounterId, Opened, Timestamp};
use jiff::tz::TimeZone;

/// What every file of one encounter has in common. The encounter is the study.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    pub encounter: EncounterId,
    /// When the encounter's entry `Opened` was recorded: date and time of the study.
    pub began: Timestamp,
    pub opened: &'a Opened,
    pub site: &'a Site,
}

/// What the site's archive is to be told beside the record.
#[derive(Clone, Debug)]
pub struct Site {
    /// Institution Name (0008,0080). `None`: not told.
    pub institution: Option<String>,
    /// Issuer of Patient ID (0010,0021), as the archive knows the one who gave the patients' numbers. `None`: only the
    /// URI of the number's system is told, where there is one.
    pub issuer: Option<String>,
    /// Dates and times of day are of this zone, with its offset told; UTC for a site that wants none.
    pub zone: TimeZone,
}
