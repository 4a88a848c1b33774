//! A simulated pan-tilt-zoom camera, the VISCA side: commands in, motion and replies out. `pelco` and
//! `onvif` are other ways to the same motors.
//!
//! Several controllers may talk at once; they share one mechanism and its two command sockets.
//! The picture is made elsewhere (`video`) from the pose that this module keeps.

mod axis;
pub mod mechanism;
pub mod numbered;
pub mod onvif;
pub mod pelco;
pub mod session;
mod shares;
pub mod words;

use crate::link::Message;
use mechanism::{Mechanism, Pose, Preset};
use std::time::Duration;
use words::{Command, Complaint, Inquiry, Speeds, Steps};

/// Cameras execute two commands at once: one for the head, one for the lens.
const SOCKETS: usize = 2;
const RESET_SPEEDS: Speeds = Speeds { pan: 0x18, tilt: 0x14 };

/// Which motor a running command waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Head,
    Lens,
    Both,
}

/// A command that was acknowledged and is not complete.
#[derive(Clone, Copy, Debug)]
struct Job {
    controller: u64,
    part: Part,
}

#[derive(Debug)]
pub struct Camera {
    mechanism: Mechanism,
    on: bool,
    focuses_itself: bool,
    presets: [Option<Preset>; 16],
    jobs: [Option<Job>; SOCKETS],
    replies: Vec<(u64, Message)>,
    controllers: u64,
    /// When a movement that was ordered for a time ends.
    stops_at: Option<Duration>,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            mechanism: Mechanism::default(),
            on: true,
            focuses_itself: true,
            presets: [None; 16],
            jobs: [None; SOCKETS],
            replies: Vec::new(),
            controllers: 0,
            stops_at: None,
        }
    }
}

impl Camera {
    /// Where it looks at `now`; nothing while it is switched off.
    pub fn look(&mut self, now: Duration) -> Option<Pose> {
        self.advance(now);
        self.on.then(|| self.mechanism.pose())
    }

    fn advance(&mut self, now: Duration) {
        self.stop_in_time(now);
        self.mechanism.advance(now);
        for socket in 0..SOCKETS {
            if let Some(job) = self.jobs[socket]
                && self.is_done(job.part)
            {
                self.jobs[socket] = None;
                self.replies.push((job.controller, words::complete(number(socket))));
            }
        }
    }

    fn is_done(&self, part: Part) -> bool {
        let (head, lens) = (self.mechanism.is_head_at_rest(), self.mechanism.is_lens_at_rest());
        match part {
            Part::Head => head,
            Part::Lens => lens,
            Part::Both => head && lens,
        }
    }

    /// A new controller's number.
    fn admit(&mut self) -> u64 {
        self.controllers += 1;
        self.controllers
    }

    /// A controller that is gone gets no more replies; what it started runs on.
    fn dismiss(&mut self, controller: u64) {
        self.clear(controller);
        self.replies.retain(|(to, _)| *to != controller);
    }

    fn take_replies(&mut self, controller: u64) -> Vec<Message> {
        let (own, others) = self.replies.drain(..).partition(|(to, _)| *to == controller);
        self.replies = others;
        let own: Vec<(u64, Message)> = own;
        own.into_iter().map(|(_, message)| message).collect()
    }

    fn inquire(&self, inquiry: Inquiry) -> Message {
        match inquiry {
            Inquiry::Power => words::power(self.on),
            Inquiry::Version => words::version(),
            Inquiry::PanTilt => words::pan_tilt(self.mechanism.steps()),
            Inquiry::Zoom => words::lens(self.mechanism.lens_position()),
            Inquiry::FocusMode => words::focus_mode(self.focuses_itself),
            Inquiry::Focus => words::lens(self.mechanism.focus_position()),
        }
    }

    /// Starts a command; its acknowledgement and completion are among the replies.
    fn obey(&mut self, controller: u64, command: Command) {
        if !self.on && !matches!(command, Command::Power(_)) {
            return self.reply(controller, words::complain(0, Complaint::NotExecutable));
        }
        self.interrupt(part_moved_by(command));
        let Some(socket) = self.jobs.iter().position(Option::is_none) else {
            return self.reply(controller, words::complain(0, Complaint::BufferFull));
        };
        match self.execute(command) {
            Err(complaint) => self.reply(controller, words::complain(number(socket), complaint)),
            Ok(None) => {
                self.reply(controller, words::acknowledge(number(socket)));
                self.reply(controller, words::complete(number(socket)));
            }
            Ok(Some(part)) => {
                self.reply(controller, words::acknowledge(number(socket)));
                self.jobs[socket] = Some(Job { controller, part });
            }
        }
    }

    /// Does what was asked. Returns the part to wait for, or nothing when it is done at once:
    /// driving is complete as soon as the motor has its order.
    fn execute(&mut self, command: Command) -> Result<Option<Part>, Complaint> {
        let mechanism = &mut self.mechanism;
        match command {
            Command::Power(on) => self.on = on,
            Command::Drive(speeds, direction) => mechanism.drive(speeds, direction),
            Command::Zoom(direction, speed) => mechanism.zoom(direction, speed),
            Command::Absolute(speeds, steps) => mechanism.turn_to(speeds, steps),
            Command::Relative(speeds, steps) => mechanism.turn_by(speeds, steps),
            Command::Home => mechanism.turn_to(RESET_SPEEDS, Steps { pan: 0, tilt: 0 }),
            Command::Reset => {
                mechanism.turn_to(RESET_SPEEDS, Steps { pan: 0, tilt: 0 });
                mechanism.zoom_to(0);
            }
            Command::ZoomTo(position) => mechanism.zoom_to(position),
            Command::FocusAuto(auto) => {
                self.focuses_itself = auto;
                mechanism.focus(0);
            }
            Command::Focus(direction) if direction != 0 && self.focuses_itself => {
                return Err(Complaint::NotExecutable);
            }
            Command::Focus(direction) => mechanism.focus(direction),
            Command::ForgetPreset(number) => self.presets[usize::from(number)] = None,
            Command::SetPreset(number) => {
                self.presets[usize::from(number)] = Some(mechanism.here());
            }
            Command::RecallPreset(number) => {
                let preset = self.presets[usize::from(number)].ok_or(Complaint::NotExecutable)?;
                mechanism.recall(preset);
            }
        }
        let at_once = matches!(
            command,
            Command::Power(_)
                | Command::ForgetPreset(_)
                | Command::SetPreset(_)
                | Command::Drive(..)
                | Command::Zoom(..)
                | Command::FocusAuto(_)
                | Command::Focus(_)
        );
        Ok(part_moved_by(command).filter(|_| !at_once))
    }

    /// A new order for a motor ends the older one, which is told so.
    fn interrupt(&mut self, part: Option<Part>) {
        let Some(part) = part else { return };
        self.stops_at = None;
        for socket in 0..SOCKETS {
            let meets =
                |job: &mut Job| job.part == part || job.part == Part::Both || part == Part::Both;
            if let Some(job) = self.jobs[socket].take_if(meets) {
                let told = words::complain(number(socket), Complaint::Cancelled);
                self.reply(job.controller, told);
            }
        }
    }

    fn cancel(&mut self, controller: u64, socket: u8) {
        let place = usize::from(socket).checked_sub(1).filter(|place| *place < SOCKETS);
        let job = place.and_then(|place| self.jobs[place].take());
        let complaint = match job {
            Some(job) => {
                self.stop(job.part);
                Complaint::Cancelled
            }
            None => Complaint::NoSocket,
        };
        self.reply(controller, words::complain(socket, complaint));
    }

    fn clear(&mut self, controller: u64) {
        for job in &mut self.jobs {
            job.take_if(|job| job.controller == controller);
        }
    }

    fn stop(&mut self, part: Part) {
        if part != Part::Lens {
            self.mechanism.stop_head();
        }
        if part != Part::Head {
            self.mechanism.stop_lens();
        }
    }

    fn reply(&mut self, controller: u64, message: Message) {
        self.replies.push((controller, message));
    }
}

fn part_moved_by(command: Command) -> Option<Part> {
    match command {
        Command::Power(_)
        | Command::ForgetPreset(_)
        | Command::SetPreset(_)
        | Command::FocusAuto(_)
        | Command::Focus(_) => None,
        Command::Drive(..) | Command::Absolute(..) | Command::Relative(..) | Command::Home => {
            Some(Part::Head)
        }
        Command::Zoom(..) | Command::ZoomTo(_) => Some(Part::Lens),
        Command::Reset | Command::RecallPreset(_) => Some(Part::Both),
    }
}

/// Sockets are numbered from 1.
fn number(socket: usize) -> u8 {
    socket as u8 + 1
}
