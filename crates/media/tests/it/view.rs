//! What the physician looks at closely comes with the camera's own pixels over the same connection, and nothing else is cut.

use hub_api::View;
use media::MediaEvent;

use crate::{
    physician::Seen,
    room::halves,
    world::{World, eventually},
};

const LEFT: View = View { x: 0.0, y: 0.25, size: 0.5 };
const RIGHT: View = View { x: 0.5, y: 0.25, size: 0.5 };

/// Waits until the picture has this size, and its middle this brightness.
fn shows(world: &mut World, what: &str, size: (u32, u32), is_bright: bool) {
    world.seen(what, |seen| match seen {
        Seen::Shown { width, height, middle, .. } => {
            ((*width, *height) == size && (*middle > 128) == is_bright).then_some(())
        }
        _ => None,
    });
}

#[test]
fn a_part_of_the_picture_comes_with_the_cameras_own_pixels() {
    let room = halves(0, 1920, 1080);
    let camera = format!("y4m+tcp://127.0.0.1:{}", room.port);
    let mut world = World::new(&camera, "none").in_call_with_anything();
    shows(&mut world, "all of it", (1280, 720), true);
    world.studio.look(LEFT);
    assert_eq!(world.studio.view(), LEFT);
    shows(&mut world, "the left", (960, 540), false);
    world.studio.look(RIGHT);
    shows(&mut world, "the right", (960, 540), true);
    let still = eventually("still", || world.studio.still(None).ok());
    assert_eq!((still.width, still.height), (1920, 1080), "a still is all that the camera sees");
    world.studio.look(View { x: 0.9, y: 0.9, size: 0.01 });
    assert_eq!(world.studio.view(), View { x: 0.8, y: 0.8, size: View::SMALLEST });
    shows(&mut world, "a corner", (384, 216), true);
    world.studio.look(View::WHOLE);
    shows(&mut world, "all of it again", (1280, 720), true);
    assert_eq!(world.physicians.len(), 1, "no connection was made anew");

    world.studio.look(LEFT);
    drop(room);
    world.told(&MediaEvent::CameraLost);
    assert_eq!(world.studio.view(), View::WHOLE, "nothing is cut out of the slate");
}
