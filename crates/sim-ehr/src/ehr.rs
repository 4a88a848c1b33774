//! One simulated server, as whoever runs it sees it.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    faults::{Fate, Faults},
    rules::Rules,
    server,
    shelf::Shelf,
};

/// The system of the record numbers of the patients in here.
const RECORD_NUMBERS: &str = "urn:hospital";

/// Clones are the same server.
#[derive(Clone)]
pub struct Ehr {
    pub(crate) rules: &'static Rules,
    inner: Arc<Mutex<Inner>>,
}

pub(crate) struct Inner {
    pub shelf: Shelf,
    /// Answers 503 to everything.
    pub is_busy: bool,
    /// Answers 403 to everything.
    pub is_closed: bool,
    /// Answers 400 to resources of this kind.
    pub refused: Option<String>,
    /// Answers 403 to searches for this kind.
    pub hidden: Option<String>,
    /// So many resources on a page of a search; the others follow.
    pub page_size: usize,
    pub next_fate: Option<Fate>,
    pub faults: Faults,
    random: u64,
}

impl Ehr {
    /// Listens on a free port of this machine, for the life of the program, and returns its address.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start(rules: &'static Rules, listen: SocketAddr) -> io::Result<(Self, String)> {
        let inner = Inner {
            shelf: Shelf::default(),
            is_busy: false,
            is_closed: false,
            refused: None,
            hidden: None,
            page_size: usize::MAX,
            next_fate: None,
            faults: Faults::default(),
            random: 1,
        };
        let ehr = Self { rules, inner: Arc::new(Mutex::new(inner)) };
        let listener = TcpListener::bind(listen).await?;
        let address = format!("http://{}/", listener.local_addr()?);
        let routes = server::routes(ehr.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok((ehr, address))
    }

    /// A patient whom nobody expects.
    pub fn register(&self, id: &str, number: &str, family: &str) {
        self.lock().shelf.put(json!({
            "resourceType": "Patient", "id": id, "gender": "female",
            "birthDate": "1958-03-14", "name": [{"family": family, "given": ["Grace"]}],
            "identifier": [{"system": RECORD_NUMBERS, "value": number}],
        }));
    }

    /// A patient with an appointment of today and an open encounter, as a clerk would book them.
    pub fn book(&self, id: &str, number: &str, family: &str, reason: &str) {
        self.register(id, number, family);
        let subject = json!({ "reference": format!("Patient/{id}") });
        let booked = [
            json!({"resourceType": "Location", "id": "bed-12", "name": "Bed 12"}),
            json!({"resourceType": "Appointment", "id": format!("a-{id}"), "status": "booked",
                "description": reason, "start": format!("2026-11-22T08:00:0{}Z", number.len()),
                "participant": [{"actor": subject},
                    {"actor": {"reference": "Location/bed-12"}}]}),
        ];
        booked.into_iter().for_each(|resource| self.lock().shelf.put(resource));
    }

    /// An encounter that the EHR keeps itself.
    pub fn admit(&self, patient: &str, encounter: &str, start: &str) {
        self.lock().shelf.put(json!({
            "resourceType": "Encounter", "id": encounter, "status": "in-progress",
            "class": {"code": "VR"}, "period": {"start": start},
            "subject": {"reference": format!("Patient/{patient}")},
        }));
    }

    pub fn set_busy(&self, is_busy: bool) {
        self.lock().is_busy = is_busy;
    }

    /// Our access was taken away, or given back.
    pub fn set_closed(&self, is_closed: bool) {
        self.lock().is_closed = is_closed;
    }

    /// Something that is in the chart already, or another one under its id.
    pub fn holds(&self, resource: Value) {
        self.lock().shelf.put(resource);
    }

    /// Nobody may search for these any more.
    pub fn hide(&self, kind: &str) {
        self.lock().hidden = Some(kind.to_owned());
    }

    pub fn set_page_size(&self, size: usize) {
        self.lock().page_size = size;
    }

    pub fn refuse(&self, kind: &str) {
        self.lock().refused = Some(kind.to_owned());
    }

    pub fn lose_next_answer(&self) {
        self.lock().next_fate = Some(Fate::LostAnswer);
    }

    pub fn lose_next_request(&self) {
        self.lock().next_fate = Some(Fate::LostRequest);
    }

    /// Takes the next write in late; see [`Faults::lateness`].
    pub fn take_next_late(&self, faults: Faults) {
        let mut inner = self.lock();
        inner.faults = faults;
        inner.next_fate = Some(Fate::Late);
    }

    pub fn set_faults(&self, faults: Faults) {
        self.lock().faults = faults;
    }

    pub fn all(&self, kind: &str) -> Vec<Value> {
        self.lock().shelf.of_kind(kind).cloned().collect()
    }

    /// Nothing more will come in by itself.
    pub fn is_settled(&self) -> bool {
        !self.lock().shelf.has_late()
    }

    /// Which resources are there more than once: by their identifier, or by what they say of whom and when.
    pub fn doubled(&self) -> Vec<String> {
        let mut counts = BTreeMap::<String, u32>::new();
        for resource in self.lock().shelf.all() {
            let identifier = resource["identifier"][0]["value"].as_str();
            let said = || {
                let of = &resource["subject"]["reference"];
                let at = resource["effectiveDateTime"].as_str().or(resource["date"].as_str())?;
                Some(format!("{of} {at} {} {}", resource["code"], resource["content"]))
            };
            if let Some(key) = identifier.map(str::to_owned).or_else(said) {
                *counts.entry(key).or_default() += 1;
            }
        }
        counts.into_iter().filter(|(_, count)| *count > 1).map(|(key, _)| key).collect()
    }

    /// With what has become due by now.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.shelf.settle(Instant::now());
        inner
    }
}

impl Inner {
    pub fn fate(&mut self) -> Fate {
        if let Some(fate) = self.next_fate.take() {
            return fate;
        }
        // An LCG of Knuth's: chances need no better one.
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let chance = u8::try_from((self.random >> 33) % 100).unwrap_or(0);
        self.faults.fate(chance)
    }
}
