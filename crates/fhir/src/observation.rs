//! A reading as Observations in the shape of the US Core profiles.

pub mod resource;

use clinical::{
    BloodPressure, BodyComposition, Decimal, Ecg, Glucose, HeartRate, Measurement, Oximetry,
    Reading, Temperature, Weight,
};

use self::resource::{Component, Observation};
use crate::{
    Chart, Resource, codes,
    types::{Annotation, CodeableConcept, Coding, Quantity, SampledData},
};

/// One Observation for each thing that was measured; the first has the reading's own id.
pub fn observations(reading: &Reading, chart: &Chart) -> Vec<Resource> {
    let all = Reported { reading, chart };
    match &reading.measurement {
        Measurement::BloodPressure(pressure) => all.of_cuff(pressure),
        Measurement::Oximetry(oximetry) => all.of_oximeter(oximetry),
        Measurement::Temperature(temperature) => all.of_thermometer(temperature),
        Measurement::HeartRate(rate) => all.of_strap(rate),
        Measurement::Glucose(glucose) => all.of_meter(glucose),
        Measurement::Weight(weight) => all.of_scale(weight),
        Measurement::BodyComposition(body) => all.of_body_scale(body),
        Measurement::Ecg(ecg) => all.of_ecg(ecg),
    }
}

/// What all Observations of one reading have in common.
#[derive(Clone, Copy)]
struct Reported<'a> {
    reading: &'a Reading,
    chart: &'a Chart,
}

impl Reported<'_> {
    fn of_cuff(self, pressure: &BloodPressure) -> Vec<Resource> {
        let mut panel = self.main("us-core-blood-pressure", codes::BLOOD_PRESSURE, codes::MDC_CUFF);
        panel.component = [
            (codes::SYSTOLIC, codes::MDC_CUFF_SYSTOLIC, Some(pressure.systolic)),
            (codes::DIASTOLIC, codes::MDC_CUFF_DIASTOLIC, Some(pressure.diastolic)),
            (codes::MEAN, codes::MDC_CUFF_MEAN, pressure.mean),
        ]
        .into_iter()
        .filter_map(|(loinc, mdc, value)| {
            let value = Quantity::new(value?, codes::MILLIMETRES_OF_MERCURY);
            Some(Component::new(CodeableConcept::both([loinc, mdc]), value))
        })
        .collect();
        let mut all = vec![panel.finish()];
        all.extend(pressure.pulse.map(|pulse| self.pulse(pulse, codes::MDC_CUFF_PULSE)));
        all
    }

    fn of_oximeter(self, oximetry: &Oximetry) -> Vec<Resource> {
        let mut spo2 = self.main("us-core-pulse-oximetry", codes::SPO2_BY_OXIMETER, codes::SPO2);
        spo2.code.coding.push(codes::MDC_OXIMETER);
        spo2.value_quantity = Some(Quantity::new(oximetry.spo2, codes::PER_CENT));
        let mut all = vec![spo2.finish()];
        all.extend(oximetry.pulse.map(|pulse| self.pulse(pulse, codes::MDC_OXIMETER_PULSE)));
        all
    }

    fn of_thermometer(self, temperature: &Temperature) -> Vec<Resource> {
        let mut body =
            self.main("us-core-body-temperature", codes::BODY_TEMPERATURE, codes::MDC_TEMPERATURE);
        body.value_quantity = Some(Quantity::new(temperature.celsius, codes::CELSIUS));
        body.body_site = temperature.site.map(|site| CodeableConcept::of(codes::body_site(site)));
        vec![body.finish()]
    }

    fn of_strap(self, rate: &HeartRate) -> Vec<Resource> {
        let mut heart = self.main("us-core-heart-rate", codes::HEART_RATE, codes::MDC_ECG_RATE);
        heart.value_quantity = Some(Quantity::new(rate.rate, codes::PER_MINUTE));
        vec![heart.finish()]
    }

    /// Glucose is no vital sign to FHIR: it is a laboratory's, also from a meter at the bedside.
    fn of_meter(self, glucose: &Glucose) -> Vec<Resource> {
        let mut found = Observation::new(self.reading, self.chart);
        found.claim("us-core-observation-lab");
        found.category = [CodeableConcept::of(codes::LABORATORY)];
        let loinc = codes::glucose(glucose.sample, glucose.unit);
        let mdc = glucose.sample.map(codes::mdc_glucose);
        found.code.coding = [Some(loinc), mdc].into_iter().flatten().collect();
        let unit = codes::glucose_unit(glucose.unit);
        found.value_quantity = Some(Quantity::new(glucose.concentration, unit));
        found.note.extend(glucose.meal.map(|meal| Annotation { text: codes::meal(meal) }));
        vec![found.finish()]
    }

    fn of_scale(self, weight: &Weight) -> Vec<Resource> {
        let mut mass = self.main("us-core-body-weight", codes::BODY_WEIGHT, codes::MDC_WEIGHT);
        mass.value_quantity = Some(Quantity::new(weight.kilograms, codes::KILOGRAM));
        let height = weight.height_m.map(|metres| {
            let mut height = self.further("us-core-body-height", codes::BODY_HEIGHT);
            height.code.coding.push(codes::MDC_HEIGHT);
            // US Core takes no metres.
            height.value_quantity =
                Some(Quantity::new(codes::centimetres(metres), codes::CENTIMETRE));
            height.finish()
        });
        let bmi = weight.bmi.map(|bmi| {
            let mut index = self.further("us-core-bmi", codes::BMI);
            index.value_quantity = Some(Quantity::new(bmi, codes::KILOGRAM_PER_SQUARE_METRE));
            index.finish()
        });
        [Some(mass.finish()), height, bmi].into_iter().flatten().collect()
    }

    fn of_body_scale(self, body: &BodyComposition) -> Vec<Resource> {
        let mut fat = Observation::new(self.reading, self.chart);
        fat.code = CodeableConcept::of(codes::BODY_FAT);
        fat.value_quantity = Some(Quantity::new(body.fat_percent, codes::PER_CENT));
        fat.component = [
            (codes::MUSCLE, body.muscle_percent, codes::PER_CENT),
            (codes::BODY_WATER, body.water_kg, codes::KILOGRAM),
            (codes::IMPEDANCE, body.impedance_ohm, codes::OHM),
        ]
        .into_iter()
        .filter_map(|(words, value, unit)| {
            Some(Component::new(CodeableConcept::words(words), Quantity::new(value?, unit)))
        })
        .collect();
        vec![fat.finish()]
    }

    fn of_ecg(self, ecg: &Ecg) -> Vec<Resource> {
        let mut strip = Observation::new(self.reading, self.chart);
        strip.category = [CodeableConcept::of(codes::PROCEDURE)];
        strip.code = CodeableConcept::of(codes::EKG_STUDY);
        let lead = CodeableConcept::of(codes::MDC_LEAD_I);
        let samples = SampledData::new(&ecg.microvolts, ecg.hertz, codes::MICROVOLT);
        strip.component = vec![Component::sampled(lead, samples)];
        vec![strip.finish()]
    }

    fn pulse(self, pulse: Decimal, counted: Coding) -> Resource {
        let mut rate = self.further("us-core-heart-rate", codes::HEART_RATE);
        rate.code.coding.push(counted);
        rate.value_quantity = Some(Quantity::new(pulse, codes::PER_MINUTE));
        rate.finish()
    }

    /// The first of the reading, under two codes.
    fn main(self, profile: &str, code: Coding, also: Coding) -> Observation {
        let mut observation = Observation::new(self.reading, self.chart);
        observation.claim(profile);
        observation.code = CodeableConcept::both([code, also]);
        observation
    }

    /// Another of the same reading.
    fn further(self, profile: &str, code: Coding) -> Observation {
        let mut observation = Observation::new(self.reading, self.chart);
        observation.derive_id(self.reading, code.code);
        observation.claim(profile);
        observation.code = CodeableConcept::of(code);
        observation
    }
}
