//! Saved searches while feeds are watched: what is new is sent to their webhooks, from threads of their own.

use super::Message;
use crate::cmd::saved;
use jiff::{SignedDuration, Timestamp};
use lagebild_fetch::{Client, Error as FetchError};
use lagebild_store::{DueDelivery, Store};
use std::collections::HashSet;
use std::sync::mpsc;

/// The store is gone through for saved searches no more often.
const LOOK: SignedDuration = SignedDuration::from_secs(15);
/// Deliveries on their way at the same time.
const SENDING: usize = 4;

/// Looks for new hits, and sends them.
pub(super) struct Hooks {
    client: Client,
    sender: mpsc::Sender<Message>,
    /// When the store was last gone through.
    looked: Option<Timestamp>,
    /// Ids of the deliveries that are on their way.
    sending: HashSet<String>,
}

impl Hooks {
    pub(super) fn new(client: Client, sender: mpsc::Sender<Message>) -> Self {
        Self {
            client,
            sender,
            looked: None,
            sending: HashSet::new(),
        }
    }

    /// Looks when it is time to, and sends what is due; waits for nothing.
    pub(super) fn turn(&mut self, store: &mut Store, now: Timestamp) -> anyhow::Result<()> {
        // A clock that was set back must not stop it.
        let rested = self.looked.is_none_or(|at| now < at || now.duration_since(at) >= LOOK);
        if rested {
            store.look(now)?;
            self.looked = Some(now);
        }
        for delivery in store.reader().due_deliveries(now, 2 * SENDING)? {
            if self.sending.len() >= SENDING {
                break;
            }
            if self.sending.insert(delivery.id.clone()) {
                let (client, sender) = (self.client.clone(), self.sender.clone());
                std::thread::Builder::new().name("webhook".to_owned()).spawn(move || {
                    let sent = saved::send(&client, &delivery);
                    // Nobody waits for it after a stop; it is due again at the next start.
                    let _ = sender.send(Message::Delivered(Box::new((delivery, sent))));
                })?;
            }
        }
        Ok(())
    }

    /// Notes how a delivery ended.
    pub(super) fn delivered(
        &mut self,
        store: &mut Store,
        delivery: &DueDelivery,
        sent: Result<(), FetchError>,
    ) -> anyhow::Result<()> {
        self.sending.remove(&delivery.id);
        saved::attempted(store, delivery, sent)
    }

    /// Looks once more and sends what is due, before the end of a single run.
    pub(super) fn last(&self, store: &mut Store) -> anyhow::Result<()> {
        store.look(Timestamp::now())?;
        saved::deliver(store, &self.client)?;
        Ok(())
    }
}
