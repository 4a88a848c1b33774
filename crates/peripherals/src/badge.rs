//! Badge readers by PC/SC: which reader is there, whose badge lies on it.
//!
//! pcscd owns the readers. It is asked a few times a second; it may go away and come back.

use std::{
    collections::BTreeMap,
    ffi::CString,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::Duration,
};

use devices::{GET_UID, LONGEST_ANSWER, NoUid, Uid};
use pcsc::{Context, Error, Protocols, ReaderState, Scope, ShareMode, State};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadgeEvent {
    /// pcscd cannot be asked; told once until it answers again.
    ServiceAway(Error),
    ServiceBack,
    ReaderFound(String),
    ReaderGone(String),
    Badge(Uid),
    /// A card lies there that gives no number; it has to be put there again.
    Unread(Unread),
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error("could not speak with the card")]
    Card(#[source] Error),
    #[error("the card gave no number")]
    Number(#[source] NoUid),
}

/// Fast enough for a badge that is held there for a moment.
const LOOK: Duration = Duration::from_millis(250);
/// A cart has one or two readers, of which each may have a slot for cards with contacts.
const READERS: usize = 8;

/// Watches for as long as this exists.
pub struct BadgeWatch {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for BadgeWatch {
    fn drop(&mut self) {
        drop(self.stop.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("The thread of the badge readers has panicked");
        }
    }
}

/// `tell` runs on the thread of the readers; it must not drop the watch.
///
/// # Panics
/// When the system has no thread left, as [`std::thread::spawn`] does.
pub fn watch(mut tell: impl FnMut(BadgeEvent) + Send + 'static) -> BadgeWatch {
    let (stop, stopped) = channel();
    let thread = std::thread::spawn(move || {
        let mut desk = Desk::default();
        let mut service = Pcscd::default();
        loop {
            desk.look(&mut service, &mut tell);
            match stopped.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    BadgeWatch { stop: Some(stop), thread: Some(thread) }
}

/// What is asked of pcscd.
trait Service {
    /// Each reader, and the number of times a card came or went on it, if one lies there.
    fn readers(&mut self) -> Result<BTreeMap<String, Option<u32>>, Error>;
    fn transmit(&mut self, reader: &str, apdu: &[u8]) -> Result<Vec<u8>, Error>;
}

/// What was seen the last time.
#[derive(Default)]
struct Desk {
    readers: BTreeMap<String, Option<u32>>,
    away: bool,
}

impl Desk {
    fn look(&mut self, service: &mut impl Service, tell: &mut impl FnMut(BadgeEvent)) {
        let (seen, away) = match service.readers() {
            Ok(seen) => (seen, None),
            // Without pcscd there is no reader, and no badge on it.
            Err(error) => (BTreeMap::new(), Some(error)),
        };
        let before = std::mem::replace(&mut self.readers, seen);
        for (name, card) in &before {
            let now = self.readers.get(name);
            if card.is_some() && now != Some(card) {
                tell(BadgeEvent::Removed);
            }
            if now.is_none() {
                tell(BadgeEvent::ReaderGone(name.clone()));
            }
        }
        match (self.away, away) {
            (false, Some(error)) => tell(BadgeEvent::ServiceAway(error)),
            (true, None) => tell(BadgeEvent::ServiceBack),
            (false, None) | (true, Some(_)) => {}
        }
        self.away = away.is_some();
        for (name, card) in &self.readers {
            if !before.contains_key(name) {
                tell(BadgeEvent::ReaderFound(name.clone()));
            }
            if card.is_some() && before.get(name) != Some(card) {
                tell(read(service, name));
            }
        }
    }
}

fn read(service: &mut impl Service, reader: &str) -> BadgeEvent {
    let answer = match service.transmit(reader, &GET_UID) {
        Ok(answer) => answer,
        Err(error) => return BadgeEvent::Unread(Unread::Card(error)),
    };
    match Uid::read(&answer) {
        Ok(uid) => BadgeEvent::Badge(uid),
        Err(why) => BadgeEvent::Unread(Unread::Number(why)),
    }
}

/// The real one. After an error its context is of no more use.
#[derive(Default)]
struct Pcscd(Option<Context>);

impl Service for Pcscd {
    fn readers(&mut self) -> Result<BTreeMap<String, Option<u32>>, Error> {
        let context = match self.0.take() {
            Some(context) => context,
            None => Context::establish(Scope::User)?,
        };
        let seen = look(&context)?;
        self.0 = Some(context);
        Ok(seen)
    }

    fn transmit(&mut self, reader: &str, apdu: &[u8]) -> Result<Vec<u8>, Error> {
        let context = self.0.as_ref().ok_or(Error::NoService)?;
        let name = CString::new(reader).map_err(|_| Error::UnknownReader)?;
        let card = context.connect(&name, ShareMode::Shared, Protocols::ANY)?;
        let mut answer = [0; LONGEST_ANSWER];
        let length = card.transmit(apdu, &mut answer)?.len();
        Ok(answer[..length].to_vec())
    }
}

fn look(context: &Context) -> Result<BTreeMap<String, Option<u32>>, Error> {
    let names = match context.list_readers_owned() {
        Err(Error::NoReadersAvailable) => Vec::new(),
        names => names?,
    };
    let unaware = |name| ReaderState::new(name, State::UNAWARE);
    let mut states: Vec<ReaderState> = names.into_iter().take(READERS).map(unaware).collect();
    if !states.is_empty() {
        context.get_status_change(Duration::ZERO, &mut states)?;
    }
    let seat = |state: &ReaderState| {
        // A card without power or of an unknown kind is there, and is no badge.
        let there = state.event_state().contains(State::PRESENT);
        let name = state.name().to_string_lossy().into_owned();
        (name, there.then(|| state.event_count()))
    };
    Ok(states.iter().map(seat).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const READER: &str = "ACS ACR122U";

    /// What pcscd says at each look, and what the card answers.
    struct Said(Result<Option<Option<u32>>, Error>, &'static [u8]);

    impl Service for Said {
        fn readers(&mut self) -> Result<BTreeMap<String, Option<u32>>, Error> {
            Ok(self.0?.map(|card| (READER.to_owned(), card)).into_iter().collect())
        }

        fn transmit(&mut self, reader: &str, apdu: &[u8]) -> Result<Vec<u8>, Error> {
            assert_eq!((reader, apdu), (READER, &[0xFF, 0xCA, 0, 0, 0][..]));
            if self.1.is_empty() { Err(Error::RemovedCard) } else { Ok(self.1.to_vec()) }
        }
    }

    const GOOD: &[u8] = &[0xDE, 0xAD, 0xBE, 0xEF, 0x90, 0x00];

    #[track_caller]
    fn check(looks: impl IntoIterator<Item = Said>, expected: &[BadgeEvent]) {
        let (mut desk, mut told) = (Desk::default(), Vec::new());
        for mut service in looks {
            desk.look(&mut service, &mut |event| told.push(event));
        }
        assert_eq!(told, expected);
    }

    fn badge(answer: &[u8]) -> BadgeEvent {
        BadgeEvent::Badge(Uid::read(answer).unwrap())
    }

    fn found() -> BadgeEvent {
        BadgeEvent::ReaderFound(READER.into())
    }

    #[test]
    fn a_badge_is_told_once_when_it_comes_and_when_it_goes() {
        let card = |count| Said(Ok(Some(count)), GOOD);
        let looks = [card(None), card(Some(1)), card(Some(1)), card(None)];
        check(looks, &[found(), badge(GOOD), BadgeEvent::Removed]);
    }

    #[test]
    fn a_badge_that_was_exchanged_between_two_looks_is_another() {
        let other = &[1, 2, 3, 4, 5, 6, 7, 0x90, 0x00];
        let looks = [Said(Ok(Some(Some(1))), GOOD), Said(Ok(Some(Some(3))), other)];
        check(looks, &[found(), badge(GOOD), BadgeEvent::Removed, badge(other)]);
    }

    #[test]
    fn a_card_without_a_number_is_nobody_s_badge() {
        let looks = [Said(Ok(Some(Some(1))), &[0x6A, 0x81])];
        let refused = Unread::Number(NoUid::Refused(0x6A, 0x81));
        check(looks, &[found(), BadgeEvent::Unread(refused)]);
        let looks = [Said(Ok(Some(Some(1))), &[])];
        let removed = Unread::Card(Error::RemovedCard);
        check(looks, &[found(), BadgeEvent::Unread(removed)]);
    }

    #[test]
    fn a_service_that_goes_takes_its_readers_with_it() {
        let away = || Said(Err(Error::NoService), &[]);
        let there = || Said(Ok(Some(Some(1))), GOOD);
        let expected = [
            BadgeEvent::ServiceAway(Error::NoService),
            BadgeEvent::ServiceBack,
            found(),
            badge(GOOD),
            BadgeEvent::Removed,
            BadgeEvent::ReaderGone(READER.into()),
            BadgeEvent::ServiceAway(Error::NoService),
        ];
        check([away(), away(), there(), away()], &expected);
    }
}
