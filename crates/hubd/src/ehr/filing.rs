//! Puts one entry into the EHR.

use std::sync::Arc;

use clinical::{Entry, EntryBody, EntryId};
use fhir::{Chart, Ending, Resource, Strategy};
use hub_api::Delivery;
use outbox::{Look, Repeat};
use upstream::ehr::EhrClient;
use vault::{Alongside, HubVault, KeptReceipt};

use super::{
    archive::Archive,
    chart::Charts,
    config::EhrConfig,
    consignment::Consignment,
    engine::Engine,
    offer::Offer,
    patients::Patients,
    posting::Posting,
    receipt::{self, Fate},
    rules::DeliveryRules,
    undelivered::Undelivered,
};
use crate::{adt::Admissions, hub::ask};

/// Files entries in their charts.
pub struct Clerk {
    vault: HubVault,
    alongside: Alongside,
    ehr: Arc<EhrClient>,
    charts: Charts,
    rules: DeliveryRules,
    engine: Option<Engine>,
    archive: Option<Archive>,
    offer: Offer,
}

/// What is settled before an entry begins to be sent.
pub struct Ready {
    pub repeat: Repeat,
    /// What the EHR is told with the end of a visit, where it takes that.
    receipt: Option<KeptReceipt>,
}

impl Clerk {
    /// # Errors
    /// The address of the interface engine or of the archive is none.
    pub fn new(
        vault: HubVault,
        ehr: Arc<EhrClient>,
        config: EhrConfig,
        admissions: Option<Admissions>,
    ) -> anyhow::Result<Self> {
        let offer = Offer::of(ehr.clone());
        let alongside = Alongside::default();
        let patients = Patients::new(vault.clone(), ehr.clone(), offer.clone(), admissions);
        let charts = Charts::new(vault.clone(), alongside.clone(), ehr.clone(), patients);
        let engine = config.hl7.map(Engine::new).transpose()?;
        let archive = config.dicom.map(|dicom| Archive::new(dicom, &config.folder)).transpose()?;
        let rules = config.delivery;
        Ok(Self { vault, alongside, ehr, charts, rules, engine, archive, offer })
    }

    /// What the outbox has to write with the states of what is sent.
    pub fn alongside(&self) -> &Alongside {
        &self.alongside
    }

    /// Asks the EHR what it takes, when that is not known. `ended`: what became of entries and is not kept yet.
    pub async fn prepare(
        &self,
        consignment: &Consignment,
        ended: &[(EntryId, Delivery)],
    ) -> Result<Ready, Undelivered> {
        let repeat = self.repeat(&consignment.entry).await?;
        let is_told = matches!(consignment.entry.body, EntryBody::Closed) && self.takes_receipts();
        let receipt = is_told.then(|| self.receipt(consignment, ended)).transpose()?;
        Ok(Ready { repeat, receipt })
    }

    /// What comes of sending this entry twice.
    async fn repeat(&self, entry: &Entry) -> Result<Repeat, Undelivered> {
        if !matches!(self.way(&entry.body), Way::Fhir) {
            // The same message under the same control id (MSH-10), the same file under the same UID.
            return Ok(Repeat::Harmless);
        }
        let offered = self.offer.ask().await?;
        let strategy = self.rules.strategy(offered, kind(&entry.body));
        // What stores nothing may be repeated.
        // The end of an encounter is written over its opening.
        let is_changed_later = matches!(entry.body, EntryBody::Opened(_));
        let repeat = |strategy| self.rules.repeat(strategy, is_changed_later);
        Ok(strategy.map_or(Repeat::Harmless, repeat))
    }

    /// An EHR that takes no documents gets none, and nothing is wrong.
    fn takes_receipts(&self) -> bool {
        match self.way(&EntryBody::Closed) {
            Way::Engine(_) => true,
            Way::Fhir => self.strategy("DocumentReference").is_some(),
            Way::Archive(_) => false,
        }
    }

    fn receipt(
        &self,
        consignment: &Consignment,
        ended: &[(EntryId, Delivery)],
    ) -> Result<KeptReceipt, Undelivered> {
        let fate = |body: &EntryBody| match self.way(body) {
            Way::Fhir => Fate::Chart,
            Way::Engine(_) => Fate::Engine,
            Way::Archive(_) => Fate::Archive,
        };
        let made = receipt::of(&self.vault, consignment, ended, fate);
        let receipt = made.map_err(|error| Undelivered::later(&error.to_string()))?;
        self.alongside.keep_receipt(consignment.entry.encounter, receipt.clone());
        Ok(receipt)
    }

    pub async fn file(
        &self,
        consignment: &Consignment,
        ready: Ready,
        look: Look,
    ) -> Result<(), Undelivered> {
        let Consignment { entry, opened, .. } = consignment;
        match &entry.body {
            EntryBody::Opened(_) => return self.open(consignment, look).await,
            EntryBody::Closed => return self.close(consignment, ready.receipt, look).await,
            EntryBody::Reading(_)
            | EntryBody::Observed(_)
            | EntryBody::Still(_)
            | EntryBody::Auscultation(_)
            | EntryBody::Note(_) => {}
        }
        let attached = match entry.body.attachment() {
            Some(attachment) => self.attached(attachment.sha256.to_owned()).await?,
            None => Vec::new(),
        };
        match self.way(&entry.body) {
            Way::Engine(engine) => return engine.send(entry, &opened.patient, &attached).await,
            Way::Archive(archive) => return archive.send(consignment, &attached).await,
            Way::Fhir => {}
        }
        let chart = self.charts.of(entry.encounter, &opened.patient).await?;
        let resources = resources(entry, &attached, &chart);
        self.store(&chart.patient, resources, look).await.map(drop)
    }

    fn way(&self, body: &EntryBody) -> Way<'_> {
        if let Some(archive) = self.archive.as_ref().filter(|archive| archive.carries(body)) {
            return Way::Archive(archive);
        }
        let engine = self.engine.as_ref().filter(|engine| engine.carries(body));
        engine.map_or(Way::Fhir, Way::Engine)
    }

    async fn open(&self, consignment: &Consignment, look: Look) -> Result<(), Undelivered> {
        let (encounter, opened) = (consignment.entry.encounter, &consignment.opened);
        let patient = self.charts.patients().reference(encounter, &opened.patient).await?;
        let reference = match self.strategy("Encounter") {
            None => Some(self.charts.booked(&patient, consignment.opened_at).await?),
            Some(_) => self.store(&patient, vec![consignment.visit(None, &patient)], look).await?,
        };
        if let Some(reference) = reference {
            self.charts.keep(encounter, Chart { patient, encounter: reference });
        }
        Ok(())
    }

    /// Tells the end, and then what the visit was: everything else of it has come to an end by now.
    async fn close(
        &self,
        consignment: &Consignment,
        receipt: Option<KeptReceipt>,
        look: Look,
    ) -> Result<(), Undelivered> {
        let Consignment { entry, opened, .. } = consignment;
        let chart = self.charts.of(entry.encounter, &opened.patient).await?;
        // It is written over itself as often as needed: only the receipt can be there twice.
        self.end(consignment, &chart).await.map_err(Undelivered::harmless)?;
        let Some(receipt) = receipt else { return Ok(()) };
        let told = self.tell(consignment, &receipt, &chart, look).await;
        told.map_err(|error| error.about("the receipt of the visit"))
    }

    async fn tell(
        &self,
        Consignment { entry, opened, .. }: &Consignment,
        receipt: &KeptReceipt,
        chart: &Chart,
        look: Look,
    ) -> Result<(), Undelivered> {
        let id = receipt::id(entry.encounter);
        if let Way::Engine(engine) = self.way(&entry.body) {
            return engine.send_receipt(id, receipt, &opened.patient).await;
        }
        let resource = fhir::receipt(id, &receipt.content, receipt.made, chart);
        self.store(&chart.patient, vec![resource], look).await.map(drop)
    }

    async fn end(&self, consignment: &Consignment, chart: &Chart) -> Result<(), Undelivered> {
        let resource = consignment.visit(Some(consignment.entry.recorded), &chart.patient);
        match self.offer.ask().await?.ending() {
            Ending::ConditionalUpdate => {
                let search = resource.search();
                Ok(self.ehr.update_where(resource.kind, &search, resource.json).await?)
            }
            Ending::Put => {
                Ok(self.ehr.put(&resource.own_reference(), resource.json_with_id()).await?)
            }
            Ending::NotTaken => Ok(()),
        }
    }

    async fn store(
        &self,
        patient: &str,
        resources: Vec<Resource>,
        look: Look,
    ) -> Result<Option<String>, Undelivered> {
        let Some(first) = resources.first() else { return Ok(None) };
        let Some(strategy) = self.strategy(first.kind) else {
            let reason = format!("the EHR takes no {} from us", first.kind);
            return Err(Undelivered::Refused { reason });
        };
        Posting { ehr: &self.ehr, patient, strategy, look }.store(resources).await
    }

    fn strategy(&self, kind: &str) -> Option<Strategy> {
        self.offer.known().and_then(|offered| self.rules.strategy(offered, kind))
    }

    async fn attached(&self, sha256: String) -> Result<Vec<u8>, Undelivered> {
        match ask(&self.vault, move |vault| vault.blob(&sha256)).await {
            Ok(Some(blob)) => Ok(blob.into_bytes()),
            Ok(None) => Err(Undelivered::refused("the hub does not have the picture or sound")),
            Err(error) => Err(Undelivered::later(&error.to_string())),
        }
    }
}

/// Where an entry goes.
enum Way<'a> {
    Fhir,
    Engine(&'a Engine),
    Archive(&'a Archive),
}

/// `attached` is what lies under the hash of a still or a sound.
fn resources(entry: &Entry, attached: &[u8], chart: &Chart) -> Vec<Resource> {
    match &entry.body {
        EntryBody::Reading(reading) => fhir::observations(reading, chart),
        EntryBody::Observed(observed) => {
            vec![fhir::observed(entry.id, observed, entry.recorded, chart)]
        }
        EntryBody::Still(still) => vec![fhir::still(entry.id, still, attached, chart)],
        EntryBody::Auscultation(sound) => {
            vec![fhir::auscultation(entry.id, sound, attached, chart)]
        }
        EntryBody::Note(note) => vec![fhir::note(entry.id, note, entry.recorded, chart)],
        EntryBody::Opened(_) | EntryBody::Closed => Vec::new(),
    }
}

/// As which resource type it is stored anew.
fn kind(body: &EntryBody) -> &'static str {
    match body {
        EntryBody::Opened(_) => "Encounter",
        EntryBody::Reading(_) | EntryBody::Observed(_) => "Observation",
        EntryBody::Still(_) | EntryBody::Auscultation(_) | EntryBody::Note(_) => {
            "DocumentReference"
        }
        // Its receipt; the end itself changes what is there.
        EntryBody::Closed => "DocumentReference",
    }
}
