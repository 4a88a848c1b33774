//! The consult of a physician who has Firefox, and one without H.264: its plugin may never have been downloaded.

use std::sync::PoisonError;

use anyhow::{Result, ensure};
use stage::{
    browser::Product,
    consult::Consult,
    media,
    wait::{seconds, until},
};

#[test]
fn a_physician_with_firefox_sees_hears_listens_and_hangs_up() {
    crate::play_in(Product::Firefox, None, acts);
}

async fn acts(consult: &mut Consult) -> Result<()> {
    knows_no_h264(consult).await?;
    consult.sign_in_and_identify().await?;
    consult.call().await?;
    goes_on(consult).await?;
    consult.physician_hears().await?;
    consult.nurse_sees_and_hears().await?;
    consult.hear_the_heart().await?;
    consult.lay_the_chest_piece().await?;
    consult.keep_the_sound().await?;
    consult.move_camera().await?;
    consult.look_closer().await?;
    consult.physician_hangs_up().await?;
    consult.end().await?;
    consult.all_in_the_ehr().await
}

/// Otherwise this would be the other tests again.
async fn knows_no_h264(consult: &Consult) -> Result<()> {
    let known = "return RTCRtpReceiver.getCapabilities('video').codecs.map((one) => one.mimeType);";
    let known = consult.physician.run(known).await?.to_string();
    ensure!(known.contains("VP8") && !known.contains("H264"), "Firefox knows {known}");
    Ok(())
}

/// The picture is no single one: more of it are presented, and the page calls it live.
async fn goes_on(consult: &Consult) -> Result<()> {
    let presented = "const video = document.querySelector('[data-testid=remote-video]');
         let count = 0;
         const shown = () => {
             count += 1;
             video.requestVideoFrameCallback(shown);
         };
         video.requestVideoFrameCallback(shown);
         await new Promise((done) => setTimeout(done, 1000));
         return count;";
    until("pictures go on", seconds(10), || async {
        let presented = consult.physician.run(presented).await?;
        Ok(presented.as_u64().filter(|count| *count >= 10))
    })
    .await?;
    consult.physician.shows("veil", false).await
}

#[test]
fn firefox_dates_the_picture_truly() {
    let _alone = crate::STAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts on every machine");
    let dating =
        runtime.block_on(media::date(Product::Firefox)).expect("Firefox shows the picture");
    assert!(dating.shown >= 10, "{dating:?}");
    // The portal rounds to a tenth of a second, and calls nothing below three of them old.
    assert!(dating.error_p50.is_some_and(|error| error.abs() < 100.), "{dating:?}");
}
