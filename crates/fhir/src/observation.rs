//! A reading as Observations in the shape of the US Core vital signs profiles.

use clinical::{
    BloodPressure, Decimal, DeviceIdentity, Measurement, Oximetry, Reading, Temperature, Timestamp,
};
use serde::Serialize;

use crate::{
    Chart, Identifier, Resource, codes,
    types::{Annotation, CodeableConcept, Coding, Meta, Quantity, Reference, Unit},
};

/// One Observation for each thing that was measured; the first has the reading's own id.
pub fn observations(reading: &Reading, chart: &Chart) -> Vec<Resource> {
    match &reading.measurement {
        Measurement::BloodPressure(pressure) => of_cuff(reading, pressure, chart),
        Measurement::Oximetry(oximetry) => of_oximeter(reading, oximetry, chart),
        Measurement::Temperature(temperature) => of_thermometer(reading, temperature, chart),
    }
}

fn of_cuff(reading: &Reading, pressure: &BloodPressure, chart: &Chart) -> Vec<Resource> {
    let identifier = Identifier::of(reading.id.uuid());
    let mut panel = Observation::new(reading, chart, "us-core-blood-pressure", identifier);
    panel.code = CodeableConcept::of(codes::BLOOD_PRESSURE);
    panel.component = [
        (codes::SYSTOLIC, Some(pressure.systolic)),
        (codes::DIASTOLIC, Some(pressure.diastolic)),
        (codes::MEAN, pressure.mean),
    ]
    .into_iter()
    .filter_map(|(code, value)| Some(Component::pressure(code, value?)))
    .collect();
    let mut all = vec![panel.finish()];
    all.extend(pressure.pulse.map(|pulse| heart_rate(reading, pulse, chart)));
    all
}

fn of_oximeter(reading: &Reading, oximetry: &Oximetry, chart: &Chart) -> Vec<Resource> {
    let identifier = Identifier::of(reading.id.uuid());
    let mut spo2 = Observation::new(reading, chart, "us-core-pulse-oximetry", identifier);
    spo2.code = CodeableConcept { coding: vec![codes::SPO2_BY_OXIMETER, codes::SPO2] };
    spo2.value_quantity = Some(Quantity::new(oximetry.spo2, codes::PER_CENT));
    let mut all = vec![spo2.finish()];
    all.extend(oximetry.pulse.map(|pulse| heart_rate(reading, pulse, chart)));
    all
}

fn of_thermometer(reading: &Reading, temperature: &Temperature, chart: &Chart) -> Vec<Resource> {
    let identifier = Identifier::of(reading.id.uuid());
    let mut body = Observation::new(reading, chart, "us-core-body-temperature", identifier);
    body.code = CodeableConcept::of(codes::BODY_TEMPERATURE);
    body.value_quantity = Some(Quantity::new(temperature.celsius, codes::CELSIUS));
    body.body_site = temperature.site.map(|site| CodeableConcept::of(codes::body_site(site)));
    vec![body.finish()]
}

fn heart_rate(reading: &Reading, pulse: Decimal, chart: &Chart) -> Resource {
    let identifier = Identifier::derived(reading.id.uuid(), codes::HEART_RATE.code);
    let mut rate = Observation::new(reading, chart, "us-core-heart-rate", identifier);
    rate.code = CodeableConcept::of(codes::HEART_RATE);
    rate.value_quantity = Some(Quantity::new(pulse, codes::PER_MINUTE));
    rate.finish()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Observation {
    resource_type: &'static str,
    meta: Meta,
    contained: [Device; 1],
    identifier: [Identifier; 1],
    status: &'static str,
    category: [CodeableConcept; 1],
    code: CodeableConcept,
    subject: Reference,
    encounter: Reference,
    effective_date_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    note: Vec<Annotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_site: Option<CodeableConcept>,
    device: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    component: Vec<Component>,
}

impl Observation {
    /// What all vital signs have in common. The caller adds code and value.
    fn new(reading: &Reading, chart: &Chart, profile: &str, identifier: Identifier) -> Self {
        Self {
            resource_type: "Observation",
            meta: Meta::us_core(profile),
            contained: [Device::new(&reading.device)],
            identifier: [identifier],
            status: "final",
            category: [CodeableConcept::of(codes::VITAL_SIGNS)],
            code: CodeableConcept { coding: Vec::new() },
            subject: Reference::to(&chart.patient),
            encounter: Reference::to(&chart.encounter),
            // The cart's clock is kept in time; many devices have a clock that nobody ever set.
            effective_date_time: reading.received,
            value_quantity: None,
            note: reading.quality.iter().map(|&q| Annotation { text: codes::remark(q) }).collect(),
            body_site: None,
            device: Device::reference(&reading.device),
            component: Vec::new(),
        }
    }

    fn finish(self) -> Resource {
        Resource::new("Observation", self.identifier[0].clone(), &self)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component {
    code: CodeableConcept,
    value_quantity: Quantity,
}

impl Component {
    fn pressure(code: Coding, value: Decimal) -> Self {
        let unit: Unit = codes::MILLIMETRES_OF_MERCURY;
        Self { code: CodeableConcept::of(code), value_quantity: Quantity::new(value, unit) }
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
