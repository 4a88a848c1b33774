//! `hubd ehr …`: what a technician asks before and while the hub runs.

use anyhow::{Context as _, Result, ensure};
use upstream::ehr::EhrClient;

use super::{
    check::{Line, lines},
    config::EhrConfig,
};
use crate::{cli::Ehr, clock};

/// # Errors
/// The configuration cannot be used, or a step of the way into the EHR does not work.
pub fn run(command: Ehr) -> Result<()> {
    match command {
        Ehr::Jwks { ehr_config } => {
            let keys = EhrConfig::read(Some(&ehr_config))?.access()?.key_set;
            let keys =
                keys.context("[access]: there are keys with kind = \"backend-services\" only")?;
            println!("{}", keys.json());
            Ok(())
        }
        Ehr::Check { ehr, ehr_config } => {
            let access = EhrConfig::read(ehr_config.as_deref())?.access()?;
            let client = EhrClient::new(&ehr, access.ehr)?;
            let inspection = tokio::runtime::Runtime::new()?.block_on(client.inspect());
            let lines = lines(&inspection, access.algorithm, clock::now());
            for line in &lines {
                println!("{line}");
            }
            let failed = lines.iter().filter(|line| matches!(line, Line::Fails(_))).count();
            ensure!(failed == 0, "{failed} of {} steps failed", lines.len());
            Ok(())
        }
    }
}
