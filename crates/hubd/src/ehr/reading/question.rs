//! One list of a chart: the search, its pages, and in plain words why there is none.

use clinical::Timestamp;
use fhir::{Capabilities, Listing, Whose};
use hub_api::ChartPart;
use upstream::ehr::{EhrClient, EhrError};

/// Somebody has to read it.
const MOST_ENTRIES: usize = 200;
/// Servers give 10 to 100 on a page.
const MOST_PAGES: usize = 10;

pub type Asked<T> = Result<ChartPart<T>, NotRead>;

/// Why there is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRead {
    /// For the physician.
    pub words: String,
    /// An older copy is as true as it was.
    pub may_pass: bool,
}

impl NotRead {
    pub fn away() -> Self {
        Self { words: "The EHR does not answer at the moment.".into(), may_pass: true }
    }

    /// Whoever lost an access by mistake needs the copy, and it was allowed when it was made.
    pub fn denied() -> Self {
        Self { words: "The EHR does not let us read this. Look in the EHR.".into(), may_pass: true }
    }

    pub fn for_good(words: String) -> Self {
        Self { words, may_pass: false }
    }
}

pub struct Question<'a> {
    pub ehr: &'a EhrClient,
    pub offered: &'a Capabilities,
    pub of: Whose<'a>,
    pub now: Timestamp,
    pub kind: &'static str,
}

impl Question<'_> {
    /// `narrow`: further parameters, used where the EHR offers them.
    pub async fn list<T>(
        self,
        narrow: &[(&str, &str)],
        read: impl Fn(&[u8], Whose<'_>) -> Result<Listing<T>, fhir::Refused>,
    ) -> Asked<T> {
        if !self.offered.searches(self.kind, "patient") {
            return Err(NotRead::for_good("The EHR does not offer this. Look in the EHR.".into()));
        }
        let id = self.of.patient.trim_start_matches("Patient/");
        let offered = narrow.iter().filter(|(name, _)| self.offered.searches(self.kind, name));
        let parameters: Vec<_> = [("patient", id)].into_iter().chain(offered.copied()).collect();
        let first = self.ehr.search(self.kind, &parameters).await;
        self.pages(first.map_err(|error| self.not_read(error))?, read).await
    }

    async fn pages<T>(
        &self,
        first: Vec<u8>,
        read: impl Fn(&[u8], Whose<'_>) -> Result<Listing<T>, fhir::Refused>,
    ) -> Asked<T> {
        let mut part = ChartPart {
            asked: Some(self.now),
            trouble: None,
            entries: Vec::new(),
            unreadable: 0,
            of_others: 0,
            more: false,
        };
        let mut page = first;
        for _ in 0..MOST_PAGES {
            let listing = match read(&page, self.of) {
                Ok(listing) => listing,
                // What the pages before it say stays true.
                Err(_) if !part.entries.is_empty() => break,
                Err(_) => return Err(self.strange()),
            };
            let next = add(&mut part, listing);
            if part.more {
                return Ok(part);
            }
            let Some(next) = next else { return Ok(part) };
            match self.ehr.page(&next).await {
                Some(Ok(following)) => page = following,
                Some(Err(_)) | None => break,
            }
        }
        part.more = true;
        Ok(part)
    }

    fn not_read(&self, error: EhrError) -> NotRead {
        let kind = self.kind;
        match error {
            EhrError::Later { what, .. } | EhrError::InDoubt { what, .. } => {
                tracing::info!(kind, what, "A part of a chart was not read");
                NotRead::away()
            }
            EhrError::Denied { what } => {
                tracing::warn!(kind, what, "The EHR does not let the hub read a part of a chart");
                NotRead::denied()
            }
            EhrError::Refused { status, .. } => {
                tracing::warn!(kind, status, "The EHR refuses the search for a part of a chart");
                NotRead::for_good("The EHR refused to list this. Look in the EHR.".into())
            }
        }
    }

    /// Its words may quote the content.
    fn strange(&self) -> NotRead {
        tracing::warn!(kind = self.kind, "A list of the EHR cannot be read");
        NotRead::for_good("The EHR's answer cannot be read. Look in the EHR.".into())
    }
}

/// Returns where the next page is.
fn add<T>(part: &mut ChartPart<T>, listing: Listing<T>) -> Option<String> {
    part.entries.extend(listing.entries);
    part.unreadable = part.unreadable.saturating_add(listing.unreadable);
    part.of_others = part.of_others.saturating_add(listing.of_others);
    if part.entries.len() > MOST_ENTRIES {
        part.entries.truncate(MOST_ENTRIES);
        part.more = true;
    }
    listing.next
}
