//! Takes stills beside the screen's thread, and takes the studio down there: both take time.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use clinical::ExamCamera;
use media::{StillPicture, Studio};
use tokio::sync::mpsc;

use crate::model::{Input, StillFor, TakenPicture};

/// A still takes 50 ms; a person who asks for more than these at once gets "not now".
const WAITING_STILLS: usize = 4;
/// A camera that was just switched on gives its first picture within this.
const FIRST_PICTURE: Duration = Duration::from_secs(3);
const NEXT_LOOK: Duration = Duration::from_millis(100);

pub struct Stills {
    wanted: SyncSender<StillFor>,
}

impl Stills {
    /// The thread keeps the studio until this is dropped, and drops it last.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(studio: Arc<Studio>, inbox: mpsc::Sender<Input>) -> io::Result<Self> {
        let (wanted, arriving) = sync_channel(WAITING_STILLS);
        thread::Builder::new()
            .name("stills".into())
            .spawn(move || run(&studio, &arriving, &inbox))?;
        Ok(Self { wanted })
    }

    /// False when too many wait already; otherwise an [`Input::Still`] follows.
    pub fn take(&self, for_whom: StillFor) -> bool {
        self.wanted.try_send(for_whom).is_ok()
    }
}

fn run(studio: &Studio, wanted: &Receiver<StillFor>, inbox: &mpsc::Sender<Input>) {
    for for_whom in wanted {
        let of = for_whom.examined.map(|examined| examined.with);
        let picture = take(studio, of).map(|StillPicture { jpeg, width, height }| TakenPicture {
            jpeg,
            width,
            height,
        });
        if inbox.blocking_send(Input::Still { for_whom, picture }).is_err() {
            tracing::debug!("The window is closed");
        }
    }
}

fn take(studio: &Studio, of: Option<ExamCamera>) -> Option<StillPicture> {
    let begin = Instant::now();
    loop {
        match studio.still(of) {
            Ok(picture) => return Some(picture),
            Err(error) if begin.elapsed() > FIRST_PICTURE => {
                tracing::warn!(%error, "No still");
                return None;
            }
            Err(_) => thread::sleep(NEXT_LOOK),
        }
    }
}
