//! Readings and observations as unsolicited results: ORU^R01 (HL7 2.5.1, section 7.3.1).

use clinical::{EntryId, Observed, Reading, Timestamp};

use crate::{
    Chart, Outgoing,
    chart::Kind,
    control_id,
    write::{Line, components, text, time, unit},
};

mod values;

use values::Value;
pub(crate) use values::What;

/// One message for a reading, one OBX for each thing that was measured; `id` is its entry's. What the
/// device remarks stands below each of them, because a chart may show them apart.
///
/// `None`: an electrocardiogram is no vital sign; it goes as a document or to the image archive.
pub fn reading(id: EntryId, reading: &Reading, chart: &Chart) -> Option<Outgoing> {
    let (panel, values) = values::measured(&reading.measurement)?;
    let mut remarks: Vec<String> =
        reading.quality.iter().map(|quality| terminology::remark(*quality).to_owned()).collect();
    remarks.extend(values::remark(&reading.measurement));
    let device = &reading.device;
    let device = components([device.serial.as_deref().unwrap_or_default(), device.model.as_str()]);
    let at = reading.measured_at();
    let mut lines = order(id, &panel, at);
    for (number, value) in (1..).zip(values) {
        lines.push(observation(number, &value, at).set(18, device.clone()));
        lines.extend(remarks.iter().map(|remark| Line::new("NTE").set(3, text(remark))));
    }
    Some(chart.message(Kind::Result, id.uuid(), at, lines))
}

/// What a person observed or prescribed, with their name as the responsible observer. `at`: when its
/// entry was recorded.
pub fn observed(id: EntryId, observed: &Observed, at: Timestamp, chart: &Chart) -> Outgoing {
    let value = values::found(&observed.what);
    let mut lines = order(id, &value.what, at);
    // One text in the place of the family name: nobody can tell its parts.
    lines.push(observation(1, &value, at).set(16, components(["", observed.by.as_str()])));
    chart.message(Kind::Result, id.uuid(), at, lines)
}

/// ORC and OBR. We ordered it and we did it: both numbers are the entry's.
pub(crate) fn order(id: EntryId, what: &What, at: Timestamp) -> Vec<Line> {
    let number = components([control_id(id.uuid()).as_str(), NAMESPACE]);
    let order = Line::new("ORC").set(1, "RE").set(2, number.clone()).set(3, number.clone());
    let request = Line::new("OBR")
        .set(1, "1")
        .set(2, number.clone())
        .set(3, number)
        .set(4, what.write())
        .set(7, time(at))
        .set(25, "F");
    vec![order, request]
}

/// Who gives our order and document numbers (the second component of EI).
pub(crate) const NAMESPACE: &str = "BEDSIDE";

fn observation(number: usize, value: &Value, at: Timestamp) -> Line {
    Line::new("OBX")
        .set(1, number.to_string())
        .set(2, value.kind)
        .set(3, value.what.write())
        .set(5, value.written.clone())
        .set_if(6, value.unit.map(unit))
        .set(11, "F")
        .set(14, time(at))
}
