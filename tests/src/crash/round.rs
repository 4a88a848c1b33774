//! One hub, one cart, one EHR; kills; and everything left to come to its end.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clinical::{EncounterId, Entry, EntryBody, EntryId, Note};
use hub_api::Delivery;
use sim_devices::{Clock, gatt, link, thermometer::Thermometer};
use sim_ehr::{Ehr, Faults, Rules};
use uuid::Uuid;
use vault::{CartVault, Commit, CommitError, HubVault, SealedEntry};

use super::{
    archive::{self, Archive},
    chance::Chance,
    engine::{Engine, Losses},
    judge::{Evidence, judge},
    nurse::{Nurse, Seen, lock, now},
    tally::Tally,
};
use crate::{
    cart::{CART, Cart},
    hub::{Hub, SETTLES_SOON},
    place,
    wait::{seconds, until},
};

/// What the EHR takes late is there before the settle window of [`SETTLES_SOON`] is over.
const LATENESS: Duration = Duration::from_millis(600);
/// Longer than the quarter of a minute after which the hub looks for what others have put into its record.
const DRAINS: Duration = seconds(20);
/// The encounters of a round are some dozens, and their entries go one after the other. The end of a visit is
/// two writes of which each fails four times out of ten, so that one in a hundred fails ten times.
const STARTS: usize = 25;
const LOOK: Duration = Duration::from_millis(200);

/// What gets a part of it instead of the EHR.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// Readings, by HL7 version 2.
    Engine,
    /// Pictures, by DICOM.
    Archive,
}

/// Losses of the interface engine.
const LOSSES: Losses = Losses { requests: 5, acknowledgements: 10 };

pub struct Plan {
    pub rules: &'static Rules,
    pub beside: Beside,
    pub kills: usize,
}

struct Ward {
    cart: Cart,
    hub: Hub,
    ehr: Ehr,
    engine: Option<Engine>,
    archive: Option<Archive>,
    seen: Arc<Mutex<Seen>>,
    /// The hub's own.
    notes: Vec<Entry>,
    stills: Vec<Entry>,
    chance: Chance,
    kills: usize,
}

/// # Errors
/// A program does not start again, nothing could be measured, or something never comes to its end.
pub async fn play(folder: &Path, plan: &Plan, chance: Chance) -> Result<Tally> {
    let (mut ward, nurse) = set_up(folder, plan, chance).await?;
    let ends = Arc::new(AtomicBool::new(false));
    let working = tokio::spawn(nurse.work(ends.clone()));
    // Signing in is hindered by its own rules when it is cut off again and again.
    until("the first reading", seconds(30), || {
        let has_one = !lock(&ward.seen).readings.is_empty();
        async move { Ok(has_one.then_some(())) }
    })
    .await?;
    while ward.kills < plan.kills {
        ward.kill().await?;
    }
    ward.hub.answers().await?;
    ward.cart.answers().await?;
    ends.store(true, Ordering::SeqCst);
    working.await??;
    ward.comes_to_its_end().await?;
    ward.judge(plan)
}

async fn set_up(folder: &Path, plan: &Plan, mut chance: Chance) -> Result<(Ward, Nurse)> {
    let logs = folder.join("logs");
    place::private(&logs)?;
    let (ehr, address) = Ehr::start(plan.rules, ([127, 0, 0, 1], 0).into()).await?;
    let (engine, archive) = match plan.beside {
        Beside::Nothing => (None, None),
        Beside::Engine => {
            let own = Chance::new(chance.below(u64::MAX));
            (Some(Engine::start(LOSSES, own).await?), None)
        }
        Beside::Archive => (None, Some(Archive::start(folder)?)),
    };
    let thermometer = Arc::new(Mutex::new(Thermometer::default()));
    let mut cart = Cart::prepare(&folder.join("cart"), &logs)?;
    let mut config = SETTLES_SOON.to_owned();
    config.extend(engine.as_ref().map(|engine| engine.config(&["readings"])));
    config.extend(archive.as_ref().map(Archive::config));
    let enrolment = (CART, cart.public_key.as_str());
    let mut hub = Hub::prepare(&folder.join("hub"), &logs, &address, &config, enrolment)?;
    cart.configure(hub.address(), &[("thermometer", "ble-thermometer", &serve(&thermometer)?)])?;
    hub.run().await?;
    cart.run().await?;
    ehr.set_faults(Faults {
        busy: 10,
        lost_request: 5,
        lost_answer: 10,
        late: 15,
        lateness: LATENESS,
    });
    let nurse = Nurse::new(cart.socket(), thermometer, ehr.clone(), !takes_encounters(plan.rules));
    let seen = nurse.seen.clone();
    let (notes, stills) = (Vec::new(), Vec::new());
    let ward = Ward { cart, hub, ehr, engine, archive, seen, notes, stills, chance, kills: 0 };
    Ok((ward, nurse))
}

/// The link of a thermometer that whoever connects gets.
fn serve(thermometer: &Arc<Mutex<Thermometer>>) -> Result<String> {
    let (clock, device) = (Clock::start(), thermometer.clone());
    let address = link::tcp::serve(0, Arc::default(), clock, move || {
        Box::new(gatt::Session::new(device.clone(), clock))
    })?;
    Ok(format!("att+tcp://{address}"))
}

/// Makes its encounters from ours; the other servers keep their own.
pub fn takes_encounters(rules: &Rules) -> bool {
    !["epic", "veradigm"].contains(&rules.name)
}

/// Ends them with ours.
pub fn ends_encounters(rules: &Rules) -> bool {
    ["transactions", "put"].contains(&rules.name)
}

impl Ward {
    /// The cart, the hub or both, at a random moment; every fourth time while they still start.
    async fn kill(&mut self) -> Result<()> {
        if self.chance.below(4) > 0 {
            self.hub.answers().await?;
            self.cart.answers().await?;
            // While the hub has its record open: after a kill it has to mend the record by itself.
            self.write_notes()?;
        }
        let longest = if self.chance.below(3) == 0 { 100 } else { 1500 };
        tokio::time::sleep(self.chance.millis_below(longest)).await;
        let victims = self.chance.below(3);
        let (kills_cart, kills_hub) = (victims != 0, victims != 1);
        if kills_cart {
            self.cart.kill()?;
        }
        if kills_hub {
            self.hub.kill()?;
        }
        self.kills += usize::from(kills_cart) + usize::from(kills_hub);
        tokio::time::sleep(self.chance.millis_below(100)).await;
        if kills_cart {
            self.cart.begin()?;
        }
        if kills_hub {
            self.hub.begin()?;
        }
        Ok(())
    }

    /// A physician's note in each visit that the hub knows, as the portal would keep it, and a picture
    /// where an archive takes them.
    fn write_notes(&mut self) -> Result<()> {
        let vault = self.hub.vault()?;
        let visits: Vec<EncounterId> = lock(&self.seen).visits.keys().copied().collect();
        for encounter in visits {
            if self.notes.iter().any(|note| note.encounter == encounter) {
                continue;
            }
            let text = format!("No distress. Seen in {encounter}.");
            let body = EntryBody::Note(Note { author: "Dr. Weiss".into(), text });
            let id = EntryId::new(Uuid::now_v7());
            let note = Entry { id, encounter, recorded: now(), body };
            match vault.commit(Commit::of(SealedEntry::seal(note.clone()))) {
                Ok(_) => {
                    self.notes.push(note);
                    if self.archive.is_some() {
                        self.stills.push(archive::keep_still(&vault, encounter, now())?);
                    }
                }
                // The cart has not told it yet.
                Err(CommitError::NotOpened { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// With all the faults, and with a kill more where it takes long: a wait grows up to five minutes with
    /// the failures before it, and after a start each wait begins anew.
    async fn comes_to_its_end(&mut self) -> Result<()> {
        for _ in 0..STARTS {
            if self.drains().await? {
                return Ok(());
            }
            self.hub.kill()?;
            self.kills += 1;
            self.hub.begin()?;
            self.hub.answers().await?;
        }
        bail!("there are entries that come to no end");
    }

    /// `false`: not within [`DRAINS`].
    async fn drains(&mut self) -> Result<bool> {
        let visits: Vec<EncounterId> = lock(&self.seen).visits.keys().copied().collect();
        let (cart, hub) = (self.cart.vault()?, self.hub.vault()?);
        let begin = Instant::now();
        while begin.elapsed() < DRAINS {
            self.write_notes()?;
            let has_notes = self.notes.len() == visits.len();
            if has_notes && unfinished(&cart, &hub, &visits)? == 0 && self.ehr.is_settled() {
                return Ok(true);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(false)
    }

    fn judge(&self, plan: &Plan) -> Result<Tally> {
        let seen = lock(&self.seen).clone();
        let evidence = Evidence {
            seen: &seen,
            notes: &self.notes,
            stills: &self.stills,
            cart: &self.cart.vault()?,
            hub: &self.hub.vault()?,
            ehr: &self.ehr,
            engine: self.engine.as_ref().map(Engine::taken),
            archived: self.archive.as_ref().map_or(Ok(0), Archive::instances)?,
            takes_encounters: takes_encounters(plan.rules),
            ends_encounters: ends_encounters(plan.rules),
            waiting: &self.hub.waiting_for_a_person()?,
        };
        let tally = judge(&evidence)?;
        Ok(Tally { kills: self.kills, ..tally })
    }
}

/// Entries of these visits that are not yet in the EHR, nor before a person.
fn unfinished(cart: &CartVault, hub: &HubVault, visits: &[EncounterId]) -> Result<usize> {
    let mut rest = 0;
    for visit in visits {
        let mut ids: Vec<EntryId> = Vec::new();
        for stored in cart.entries_of(*visit)?.into_iter().chain(hub.entries_of(*visit)?) {
            ids.push(stored.sealed.entry().id);
        }
        ids.sort_unstable();
        ids.dedup();
        let ended = hub.deliveries(&ids)?;
        let ended = ended.iter().filter(|(_, delivery)| *delivery != Delivery::AtHub).count();
        rest += ids.len() - ended;
    }
    Ok(rest)
}
