//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use clinical::{ChainHead, EntryId};

use crate::web::PublicUrl;

/// Bedside's hub: carts, physicians and the EHR meet here.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the hub.
    Serve(Serve),
    /// Manage the accounts of physicians.
    #[command(subcommand)]
    Physician(Physician),
    /// Manage the carts that may connect.
    #[command(subcommand)]
    Cart(Cart),
    /// What the EHR did not take, and what a person decides about it.
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Manage the key of the record.
    #[command(subcommand)]
    Key(Key),
    /// Look at the way into the EHR.
    #[command(subcommand)]
    Ehr(Ehr),
    /// Look whether the audit is whole, and hand it on.
    #[command(subcommand)]
    Audit(Audit),
}

/// Where the record is, and its key.
#[derive(Args)]
pub struct Record {
    /// The folder of the record; it belongs to the hub alone.
    #[arg(long, env = "HUBD_DATA")]
    pub data: PathBuf,
    /// The file of the record's key, readable by its owner only.
    #[arg(long, env = "HUBD_KEY_FILE")]
    pub key_file: PathBuf,
}

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    pub record: Record,
    /// Where to listen for HTTP. On this machine only: a proxy with TLS stands in front.
    #[arg(long, env = "HUBD_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The base address of the EHR's FHIR R4 server.
    #[arg(long, env = "HUBD_EHR")]
    pub ehr: String,
    /// How to sign in to it and what to send how, as a TOML file (docs/integrators/ehr-access.md and
    /// delivery.md).
    #[arg(long, env = "HUBD_EHR_CONFIG")]
    pub ehr_config: Option<PathBuf>,
    /// The relays that calls may go through, as a TOML file (docs/integrators/relays.md).
    #[arg(long, env = "HUBD_TURN_CONFIG")]
    pub turn_config: Option<PathBuf>,
    /// The address under which physicians open the page, such as https://hub.example.
    #[arg(long, env = "HUBD_PUBLIC_URL")]
    pub public_url: PublicUrl,
}

#[derive(Subcommand)]
pub enum Physician {
    /// Add a physician, or change name and password. The password is read from standard input.
    Add {
        /// What they sign in with.
        name: String,
        /// What nurses read, such as "Dr. Amara Weiss".
        #[arg(long)]
        display_name: String,
        #[command(flatten)]
        record: Record,
    },
}

#[derive(Subcommand)]
pub enum Cart {
    /// Let a cart connect, by the public key that it shows; a known cart gets the new key.
    Enrol {
        /// The cart's name, as nurses and physicians read it.
        name: String,
        /// 64 hexadecimal digits (Ed25519).
        public_key: String,
        #[command(flatten)]
        record: Record,
    },
}

#[derive(Subcommand)]
pub enum OutboxCommand {
    /// What waits for a person, oldest first, each with its reason and what to do.
    List {
        #[command(flatten)]
        record: Record,
    },
    /// The EHR has it: somebody found it there or entered it there. Nothing more is sent.
    IsThere(Decide),
    /// The EHR does not have it, or what was wrong there is mended: send it again.
    SendAgain(Decide),
}

#[derive(Args)]
pub struct Decide {
    /// The id of the entry, as the list shows it.
    pub entry: EntryId,
    /// Who looked and decides; the audit keeps it.
    #[arg(long)]
    pub by: String,
    #[command(flatten)]
    pub record: Record,
}

#[derive(Subcommand)]
pub enum Audit {
    /// Compare every row with its hash, and print the heads: of the hub, and of each cart as anchored here.
    /// Ends with 1 if anything is wrong.
    Verify {
        /// A head that was printed before: the chain must still have it.
        #[arg(long, value_name = "POSITION:HASH")]
        holds: Option<ChainHead>,
        #[command(flatten)]
        record: Record,
    },
    /// Print the hub's rows as FHIR R4 AuditEvents, one line of JSON each. This is written down as well.
    Export {
        /// The first row to print.
        #[arg(long, value_name = "POSITION", default_value_t = 1)]
        from: i64,
        #[command(flatten)]
        record: Record,
    },
}

#[derive(Subcommand)]
pub enum Key {
    /// Make a new random key in a new file.
    Create { file: PathBuf },
}

#[derive(Subcommand)]
pub enum Ehr {
    /// Print the public keys that the EHR has to know, as a JWK Set.
    Jwks {
        /// The file that names the keys.
        #[arg(long, env = "HUBD_EHR_CONFIG")]
        ehr_config: PathBuf,
    },
    /// Try each step of the way into the EHR, and say what works and what to do. Sends nothing about patients.
    Check {
        /// The base address of the EHR's FHIR R4 server.
        #[arg(long, env = "HUBD_EHR")]
        ehr: String,
        /// How to sign in to it.
        #[arg(long, env = "HUBD_EHR_CONFIG")]
        ehr_config: Option<PathBuf>,
    },
}
