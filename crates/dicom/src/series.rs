//! What every file has: General Study, General Series, General Equipment and SOP Common (PS3.3 sections C.7.2.1,
//! C.7.3.1, C.7.5.1, C.12.1).

use clinical::{EntryId, Timestamp};
use dicom_dictionary_std::tags;

use crate::{
    Unfit, Visit,
    dataset::{Dataset, LONG, SHORT, label},
    instance::Named,
    moment::{Clock, Moment},
    series_uid, uid,
};

/// What tells the series of a study apart.
pub struct Series<'a> {
    pub modality: &'static str,
    /// Of one study; what orders them on a screen.
    pub number: u16,
    pub description: &'static str,
    pub equipment: Equipment<'a>,
}

/// What took it; `None` is not known.
pub struct Equipment<'a> {
    pub manufacturer: Option<&'a str>,
    pub model: &'a str,
    pub serial: Option<&'a str>,
    pub software: Option<&'a str>,
}

impl Visit<'_> {
    pub(crate) fn clock(&self) -> Result<Clock, Unfit> {
        Clock::of(self.began, &self.site.zone)
    }

    pub(crate) fn named(
        &self,
        id: EntryId,
        series: &Series<'_>,
        sop_class: &'static str,
        transfer_syntax: &'static str,
    ) -> Named {
        let study = self.encounter.uuid();
        let Equipment { model, serial, .. } = series.equipment;
        let equipment = format!("{model}/{}", serial.unwrap_or_default());
        Named {
            sop_class,
            instance: uid(id.uuid()),
            series: series_uid(study, series.modality, &equipment),
            study: uid(study),
            transfer_syntax,
        }
    }

    /// The data set of a file, without what is in the picture or the strip.
    ///
    /// # Errors
    /// The patient's number or a time cannot be written.
    pub(crate) fn dataset(
        &self,
        named: &Named,
        series: &Series<'_>,
        captured: Timestamp,
    ) -> Result<Dataset, Unfit> {
        let clock = self.clock()?;
        let set = Dataset::new()
            // UTF-8 (PS3.3 section C.12.1.1.2).
            .text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192")
            .text(tags::SOP_CLASS_UID, named.sop_class)
            .text(tags::SOP_INSTANCE_UID, &named.instance)
            .text(tags::TIMEZONE_OFFSET_FROM_UTC, &clock.offset())
            .text(tags::INSTANCE_NUMBER, &self.number(captured).to_string())
            .patient(&self.opened.patient, self.site.issuer.as_deref())?
            .study(&named.study, &clock.at(self.began)?)
            .series(&named.series, series)
            .place(self);
        Ok(set.captured(&clock.at(captured)?))
    }

    /// Seconds since the visit began, from 1: in the order of capture without a count that somebody has to keep.
    fn number(&self, captured: Timestamp) -> i64 {
        // IS holds 31 bits; a clock that is wrong by 68 years gives the last number.
        (captured.millis_since(self.began) / 1000).clamp(0, i64::from(i32::MAX) - 1) + 1
    }
}

impl Dataset {
    /// The order is the hospital's to give: no accession number, no referring physician.
    fn study(self, study: &str, began: &Moment) -> Self {
        self.text(tags::STUDY_INSTANCE_UID, study)
            .text(tags::STUDY_DATE, &began.date())
            .text(tags::STUDY_TIME, &began.time())
            .text(tags::STUDY_DESCRIPTION, "Telemedicine consult")
            .text_or_empty(tags::ACCESSION_NUMBER, None)
            .text_or_empty(tags::REFERRING_PHYSICIAN_NAME, None)
            .text_or_empty(tags::STUDY_ID, None)
    }

    fn series(self, uid: &str, series: &Series<'_>) -> Self {
        let Equipment { manufacturer, model, serial, software } = series.equipment;
        let fit = |text: Option<&str>| text.and_then(|text| label(text, LONG));
        self.text(tags::SERIES_INSTANCE_UID, uid)
            .text(tags::MODALITY, series.modality)
            .text(tags::SERIES_NUMBER, &series.number.to_string())
            .text(tags::SERIES_DESCRIPTION, series.description)
            .text_or_empty(tags::MANUFACTURER, manufacturer)
            .text_if(tags::MANUFACTURER_MODEL_NAME, label(model, LONG).as_deref())
            .text_if(tags::DEVICE_SERIAL_NUMBER, fit(serial).as_deref())
            .text_if(tags::SOFTWARE_VERSIONS, fit(software).as_deref())
    }

    fn place(self, visit: &Visit<'_>) -> Self {
        let institution = visit.site.institution.as_deref().and_then(|name| label(name, LONG));
        self.text_if(tags::INSTITUTION_NAME, institution.as_deref())
            .text_if(tags::STATION_NAME, label(&visit.opened.cart, SHORT).as_deref())
    }

    /// Nothing is known of how it was acquired (PS3.3 section C.7.6.14): a sequence without items.
    fn captured(self, at: &Moment) -> Self {
        self.text(tags::CONTENT_DATE, &at.date())
            .text(tags::CONTENT_TIME, &at.time())
            .text(tags::ACQUISITION_DATE_TIME, &at.date_time())
            .items(tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new())
    }
}
