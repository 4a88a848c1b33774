//! Where the places of auscultation lie on the drawings of a torso (`assets/torso`), on the nurse's screen and on the
//! physician's page alike.

use clinical::AuscultationSite::{self, *};
use serde::Serialize;
use ts_rs::TS;

/// A place on a drawing. In hundredths of the drawing's width from its upper left corner; it is 110 of them high.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct Spot {
    pub site: AuscultationSite,
    /// On the drawing of the back, where the patient's left is on the left.
    pub back: bool,
    pub x: f32,
    pub y: f32,
}

/// Every place but the one that no drawing shows.
pub const SPOTS: [Spot; AuscultationSite::ALL.len() - 1] = [
    front(Aortic, 44.5, 29.0),
    front(Pulmonic, 55.5, 29.0),
    front(Erb, 56.0, 36.5),
    front(Tricuspid, 55.0, 45.0),
    front(Mitral, 65.0, 50.0),
    front(FrontRightUpper, 33.0, 29.0),
    front(FrontLeftUpper, 67.0, 29.0),
    front(FrontRightLower, 29.0, 58.0),
    front(FrontLeftLower, 73.0, 60.0),
    back(BackLeftUpper, 43.0, 36.0),
    back(BackRightUpper, 57.0, 36.0),
    back(BackLeftLower, 37.0, 63.0),
    back(BackRightLower, 63.0, 63.0),
];

/// The place that is meant by a touch of a drawing: a finger is wider than what lies between two of them.
pub fn nearest_site(is_back: bool, x: f32, y: f32) -> AuscultationSite {
    let distance = |spot: &Spot| (spot.x - x).powi(2) + (spot.y - y).powi(2);
    let spots = SPOTS.iter().filter(|spot| spot.back == is_back);
    let nearest = spots.min_by(|one, other| distance(one).total_cmp(&distance(other)));
    nearest.map_or(Elsewhere, |spot| spot.site)
}

const fn front(site: AuscultationSite, x: f32, y: f32) -> Spot {
    Spot { site, back: false, x, y }
}

const fn back(site: AuscultationSite, x: f32, y: f32) -> Spot {
    Spot { site, back: true, x, y }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_but_elsewhere_has_one_spot_on_its_drawing() {
        for site in AuscultationSite::ALL {
            let spots: Vec<_> = SPOTS.iter().filter(|spot| spot.site == site).collect();
            assert_eq!(spots.len(), usize::from(site != Elsewhere), "{site:?}");
            for spot in spots {
                assert!((0.0..100.0).contains(&spot.x) && (0.0..110.0).contains(&spot.y));
                assert_eq!(nearest_site(spot.back, spot.x, spot.y), site);
            }
        }
    }

    #[test]
    fn the_patients_right_is_left_on_the_front_and_right_on_the_back() {
        for spot in SPOTS {
            let name = format!("{:?}", spot.site);
            if name.contains("Right") || name.contains("Left") {
                assert_eq!(spot.x > 50.0, name.contains("Right") == spot.back, "{name}");
            }
        }
    }

    #[test]
    fn a_touch_beside_a_place_means_the_nearest() {
        assert_eq!(nearest_site(false, 70.0, 53.0), Mitral);
        assert_eq!(nearest_site(true, 70.0, 53.0), BackRightLower);
        assert_eq!(nearest_site(false, f32::NAN, 0.0), Aortic);
    }
}
