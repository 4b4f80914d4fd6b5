//! The words of the digests in German and English.

use crate::web::Ui;

/// The words around the records.
pub(super) struct Words {
    pub(super) who_did_what: &'static str,
    pub(super) who_says_what: &'static str,
    pub(super) agreements: &'static str,
    pub(super) notes: &'static str,
    /// Before the holder of the claim that tells an event.
    pub(super) according_to: &'static str,
    /// Before those who take a step.
    pub(super) by: &'static str,
    pub(super) duty: &'static str,
    /// Before those who have a duty.
    pub(super) of: &'static str,
    /// A holder who is not told.
    pub(super) somebody: &'static str,
    /// An agreement without a name.
    pub(super) unnamed: &'static str,
    /// For a report that tells no record.
    pub(super) nothing: &'static str,
    pub(super) german: &'static str,
    pub(super) english: &'static str,
    /// One and several.
    pub(super) event: (&'static str, &'static str),
    pub(super) claim: (&'static str, &'static str),
    pub(super) agreement: (&'static str, &'static str),
}

const DE: Words = Words {
    who_did_what: "Wer tut wem was",
    who_says_what: "Wer sagt was",
    agreements: "Abkommen",
    notes: "Hinweise",
    according_to: "laut",
    by: "durch",
    duty: "Pflicht",
    of: "von",
    somebody: "jemand",
    unnamed: "ohne Namen",
    nothing: "keine Ereignisse, Aussagen oder Abkommen der Politik und Sicherheit",
    german: "Deutsch",
    english: "Englisch",
    event: ("Ereignis", "Ereignisse"),
    claim: ("Aussage", "Aussagen"),
    agreement: ("Abkommen", "Abkommen"),
};

const EN: Words = Words {
    who_did_what: "Who did what to whom",
    who_says_what: "Who says what",
    agreements: "Agreements",
    notes: "Notes",
    according_to: "said by",
    by: "by",
    duty: "duty",
    of: "of",
    somebody: "somebody",
    unnamed: "unnamed",
    nothing: "no events, claims or agreements of politics and security",
    german: "German",
    english: "English",
    event: ("event", "events"),
    claim: ("claim", "claims"),
    agreement: ("agreement", "agreements"),
};

impl Words {
    pub(super) fn of(ui: Ui) -> &'static Self {
        match ui {
            Ui::De => &DE,
            Ui::En => &EN,
        }
    }
}
