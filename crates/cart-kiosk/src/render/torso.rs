//! The only writer of the drawing on which the nurse sees where the chest piece lies.

use clinical::AuscultationSite;
use hub_api::SPOTS;

use super::rows;
use crate::{
    model::Model,
    ui::{SiteWord, SpotLook, TorsoAdapter},
};

pub fn draw(model: &Model, drawing: &TorsoAdapter<'_>) {
    let site = model.listening().site;
    let is_back = SPOTS.iter().any(|spot| Some(spot.site) == site && spot.back);
    drawing.set_site(site.map_or(SiteWord::None, word));
    drawing.set_back(is_back);
    let looks: Vec<_> = SPOTS
        .iter()
        .filter(|spot| spot.back == is_back)
        .map(|spot| SpotLook {
            x: spot.x,
            y: spot.y,
            here: Some(spot.site) == site,
            kept: is_kept(model, spot.site),
        })
        .collect();
    if let Some(list) = rows::update(&drawing.get_spots(), looks) {
        drawing.set_spots(list);
    }
}

fn is_kept(model: &Model, site: AuscultationSite) -> bool {
    let kept = model.encounter().map_or(&[][..], |encounter| &encounter.auscultations);
    kept.iter().any(|saved| saved.sound.site == site)
}

const fn word(site: AuscultationSite) -> SiteWord {
    match site {
        AuscultationSite::Aortic => SiteWord::Aortic,
        AuscultationSite::Pulmonic => SiteWord::Pulmonic,
        AuscultationSite::Erb => SiteWord::Erb,
        AuscultationSite::Tricuspid => SiteWord::Tricuspid,
        AuscultationSite::Mitral => SiteWord::Mitral,
        AuscultationSite::FrontRightUpper => SiteWord::FrontRightUpper,
        AuscultationSite::FrontLeftUpper => SiteWord::FrontLeftUpper,
        AuscultationSite::FrontRightLower => SiteWord::FrontRightLower,
        AuscultationSite::FrontLeftLower => SiteWord::FrontLeftLower,
        AuscultationSite::BackLeftUpper => SiteWord::BackLeftUpper,
        AuscultationSite::BackRightUpper => SiteWord::BackRightUpper,
        AuscultationSite::BackLeftLower => SiteWord::BackLeftLower,
        AuscultationSite::BackRightLower => SiteWord::BackRightLower,
        AuscultationSite::Elsewhere => SiteWord::Elsewhere,
    }
}
