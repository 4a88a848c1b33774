//! How soon a physician who moves the camera sees it move, through everything that lies between: the portal's page, the data
//! channel, kiosk and `cartd`, VISCA, the simulated camera's motors, its picture, the encoder, and the page again.
//!
//! One clock, the page's. A change is one of pixels in more parts of the picture than change by themselves: a patient breathes.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::{
    consult::Consult,
    figures::{Figure, p50, p95},
    stage::Stage,
    wait::seconds,
};

const COMMANDS: u32 = 40;
/// Of 255: above what the coder still corrects in a picture that stands, below the first step of an edge.
const LEAST: u32 = 6;
/// Blocks of 144, beyond those in which the room moved by itself in the second before.
const MARGIN: u32 = 6;
/// Milliseconds. Prime to the 33 of a frame, so that commands meet it everywhere.
const PHASE: u32 = 7;

#[derive(Deserialize)]
struct Answer {
    /// From the key until the callback of the first frame that shows it, in milliseconds; `None`: not within two seconds.
    took: Option<f64>,
    /// Blocks that changed by themselves, and at the end.
    quiet: u32,
    blocks: u32,
}

/// About a minute and a half.
///
/// # Errors
/// A part of the stage does not start, or no call comes about.
pub async fn measure() -> Result<Vec<Figure>> {
    println!("The camera's commands, through the whole cart: {COMMANDS} of them …");
    let mut consult = Consult::begin(Stage::set(false, None).await?).await?;
    let answers = commands(&mut consult).await;
    let answers = match answers {
        Ok(answers) => answers,
        Err(error) => {
            let logs = consult.stage.keep();
            return Err(error.context(format!("logs: {}", logs.display())));
        }
    };
    consult.physician.close().await?;
    figures(&answers)
}

async fn commands(consult: &mut Consult) -> Result<Vec<Answer>> {
    consult.sign_in_and_identify().await?;
    consult.call().await?;
    // The rate has been found, and the own camera is on.
    tokio::time::sleep(seconds(6)).await;
    let mut answers = Vec::new();
    for number in 0..COMMANDS {
        // There and back, so that the head never stands at its end.
        let key = if number % 2 == 0 { "ArrowLeft" } else { "ArrowRight" };
        let phase = number * PHASE % 33;
        let script = format!(
            "const [KEY, PHASE, LEAST, MARGIN] = [{key:?}, {phase}, {LEAST}, {MARGIN}];\n{}",
            include_str!("command.js")
        );
        let answer = consult.physician.run(&script).await?;
        answers.push(
            serde_json::from_value(answer.clone()).with_context(|| format!("answered {answer}"))?,
        );
    }
    Ok(answers)
}

fn figures(answers: &[Answer]) -> Result<Vec<Figure>> {
    for unseen in answers.iter().filter(|answer| answer.took.is_none()) {
        println!("Unseen: {} blocks changed, {} by themselves", unseen.blocks, unseen.quiet);
    }
    let took: Vec<f64> = answers.iter().filter_map(|answer| answer.took).collect();
    let middle = p50(&took).context("no command was seen")?;
    let late = p95(&took).context("no command was seen")?;
    let unseen = answers.len() - took.len();
    Ok(vec![
        Figure::told("camera_command_p50", middle, "ms"),
        Figure::at_most("camera_command_p95", late, "ms", 100.),
        Figure::exactly("camera_commands_unseen", unseen as f64, "commands", 0.),
    ])
}
