//! Stores the resources of one entry in the EHR, each as its server can do it once.

use fhir::{LookBy, Presence, Resource, Strategy};
use outbox::Look;
use upstream::ehr::{EhrClient, EhrError, reference_in};

use super::undelivered::Undelivered;

/// The resources of one entry, for one patient.
pub struct Posting<'a> {
    pub ehr: &'a EhrClient,
    /// The EHR's own reference, such as "Patient/123".
    pub patient: &'a str,
    pub strategy: Strategy,
    pub look: Look,
}

impl Posting<'_> {
    /// Returns the server's reference to the last one, where it is known.
    pub async fn store(&self, resources: Vec<Resource>) -> Result<Option<String>, Undelivered> {
        if self.look == Look::Only {
            return self.find_all(&resources).await.map(|()| None);
        }
        if self.strategy == Strategy::Transaction {
            let answer = self.ehr.transaction(fhir::transaction(&resources)).await?;
            return taken(&answer, &resources);
        }
        let mut reference = None;
        for (number, resource) in resources.into_iter().enumerate() {
            let stored = self.store_one(resource).await;
            reference =
                stored.map_err(|error| if number > 0 { error.of_the_rest() } else { error })?;
        }
        Ok(reference)
    }

    async fn store_one(&self, resource: Resource) -> Result<Option<String>, Undelivered> {
        match self.strategy {
            Strategy::Transaction | Strategy::ConditionalCreate => {
                let search = resource.search();
                self.ehr.create_if_none_exist(resource.kind, &search, resource.json).await?;
                Ok(None)
            }
            Strategy::Put => {
                let reference = resource.own_reference();
                self.ehr.put(&reference, resource.json_with_id()).await?;
                Ok(Some(reference))
            }
            Strategy::CreateAndLook(_) | Strategy::CreateOnce(Some(_)) => {
                if self.look == Look::First && self.is_there(&resource).await? {
                    return Ok(None);
                }
                self.create(resource).await
            }
            Strategy::CreateOnce(None) => self.create(resource).await,
        }
    }

    async fn create(&self, resource: Resource) -> Result<Option<String>, Undelivered> {
        match self.ehr.create(resource.kind, resource.json).await {
            Err(EhrError::Refused { body, .. }) if fhir::says_it_is_there(&body.0) => Ok(None),
            answer => Ok(answer?),
        }
    }

    async fn find_all(&self, resources: &[Resource]) -> Result<(), Undelivered> {
        for resource in resources {
            if !self.is_there(resource).await? {
                return Err(Undelivered::NotFound {
                    reason: format!(
                        "it was sent, the EHR did not confirm it, and a search does not find the {}",
                        resource.kind
                    ),
                });
            }
        }
        Ok(())
    }

    /// What cannot be searched for is not found.
    async fn is_there(&self, resource: &Resource) -> Result<bool, Undelivered> {
        let Some(by) = self.look_by() else { return Ok(false) };
        let parameters = resource.searched_by(by, self.patient);
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let found = self.ehr.search(resource.kind, &parameters).await.map_err(unseen)?;
        match resource.is_in(&found) {
            Ok(Presence::There) => Ok(true),
            Ok(Presence::Missing) => Ok(false),
            Ok(Presence::Unclear) => Err(Undelivered::later("the EHR found more than one page")),
            Err(_) => Err(Undelivered::later("the EHR's answer to a search cannot be read")),
        }
    }

    fn look_by(&self) -> Option<LookBy> {
        match self.strategy {
            Strategy::CreateAndLook(by) => Some(by),
            Strategy::CreateOnce(by) => by,
            Strategy::Transaction | Strategy::ConditionalCreate | Strategy::Put => {
                Some(LookBy::Identifier)
            }
        }
    }
}

/// The server's reference to the last of them, where it says one.
fn taken(answer: &[u8], resources: &[Resource]) -> Result<Option<String>, Undelivered> {
    let locations = fhir::all_taken(answer, resources.len()).map_err(|refused| match refused {
        Some(status) => Undelivered::Refused {
            reason: format!("the EHR took a transaction in part; one entry ended with {status}"),
        },
        None => Undelivered::InDoubt {
            retry_after: None,
            what: "the EHR's answer to a transaction cannot be read".to_owned(),
        },
    })?;
    let last = locations.into_iter().zip(resources).next_back();
    Ok(last.and_then(|(location, resource)| reference_in(&location?, resource.kind)))
}

/// A search that fails leaves nothing behind.
pub fn unseen(error: EhrError) -> Undelivered {
    match Undelivered::from(error) {
        Undelivered::InDoubt { retry_after, what } => Undelivered::Later { retry_after, what },
        Undelivered::Refused { reason } => {
            tracing::warn!(reason, "The EHR refuses a search");
            Undelivered::later("the EHR refuses a search")
        }
        other => other,
    }
}
