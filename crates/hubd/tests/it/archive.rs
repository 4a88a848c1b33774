//! What a site has its image archive take goes there as DICOM, and comes back as it was sent.

use std::{fs, os::unix::fs::PermissionsExt as _};

use clinical::EntryBody;
use hub_api::Delivery;
use sim_ehr::{EPIC, Orthanc};

use crate::{
    delivery::{connect, news, put},
    words::{TIME, new_encounter, opened, sha256, still},
    world::World,
};

/// 64 × 48 pixels.
const JPEG: &[u8] = include_bytes!("../../../dicom/testdata/still.jpg");

#[tokio::test(flavor = "multi_thread")]
async fn a_still_that_the_ehr_takes_not_goes_to_the_archive() {
    let archive = Orthanc::start().unwrap();
    let secrets = tempfile::tempdir().unwrap();
    let password = secrets.path().join("password");
    fs::write(&password, format!("{}\n", Orthanc::PASSWORD)).unwrap();
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).unwrap();
    let config = format!(
        "[dicom]\narchive = \"{}\"\nentries = [\"stills\", \"ecg\"]\nuser = \"hub\"\n\
         password_file = \"{}\"\ntime_zone = \"Europe/Berlin\"\n",
        archive.base(),
        password.display()
    );
    let world = World::configured(&EPIC, &config).await;
    world.ehr.admit("okafor", "visit-1", &TIME.to_string());
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let opened = opened(encounter);
    put(&cart, &opened).await;
    assert_eq!(news(&mut socket).await, [(opened.id, Delivery::InEhr)]);
    cart.put_blob(&sha256(JPEG), "image/jpeg", JPEG.to_vec()).await;
    let mut picture = still(encounter, JPEG);
    if let EntryBody::Still(still) = &mut picture.body {
        (still.width, still.height) = (64, 48);
    }
    put(&cart, &picture).await;
    assert_eq!(news(&mut socket).await, [(picture.id, Delivery::InEhr)]);
    assert_eq!(archive.instances().unwrap(), 1);
    assert_eq!(world.ehr.all("DocumentReference").len(), 0);
    // What the archive would not give back is refused before it is sent.
    cart.put_blob(&sha256(b"no picture"), "image/jpeg", b"no picture".to_vec()).await;
    let damaged = still(encounter, b"no picture");
    put(&cart, &damaged).await;
    assert_eq!(news(&mut socket).await, [(damaged.id, Delivery::SetAside)]);
    assert_eq!(archive.instances().unwrap(), 1);
}
