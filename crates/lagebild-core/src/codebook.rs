//! The terms of the codebook: PLOVER 2.0 event types and modes, status, certainty, stances, agreements.
//!
//! Each type knows its spelling in data files and output; [`EventType::parse`] and its like read it back.

use crate::parsed::spelled;

spelled!(
    /// PLOVER event type.
    EventType {
        /// Promise, offer or announce future cooperation.
        Agree = "AGREE",
        /// Meet, visit, phone, negotiate, mediate.
        Consult = "CONSULT",
        /// Praise, endorse, recognise; sign or ratify an agreement.
        Support = "SUPPORT",
        /// Give way in words.
        Concede = "CONCEDE",
        /// Exchange to mutual benefit.
        Cooperate = "COOPERATE",
        /// Give to the benefit of the recipient.
        Aid = "AID",
        /// Give way in deeds.
        Retreat = "RETREAT",
        /// Ask, demand, call on.
        Request = "REQUEST",
        /// Criticise, condemn, accuse, investigate.
        Accuse = "ACCUSE",
        /// Refuse, veto, cancel.
        Reject = "REJECT",
        /// Threaten, give an ultimatum.
        Threaten = "THREATEN",
        /// Demonstrate, strike, riot, boycott.
        Protest = "PROTEST",
        /// Cut or reduce relations.
        Sanction = "SANCTION",
        /// Move or ready forces.
        Mobilize = "MOBILIZE",
        /// Repress short of violence.
        Coerce = "COERCE",
        /// Use force that can harm or destroy.
        Assault = "ASSAULT",
    }
);

spelled!(
    /// The four classes of event types, PLOVER's quad classes.
    Quad {
        /// AGREE, CONSULT, SUPPORT, CONCEDE.
        VerbalCooperation = "verbal-cooperation",
        /// COOPERATE, AID, RETREAT.
        MaterialCooperation = "material-cooperation",
        /// REQUEST, ACCUSE, REJECT, THREATEN.
        VerbalConflict = "verbal-conflict",
        /// PROTEST, SANCTION, MOBILIZE, COERCE, ASSAULT.
        MaterialConflict = "material-conflict",
    }
);

impl EventType {
    /// Its quad class.
    #[must_use]
    pub fn quad(self) -> Quad {
        match self {
            Self::Agree | Self::Consult | Self::Support | Self::Concede => Quad::VerbalCooperation,
            Self::Cooperate | Self::Aid | Self::Retreat => Quad::MaterialCooperation,
            Self::Request | Self::Accuse | Self::Reject | Self::Threaten => Quad::VerbalConflict,
            Self::Protest | Self::Sanction | Self::Mobilize | Self::Coerce | Self::Assault => Quad::MaterialConflict,
        }
    }

    /// Whether the event is done by words alone, so that its status is that of the speaking (codebook, 6).
    #[must_use]
    pub fn is_verbal(self) -> bool {
        matches!(self.quad(), Quad::VerbalCooperation | Quad::VerbalConflict)
    }

    /// Whether events of this type carry the type of the act promised, asked, refused or threatened.
    #[must_use]
    pub fn has_content(self) -> bool {
        matches!(
            self,
            Self::Agree | Self::Request | Self::Reject | Self::Threaten | Self::Concede
        )
    }

    /// The modes that the codebook allows for this type.
    #[must_use]
    pub fn modes(self) -> &'static [Mode] {
        use Mode as M;
        match self {
            Self::Consult => &[M::Visit, M::ThirdParty, M::Multilateral, M::Phone],
            Self::Retreat => &[M::Withdraw, M::Release, M::Disarm, M::Ceasefire, M::Access, M::Resign],
            Self::Request | Self::Reject => &[M::Assist, M::Change, M::Yield, M::Meet],
            Self::Accuse => &[M::Disapprove, M::Allege, M::Investigate],
            Self::Threaten => &[
                M::Restrict,
                M::Arrest,
                M::Relations,
                M::Expel,
                M::Territory,
                M::Violence,
            ],
            Self::Protest => &[
                M::Demo,
                M::Riot,
                M::Strike,
                M::Hunger,
                M::Boycott,
                M::Obstruct,
                M::Vandalize,
            ],
            Self::Sanction => &[M::Convict, M::Expel, M::Withdraw, M::Discontinue],
            Self::Mobilize => &[M::Troops, M::Weapons, M::Police, M::Militia],
            Self::Coerce => &[
                M::Seize,
                M::Restrict,
                M::Censor,
                M::Curfew,
                M::MartialLaw,
                M::Arrest,
                M::Deport,
                M::Withhold,
                M::Misinformation,
                M::Cyber,
            ],
            Self::Assault => &[
                M::Abduct,
                M::Beat,
                M::Torture,
                M::Sexual,
                M::Targeted,
                M::Destroy,
                M::Primitive,
                M::Firearms,
                M::Explosives,
                M::SuicideAttack,
                M::Aerial,
                M::Drone,
                M::HeavyWeapons,
                M::CrowdControl,
                M::Unconventional,
            ],
            Self::Agree | Self::Support | Self::Concede | Self::Cooperate | Self::Aid => &[],
        }
    }
}

spelled!(
    /// PLOVER mode: the manner of an event; which type takes which, [`EventType::modes`] tells.
    #[allow(missing_docs, reason = "the terms of PLOVER, explained in the codebook")]
    Mode {
        Visit = "visit", ThirdParty = "third-party", Multilateral = "multilateral", Phone = "phone",
        Withdraw = "withdraw", Release = "release", Disarm = "disarm", Ceasefire = "ceasefire", Access = "access",
        Resign = "resign", Assist = "assist", Change = "change", Yield = "yield", Meet = "meet",
        Disapprove = "disapprove", Allege = "allege", Investigate = "investigate", Restrict = "restrict",
        Arrest = "arrest", Relations = "relations", Expel = "expel", Territory = "territory",
        Violence = "violence", Demo = "demo", Riot = "riot", Strike = "strike", Hunger = "hunger",
        Boycott = "boycott", Obstruct = "obstruct", Vandalize = "vandalize", Convict = "convict",
        Discontinue = "discontinue", Troops = "troops", Weapons = "weapons", Police = "police",
        Militia = "militia", Seize = "seize", Censor = "censor", Curfew = "curfew", MartialLaw = "martial-law",
        Deport = "deport", Withhold = "withhold", Misinformation = "misinformation", Cyber = "cyber",
        Abduct = "abduct", Beat = "beat", Torture = "torture", Sexual = "sexual", Targeted = "targeted",
        Destroy = "destroy", Primitive = "primitive", Firearms = "firearms", Explosives = "explosives",
        SuicideAttack = "suicide-attack", Aerial = "aerial", Drone = "drone", HeavyWeapons = "heavy-weapons",
        CrowdControl = "crowd-control", Unconventional = "unconventional",
    }
);

spelled!(
    /// PLOVER context: the field that an event belongs to.
    #[allow(missing_docs, reason = "the terms of PLOVER")]
    Context {
        Military = "military", Intelligence = "intelligence", Executive = "executive", Legislative = "legislative",
        Election = "election", PoliticalInstitutions = "political_institutions", ProDemocracy = "pro_democracy",
        ProAutocracy = "pro_autocracy", Economic = "economic", Legal = "legal", Reparations = "reparations",
        HumanRights = "human_rights", RightsFreedoms = "rights_freedoms", Repression = "repression",
        HumanSecurity = "human_security", Gender = "gender", Lgbt = "lgbt", ReligionEthnicity = "religion_ethnicity",
        Inequality = "inequality", Diplomatic = "diplomatic", Territory = "territory", Peacekeeping = "peacekeeping",
        Health = "health", Asylum = "asylum", Migration = "migration", Disasters = "disasters",
        Humanitarian = "humanitarian", NaturalResource = "natural_resource", Environment = "environment",
        Technology = "technology", Terrorism = "terrorism", Cbrn = "cbrn", Cyber = "cyber",
        Misinformation = "misinformation", Crime = "crime", Corruption = "corruption",
        IllegalDrugs = "illegal_drugs", Trafficking = "trafficking",
    }
);

spelled!(
    /// Does the text present the act as real?
    Status {
        /// Happened or is happening.
        Actual = "actual",
        /// Announced, decided or scheduled.
        Planned = "planned",
        /// Considered, conditional, feared.
        Possible = "possible",
        /// Did not or will not happen.
        Negated = "negated",
    }
);

spelled!(
    /// How sure does the text make the reader that the status holds?
    Certainty {
        /// By evidence, by the doer, or told as confirmed.
        Confirmed = "confirmed",
        /// Told as fact.
        Asserted = "asserted",
        /// Resting on others' word.
        Alleged = "alleged",
        /// Denied by somebody in the document.
        Disputed = "disputed",
    }
);

spelled!(
    /// What a holder does with the content of a claim.
    Stance {
        /// Says, declares, emphasises.
        State = "state",
        /// Confirms.
        Confirm = "confirm",
        /// Denies.
        Deny = "deny",
        /// Accuses.
        Accuse = "accuse",
        /// Criticises.
        Criticise = "criticise",
        /// Warns.
        Warn = "warn",
        /// Demands.
        Demand = "demand",
        /// Promises.
        Promise = "promise",
        /// Praises.
        Praise = "praise",
        /// Is concerned.
        Concern = "concern",
        /// Assumes, estimates, fears, predicts.
        Expect = "expect",
        /// Asks or doubts.
        Question = "question",
    }
);

spelled!(
    /// The kind of an agreement.
    #[allow(missing_docs, reason = "the terms of the codebook")]
    AgreementKind {
        Defence = "defence", Alliance = "alliance", Trade = "trade", Peace = "peace", Ceasefire = "ceasefire",
        ArmsControl = "arms-control", Border = "border", Energy = "energy", Migration = "migration",
        Membership = "membership", Sanctions = "sanctions", Other = "other",
    }
);

spelled!(
    /// A step in the life of an agreement.
    #[allow(missing_docs, reason = "the terms of the codebook")]
    Step {
        Negotiated = "negotiated", Proposed = "proposed", Agreed = "agreed", Initialled = "initialled",
        Signed = "signed", Approved = "approved", Ratified = "ratified", InForce = "in-force",
        Extended = "extended", Suspended = "suspended", Violated = "violated", Terminated = "terminated",
        Rejected = "rejected",
    }
);

spelled!(
    /// What an agreement obliges to.
    #[allow(missing_docs, reason = "the terms of the codebook")]
    ObligationKind {
        MutualAssistance = "mutual-assistance", Consultation = "consultation", NonAggression = "non-aggression",
        Neutrality = "neutrality", Aid = "aid", Troops = "troops", Arms = "arms", Trade = "trade",
        Ceasefire = "ceasefire", Withdrawal = "withdrawal", Access = "access", Other = "other",
    }
);

spelled!(
    /// PLOVER actor sector (role).
    #[allow(missing_docs, reason = "the codes of PLOVER, explained in data/ontology")]
    Sector {
        Gov = "GOV", Leg = "LEG", Jud = "JUD", Mil = "MIL", Cop = "COP", Spy = "SPY", Opp = "OPP", Pty = "PTY",
        Reb = "REB", Uaf = "UAF", Prm = "PRM", Cvl = "CVL", Bus = "BUS", Edu = "EDU", Rel = "REL", Lab = "LAB",
        Agr = "AGR", Ref = "REF", Jrn = "JRN", Med = "MED", Crm = "CRM", Eli = "ELI", Soc = "SOC", Ngo = "NGO",
        Igo = "IGO", Pre = "PRE", Unk = "UNK",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_read_back() {
        for &event in EventType::ALL {
            assert_eq!(EventType::parse(event.as_str()), Some(event));
        }
        for &mode in Mode::ALL {
            assert_eq!(Mode::parse(mode.as_str()), Some(mode));
        }
    }

    #[test]
    fn every_mode_belongs_to_a_type() {
        for &mode in Mode::ALL {
            assert!(EventType::ALL.iter().any(|t| t.modes().contains(&mode)), "{mode}");
        }
    }
}
