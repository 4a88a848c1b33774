//! Whether the patient can be read in what a cart leaves on its disk: record, write-ahead log, blobs,
//! and the core file of a daemon that dies.

use std::{fs, net::TcpListener, path::Path};

use anyhow::{Result, ensure};

use super::{cores, filling::still, visits::patient};
use crate::{cart::Cart, consult::CANARIES, figures::Figure, observer::Observer, place};

/// As often as a picture says the patient's name in its bytes.
const TIMES: usize = 20_000;

pub async fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let logs = folder.join("logs");
    place::private(&logs)?;
    let cart = Cart::prepare(&folder.join("cart"), &logs)?;
    let nobody = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    cart.configure(nobody, &[])?;
    keep_a_picture_of_words(&cart)?;
    let dumps = folder.join("dumps");
    place::private(&dumps)?;
    let mut daemon = cores::Dumping::start("cartd", cart.command()?, &dumps, &logs)?;
    let mut kiosk = Observer::connect_soon(&cart.socket()).await?;
    kiosk.sign_in().await?;
    kiosk.open(patient()).await?;
    let running = cart.disk()?;
    daemon.abort()?;
    let dead = cart.disk()?;
    ensure!(running.len() > 4 * TIMES, "the cart's disk holds {} bytes only", running.len());
    let of_another = cores::of_another_program(&dumps, &logs)?;
    let core = cores::left_by("cartd", &dumps)?;
    Ok(vec![
        none("canaries_while_running", found(&running)),
        none("canaries_after_a_crash", found(&dead)),
        none("canaries_in_core_files", found(&core)),
        cores::figure(core.len(), of_another),
    ])
}

/// What is no picture serves as one: a real one hides its words by itself.
fn keep_a_picture_of_words(cart: &Cart) -> Result<()> {
    let vault = cart.vault()?;
    let words = CANARIES.join(" ").repeat(TIMES);
    vault.commit(still(words.into_bytes())?)?;
    // The log has to be there when somebody looks.
    ensure!(
        fs::metadata(cart.data().join("vault.db-wal"))?.len() > 0,
        "there is no write-ahead log"
    );
    Ok(())
}

fn found(bytes: &[u8]) -> usize {
    let has =
        |canary: &&&str| bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
    CANARIES.iter().filter(has).count()
}

fn none(figure: &'static str, found: usize) -> Figure {
    Figure::exactly(figure, found as f64, "canaries", 0.).beside(CANARIES.len() as f64)
}
