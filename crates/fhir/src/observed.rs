//! What a person observed or prescribed, as an Observation with them as performer and without a device.

use clinical::{EntryId, Finding, Observed, Timestamp};

use crate::{
    Chart, Resource, codes,
    observation::resource::Observation,
    types::{CodeableConcept, Quantity},
};

/// `at`: when its entry was recorded.
pub fn observed(id: EntryId, observed: &Observed, at: Timestamp, chart: &Chart) -> Resource {
    let mut observation = Observation::by_person(id, &observed.by, at, chart);
    let found = |coding| Some(CodeableConcept::of(coding));
    match observed.what {
        Finding::RespiratoryRate { per_minute } => {
            observation.claim("us-core-respiratory-rate");
            observation.code = CodeableConcept::of(codes::RESPIRATORY_RATE);
            let rate = Quantity::new(per_minute.into(), codes::PER_MINUTE);
            observation.value_quantity = Some(rate);
        }
        Finding::Consciousness { level } => {
            observation.code = CodeableConcept::of(codes::RESPONSIVENESS);
            observation.value_codeable_concept = found(codes::consciousness(level));
        }
        Finding::Breathing { of } => {
            observation.code = CodeableConcept::words(codes::AIR_OR_OXYGEN);
            observation.value_codeable_concept = found(codes::breathing(of));
        }
        Finding::Pregnancy { pregnant } => {
            observation.claim("us-core-observation-pregnancystatus");
            observation.category = [CodeableConcept::of(codes::SOCIAL_HISTORY)];
            observation.code = CodeableConcept::of(codes::PREGNANCY_STATUS);
            observation.value_codeable_concept = found(codes::pregnancy(pregnant));
        }
        Finding::OxygenScale { scale } => {
            observation.code = CodeableConcept::words(codes::OXYGEN_SCALE);
            let scale = CodeableConcept::words(codes::oxygen_scale(scale));
            observation.value_codeable_concept = Some(scale);
        }
    }
    observation.finish()
}
