//! Who may connect: the user that runs `cartd`, root, and the members of one group.

use anyhow::{Context, anyhow};
use nix::unistd::{Gid, Group, Uid, User};
use tokio::net::unix::UCred;

#[derive(Clone, Debug)]
pub struct Admission {
    group: Option<Gid>,
}

impl Admission {
    /// `None`: nobody but the own user.
    pub fn of(group: Option<&str>) -> anyhow::Result<Self> {
        let Some(name) = group else { return Ok(Self { group: None }) };
        let found = Group::from_name(name).with_context(|| format!("looking up group {name}"))?;
        let group = found.ok_or_else(|| anyhow!("there is no group `{name}` on this machine"))?;
        Ok(Self { group: Some(group.gid) })
    }

    pub fn group(&self) -> Option<Gid> {
        self.group
    }

    /// The kernel says who the peer is, not the peer.
    pub fn admits(&self, peer: &UCred) -> bool {
        let user = Uid::from_raw(peer.uid());
        if user == Uid::effective() || user.is_root() {
            return true;
        }
        let Some(group) = self.group else { return false };
        Gid::from_raw(peer.gid()) == group || is_member(user, group)
    }
}

/// A lookup that fails is logged and admits nobody.
fn is_member(user: Uid, group: Gid) -> bool {
    match (User::from_uid(user), Group::from_gid(group)) {
        (Ok(Some(user)), Ok(Some(group))) => group.mem.contains(&user.name),
        (Ok(_), Ok(_)) => false,
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%user, %group, %error, "Could not look up who connects");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_does_not_exist_is_named() {
        let error = Admission::of(Some("no-such-group-here")).unwrap_err();
        assert!(error.to_string().contains("no-such-group-here"), "{error:#}");
    }

    #[test]
    fn nobody_is_a_member_of_root_by_accident() {
        let nobody = User::from_name("nobody").unwrap().unwrap().uid;
        assert!(!is_member(nobody, Gid::from_raw(0)));
    }
}
