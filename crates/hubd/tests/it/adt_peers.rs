//! What python-hl7's MLLP client and hl7apy's messages bring about.

use crate::{adt::world, python::program, worklist::worklist};

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_others_are_acknowledged_and_taken() {
    let (world, listen) = world().await;
    let mut socket = world.cart().connect().await.unwrap();
    let port = listen.rsplit(':').next().unwrap();
    let mut sender = program("adt_sender.py", &["hl7==0.4.5", "hl7apy==1.3.5"]);
    let output = sender.args([port, "555"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = [("A01", 1), ("A08", 2), ("A40", 3), ("A03", 0)]
        .map(|(event, minute)| format!("[\"{event}\", \"AA\", \"PEER{minute}\"]\n"))
        .concat();
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    // The discharge is older than the admission, and the number is the survivor's.
    loop {
        let told = worklist(&mut socket).await;
        let here = told.iter().find(|of| of.patient.number == "555-NEW");
        if let Some(here) = here {
            assert_eq!((here.place.as_str(), here.patient.family.as_str()), ("4W 7 A", "Adeyemi"));
            return;
        }
    }
}
