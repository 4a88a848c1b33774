//! The numbered migrations. What is released here is never changed, only followed by more.

use rusqlite_migration::{M, Migrations};

/// Whose vault it is. Both share the record part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Cart,
    Hub,
}

impl Role {
    /// Marks the file (SQLite's application_id), so that a hub never opens a cart's vault.
    pub fn application_id(self) -> i32 {
        match self {
            Self::Cart => i32::from_be_bytes(*b"BSDc"),
            Self::Hub => i32::from_be_bytes(*b"BSDh"),
        }
    }

    /// Where the entries of this vault go on to.
    pub fn destination(self) -> &'static str {
        match self {
            Self::Cart => "hub",
            Self::Hub => "ehr",
        }
    }

    /// In order; the number of a migration is its place, beginning with 1.
    fn sql(self) -> &'static [&'static str] {
        const RECORD: &str = include_str!("../migrations/record.sql");
        match self {
            Self::Cart => &[
                RECORD,
                include_str!("../migrations/cart.sql"),
                include_str!("../migrations/cart_tray.sql"),
                concat!(
                    include_str!("../migrations/record_observed.sql"),
                    include_str!("../migrations/cart_observed.sql"),
                ),
                concat!(
                    include_str!("../migrations/outbox_doubt.sql"),
                    include_str!("../migrations/cart_observed.sql"),
                ),
                include_str!("../migrations/cart_space.sql"),
                include_str!("../migrations/audit.sql"),
                concat!(
                    include_str!("../migrations/outbox_lean.sql"),
                    include_str!("../migrations/cart_lean.sql"),
                ),
                concat!(
                    include_str!("../migrations/record_auscultation.sql"),
                    include_str!("../migrations/cart_auscultation.sql"),
                ),
            ],
            Self::Hub => &[
                RECORD,
                include_str!("../migrations/hub.sql"),
                include_str!("../migrations/hub_calls.sql"),
                concat!(
                    include_str!("../migrations/record_observed.sql"),
                    include_str!("../migrations/hub_observed.sql"),
                ),
                concat!(
                    include_str!("../migrations/outbox_doubt.sql"),
                    include_str!("../migrations/hub_charts.sql"),
                ),
                include_str!("../migrations/audit.sql"),
                include_str!("../migrations/hub_admissions.sql"),
                include_str!("../migrations/outbox_lean.sql"),
                include_str!("../migrations/hub_summaries.sql"),
                include_str!("../migrations/hub_receipts.sql"),
                concat!(
                    include_str!("../migrations/record_auscultation.sql"),
                    include_str!("../migrations/hub_observed.sql"),
                ),
            ],
        }
    }

    pub fn migrations(self) -> Migrations<'static> {
        Migrations::new(self.sql().iter().copied().map(M::up).collect())
    }

    pub fn newest_version(self) -> u32 {
        u32::try_from(self.sql().len()).expect("there are a handful of migrations")
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn the_migrations_are_sound() {
        for role in [Role::Cart, Role::Hub] {
            role.migrations().validate().unwrap();
        }
    }

    #[test]
    fn every_table_is_strict() {
        for role in [Role::Cart, Role::Hub] {
            let mut connection = Connection::open_in_memory().unwrap();
            role.migrations().to_latest(&mut connection).unwrap();
            let lax = "SELECT count(*) FROM pragma_table_list
                WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'";
            let count: i64 = connection.query_row(lax, [], |row| row.get(0)).unwrap();
            assert_eq!(count, 0, "{role:?}");
        }
    }

    #[test]
    fn a_record_of_version_1_survives_the_migration() {
        for role in [Role::Cart, Role::Hub] {
            let mut connection = Connection::open_in_memory().unwrap();
            role.migrations().to_version(&mut connection, 1).unwrap();
            let entry = "INSERT INTO entries (id, encounter, kind, sha256, body)
                VALUES (randomblob(16), randomblob(16), 'opened', hex(randomblob(32)), x'7b7d')";
            connection.execute(entry, []).unwrap();
            let item = "INSERT INTO outbox (destination, position) VALUES (?1, 1)";
            connection.execute(item, [role.destination()]).unwrap();
            role.migrations().to_latest(&mut connection).unwrap();
            let count = "SELECT count(*) FROM entries JOIN outbox USING (position)";
            assert_eq!(connection.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        }
    }

    /// A position that was given once is not given again, although its entry was purged before the update.
    #[test]
    fn positions_go_on_where_they_were() {
        for role in [Role::Cart, Role::Hub] {
            let newest = role.newest_version() as usize;
            let mut connection = Connection::open_in_memory().unwrap();
            role.migrations().to_version(&mut connection, newest - 1).unwrap();
            let entry = "INSERT INTO entries (id, encounter, kind, sha256, body)
                VALUES (randomblob(16), randomblob(16), 'opened', hex(randomblob(32)), x'7b7d')";
            for sql in [entry, entry, "DELETE FROM entries"] {
                connection.execute(sql, []).unwrap();
            }
            role.migrations().to_latest(&mut connection).unwrap();
            connection.execute(entry, []).unwrap();
            assert_eq!(connection.last_insert_rowid(), 3, "{role:?}");
        }
    }

    /// What it led to is the primary key since `outbox_lean.sql`.
    const BECAME_THE_KEY: &str = "outbox_by_position";

    /// A table that is written anew loses its indexes, and a query that names one then fails.
    #[test]
    fn no_migration_loses_an_index() {
        for role in [Role::Cart, Role::Hub] {
            let mut connection = Connection::open_in_memory().unwrap();
            let mut before = Vec::new();
            for version in 1..=role.newest_version() {
                role.migrations().to_version(&mut connection, version as usize).unwrap();
                let now = indexes(&connection);
                let is_lost = |name: &&String| !now.contains(name) && *name != BECAME_THE_KEY;
                let lost: Vec<_> = before.iter().filter(is_lost).collect();
                assert!(lost.is_empty(), "{role:?} {version}: {lost:?}");
                before = now;
            }
        }
    }

    fn indexes(connection: &Connection) -> Vec<String> {
        let named = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
        let mut statement = connection.prepare(named).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}
