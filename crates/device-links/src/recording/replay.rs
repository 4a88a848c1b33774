//! Tells a driver again what a recording holds.

use devices::{Action, Command, Driver, Event, Millis, Report};

use super::{Recording, What};

/// A driver that looks at its device four times a second does so for an hour; one that sets itself
/// a deadline that has passed would do so for ever.
const TIMERS: usize = 15_000;

/// What the driver reports of it. Its deadlines come when it set them; what it asks of the device
/// goes nowhere, because the recording holds the answers. Wishes to a camera are not told again.
pub fn replay(recording: &Recording, driver: &mut dyn Driver) -> Vec<Report> {
    let mut reports = Vec::new();
    let mut tell = |driver: &mut dyn Driver, at: Millis, event: Event<'_>| {
        let actions = driver.handle(at, event).into_iter();
        reports.extend(actions.filter_map(|action| match action {
            Action::Report(report) => Some(report),
            _ => None,
        }));
    };
    for entry in &recording.entries {
        for _ in 0..TIMERS {
            match driver.deadline().filter(|deadline| *deadline < entry.at) {
                Some(deadline) => tell(driver, deadline, Event::Timer),
                None => break,
            }
        }
        let event = match &entry.what {
            What::Up(clock) => Event::Up(*clock),
            What::Down => Event::Down,
            What::In(channel, bytes) => Event::Bytes { channel: *channel, bytes },
            What::Refused(channel) => Event::Refused(*channel),
            What::Measure => Event::Command(Command::Measure),
            What::StopMeasuring => Event::Command(Command::StopMeasuring),
            What::Out(..) | What::Subscribe(_) | What::Read(_) | What::Ptz => continue,
        };
        tell(driver, entry.at, event);
    }
    reports
}

#[cfg(test)]
mod tests {
    use devices::{Status, catalogue::find};

    use super::*;

    fn replayed(text: &str) -> Vec<Report> {
        let recording: Recording = text.parse().unwrap();
        replay(&recording, &mut *(find(&recording.device).unwrap().driver)())
    }

    #[test]
    fn a_thermometer_says_again_what_it_measured() {
        let reports = replayed(
            "bedside recording 1 of ble-thermometer\n\
             0 up 1795333320000 60\n\
             1 read 1809/2A1D\n\
             2 subscribe 1809/2A1C\n\
             40 in 1809/2A1D 03\n\
             900 in 1809/2A1C 00720100ff\n\
             950 down\n",
        );
        let [Report::Status(Status::Ready), Report::Measured(measured)] = &reports[..] else {
            panic!("{reports:?}")
        };
        assert_eq!(measured.raw, [0x00, 0x72, 0x01, 0x00, 0xFF]);
    }

    #[test]
    fn a_cuff_that_stays_silent_times_out_as_it_did() {
        let start = "bedside recording 1 of suntech-advantage\n0 up 1795333320000 60\n";
        let ready = "10 in stream 3e050000bd\n20 measure\n";
        let silent = replayed(&format!("{start}{ready}600000 down\n"));
        let short = replayed(&format!("{start}{ready}"));
        assert!(silent.len() > short.len(), "{silent:?}");
        assert!(matches!(silent.last(), Some(Report::Failed(_))), "{silent:?}");
    }
}
