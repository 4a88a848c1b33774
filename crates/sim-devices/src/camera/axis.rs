//! One motor: it gathers speed, brakes in time and stops at its ends.
//!
//! Units are the caller's: degrees for pan and tilt, lens steps for zoom.

/// What a motor can do.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub lowest: f64,
    pub highest: f64,
    /// Per second, per second.
    pub acceleration: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Aim {
    /// At this signed speed until told otherwise.
    Speed(f64),
    /// To this place, no faster than this.
    Place { target: f64, speed: f64 },
}

#[derive(Clone, Debug)]
pub struct Axis {
    limits: Limits,
    position: f64,
    speed: f64,
    aim: Aim,
}

impl Axis {
    pub fn new(position: f64, limits: Limits) -> Self {
        Self { limits, position, speed: 0.0, aim: Aim::Speed(0.0) }
    }

    pub fn position(&self) -> f64 {
        self.position
    }

    pub fn drive(&mut self, speed: f64) {
        self.aim = Aim::Speed(speed);
    }

    pub fn go_to(&mut self, target: f64, speed: f64) {
        let target = target.clamp(self.limits.lowest, self.limits.highest);
        self.aim = Aim::Place { target, speed: speed.abs() };
    }

    /// Nothing more will happen without a new order.
    pub fn is_at_rest(&self) -> bool {
        self.speed == 0.0
            && match self.aim {
                Aim::Speed(speed) => speed == 0.0 || self.is_at_end(speed),
                Aim::Place { target, .. } => self.position == target,
            }
    }

    /// Moves on by `seconds`, which must be short (some milliseconds).
    pub fn advance(&mut self, seconds: f64) {
        let gain = self.limits.acceleration * seconds;
        let wanted = self.wanted_speed();
        self.speed += (wanted - self.speed).clamp(-gain, gain);
        self.position += self.speed * seconds;
        self.arrive(gain * seconds);
    }

    fn wanted_speed(&self) -> f64 {
        let (distance, speed) = match self.aim {
            Aim::Speed(0.0) => return 0.0,
            Aim::Speed(speed) if speed > 0.0 => (self.limits.highest - self.position, speed),
            Aim::Speed(speed) => (self.limits.lowest - self.position, -speed),
            Aim::Place { target, speed } => (target - self.position, speed),
        };
        // The speed from which the motor can still brake in time.
        let brakeable = (2.0 * self.limits.acceleration * distance.abs()).sqrt();
        speed.min(brakeable).copysign(distance)
    }

    /// Comes to rest at a target or end within the last step's reach.
    fn arrive(&mut self, reach: f64) {
        let end = match self.aim {
            Aim::Place { target, .. } => target,
            Aim::Speed(speed) if speed > 0.0 => self.limits.highest,
            Aim::Speed(speed) if speed < 0.0 => self.limits.lowest,
            Aim::Speed(_) => return,
        };
        if (self.position - end).abs() <= 4.0 * reach {
            self.position = end;
            self.speed = 0.0;
        }
    }

    fn is_at_end(&self, direction: f64) -> bool {
        let end = if direction > 0.0 { self.limits.highest } else { self.limits.lowest };
        self.position == end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis() -> Axis {
        Axis::new(0.0, Limits { lowest: -50.0, highest: 50.0, acceleration: 120.0 })
    }

    fn run(axis: &mut Axis, seconds: f64) {
        for _ in 0..(seconds / 0.005).round() as u32 {
            axis.advance(0.005);
        }
    }

    #[test]
    fn it_gathers_speed_before_it_runs() {
        let mut axis = axis();
        axis.drive(24.0);
        run(&mut axis, 0.1);
        assert!((0.4..0.8).contains(&axis.position()), "{}", axis.position());
        run(&mut axis, 1.0);
        assert!((23.0..25.0).contains(&axis.position()), "{}", axis.position());
    }

    #[test]
    fn it_stops_exactly_at_a_target_without_passing_it() {
        let mut axis = axis();
        axis.go_to(20.0, 60.0);
        let mut furthest = 0.0_f64;
        for _ in 0..400 {
            axis.advance(0.005);
            furthest = furthest.max(axis.position());
        }
        assert_eq!(axis.position(), 20.0);
        assert!(furthest < 20.1, "{furthest}");
        assert!(axis.is_at_rest());
    }

    #[test]
    fn it_stops_at_its_end() {
        let mut axis = axis();
        axis.drive(-100.0);
        run(&mut axis, 2.0);
        assert_eq!(axis.position(), -50.0);
        assert!(axis.is_at_rest());
    }
}
