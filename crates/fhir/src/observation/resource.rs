//! The Observation resource (FHIR R4) with its device inside, as far as we write it.

use clinical::{DeviceIdentity, EntryId, Reading, Timestamp};
use serde::Serialize;

use crate::{
    Chart, Identifier, Resource, codes,
    types::{Annotation, CodeableConcept, Meta, Quantity, Reference, SampledData},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    resource_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contained: Vec<Device>,
    identifier: [Identifier; 1],
    status: &'static str,
    pub category: [CodeableConcept; 1],
    pub code: CodeableConcept,
    subject: Reference,
    encounter: Reference,
    effective_date_time: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    performer: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_codeable_concept: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<Annotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_site: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub component: Vec<Component>,
}

impl Observation {
    /// A vital sign under the reading's own id. The caller adds profile, code and value.
    pub fn new(reading: &Reading, chart: &Chart) -> Self {
        Self {
            contained: vec![Device::new(&reading.device)],
            note: reading.quality.iter().map(|&q| Annotation { text: codes::remark(q) }).collect(),
            device: Some(Device::reference(&reading.device)),
            // Never the device's own time: many devices have a clock that nobody ever set.
            ..Self::under(Identifier::of(reading.id.uuid()), reading.measured_at(), chart)
        }
    }

    /// A vital sign that a person observed without a device. The EHR is told the name only.
    pub fn by_person(id: EntryId, by: &str, at: Timestamp, chart: &Chart) -> Self {
        let performer = vec![Reference::named(by)];
        Self { performer, ..Self::under(Identifier::of(id.uuid()), at, chart) }
    }

    fn under(identifier: Identifier, at: Timestamp, chart: &Chart) -> Self {
        Self {
            resource_type: "Observation",
            meta: None,
            contained: Vec::new(),
            identifier: [identifier],
            status: "final",
            category: [CodeableConcept::of(codes::VITAL_SIGNS)],
            code: CodeableConcept::both([]),
            subject: Reference::to(&chart.patient),
            encounter: Reference::to(&chart.encounter),
            effective_date_time: at,
            performer: Vec::new(),
            value_quantity: None,
            value_codeable_concept: None,
            note: Vec::new(),
            body_site: None,
            device: None,
            component: Vec::new(),
        }
    }

    /// By the last part of the profile's name in US Core.
    pub fn claim(&mut self, profile: &str) {
        self.meta = Some(Meta::us_core(profile));
    }

    /// For a further Observation of the same reading; `code` tells them apart.
    pub fn derive_id(&mut self, reading: &Reading, code: &str) {
        self.identifier = [Identifier::derived(reading.id.uuid(), code)];
    }

    pub fn finish(self) -> Resource {
        let at = self.effective_date_time;
        Resource::new("Observation", self.identifier[0].clone(), at, &self)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    code: CodeableConcept,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_sampled_data: Option<SampledData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_absent_reason: Option<CodeableConcept>,
}

impl Component {
    pub fn new(code: CodeableConcept, value: Quantity) -> Self {
        Self {
            code,
            value_quantity: Some(value),
            value_sampled_data: None,
            data_absent_reason: None,
        }
    }

    /// A recording that cannot be read as one says so instead of being left out.
    pub fn sampled(code: CodeableConcept, samples: Option<SampledData>) -> Self {
        let absent = samples.is_none().then(|| CodeableConcept::of(codes::ERROR));
        Self { code, value_quantity: None, value_sampled_data: samples, data_absent_reason: absent }
    }
}

/// Contained, because the EHR does not manage our devices.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    resource_type: &'static str,
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    device_name: [DeviceName; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<[Version; 1]>,
}

#[derive(Serialize)]
struct DeviceName {
    name: String,
    r#type: &'static str,
}

#[derive(Serialize)]
struct Version {
    value: String,
}

impl Device {
    fn new(device: &DeviceIdentity) -> Self {
        Self {
            resource_type: "Device",
            id: "device",
            serial_number: device.serial.clone(),
            device_name: [DeviceName { name: device.model.clone(), r#type: "model-name" }],
            version: device.firmware.clone().map(|value| [Version { value }]),
        }
    }

    fn reference(device: &DeviceIdentity) -> Reference {
        Reference::Both { reference: "#device".to_owned(), display: device.model.clone() }
    }
}
