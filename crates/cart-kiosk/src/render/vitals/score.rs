//! The early warning score as its line shows it. The core has counted it.

use clinical::{
    EarlyWarning,
    news2::{News2, NotFor, Parameter, Risk, Spo2Scale},
};

use crate::ui::{RiskLook, ScoreCard, ScoreLook};

/// All that NEWS2 is made of.
const PARAMETERS: usize = 7;

pub fn score(of: &EarlyWarning) -> ScoreCard {
    match of {
        EarlyWarning::Score { news2, scale, .. } => {
            ScoreCard { scale_two: *scale == Spo2Scale::Two, ..points(news2) }
        }
        EarlyWarning::NotFor { why } => of_look(not_for(*why)),
    }
}

fn points(news2: &News2) -> ScoreCard {
    if let (Some(total), Some(risk)) = (news2.total, news2.risk) {
        let (total, risk) = (total.into(), look(risk));
        return ScoreCard { total, risk, ..of_look(ScoreLook::Complete) };
    }
    if news2.missing.len() == PARAMETERS {
        return of_look(ScoreLook::Nothing);
    }
    let no = |parameter| news2.missing.contains(&parameter);
    ScoreCard {
        no_rate: no(Parameter::RespiratoryRate),
        no_saturation: no(Parameter::Spo2),
        no_breathing: no(Parameter::Breathing),
        no_systolic: no(Parameter::Systolic),
        no_pulse: no(Parameter::Pulse),
        no_consciousness: no(Parameter::Consciousness),
        no_temperature: no(Parameter::Temperature),
        ..of_look(ScoreLook::Partial)
    }
}

fn of_look(look: ScoreLook) -> ScoreCard {
    ScoreCard { look, ..ScoreCard::default() }
}

const fn not_for(why: NotFor) -> ScoreLook {
    match why {
        NotFor::Under16 => ScoreLook::Under16,
        NotFor::Pregnant => ScoreLook::Pregnant,
        NotFor::AgeUnknown => ScoreLook::AgeUnknown,
    }
}

const fn look(risk: Risk) -> RiskLook {
    match risk {
        Risk::Low => RiskLook::Low,
        Risk::LowMedium => RiskLook::LowMedium,
        Risk::Medium => RiskLook::Medium,
        Risk::High => RiskLook::High,
    }
}
