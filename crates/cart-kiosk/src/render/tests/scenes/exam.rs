//! Somebody looks through an exam camera.

use cart_api::CartState;
use clinical::{
    ExamCamera::{self, Ophthalmoscope, Otoscope},
    Laterality,
};
use media::MediaEvent;

use super::{Scene, full, listen};
use crate::model::{Input, Model, Press, testing::*};

pub fn all() -> Vec<Scene> {
    let scene = |name, model| Scene { name, model };
    vec![
        scene("call-exam-cameras", holding(in_call(), &[Otoscope])),
        scene("call-examined", into_the_right_ear(in_call())),
        scene("call-examined-full", everything()),
        scene("camera-examined", viewfinder()),
    ]
}

fn holding(state: CartState, cameras: &[ExamCamera]) -> Model {
    let mut model = Model::new(NOW).with_exam_cameras(cameras.to_vec());
    drop(say(&mut model, state));
    model
}

pub fn into_the_right_ear(state: CartState) -> Model {
    let mut model = holding(state, &[Otoscope]);
    press_all(&mut model, [Press::TakeUp(Some(Otoscope)), Press::LookInto(Laterality::Right)]);
    model
}

/// Every camera there is, one of them away, while the physician listens too.
fn everything() -> Model {
    let call = in_call().call;
    let model = holding(CartState { call, ..full() }, &ExamCamera::ALL);
    let mut model = listen::begun(model);
    press_all(&mut model, [Press::TakeUp(Some(Ophthalmoscope))]);
    assert!(model.update(Input::Media(MediaEvent::ExamCameraLost(Ophthalmoscope)), NOW).is_empty());
    model
}

fn viewfinder() -> Model {
    let mut model = holding(measured(), &ExamCamera::ALL);
    press_all(&mut model, [Press::OpenCamera, Press::TakeUp(Some(Otoscope))]);
    model
}
