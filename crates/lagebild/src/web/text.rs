//! The words of the interface in German and English, and the choice between them.

use lagebild_core::Date;
use lagebild_core::wire::DateRecord;

/// Language of the interface. The reports keep theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ui {
    /// German.
    De,
    /// English.
    En,
}

impl Ui {
    /// From the value of `?lang=` or of the cookie.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        match code {
            "de" => Some(Self::De),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// ISO 639-1 code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// From an `Accept-Language` header: the one of our languages with the highest weight; German without any.
    pub(super) fn negotiate(header: &str) -> Self {
        let mut best = (Self::De, 0.0_f32);
        for item in header.split(',') {
            let mut parts = item.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = parts
                .find_map(|p| p.trim().strip_prefix("q=")?.parse().ok())
                .unwrap_or(1.0);
            let ui = match tag.split('-').next() {
                Some("de") => Self::De,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (ui, weight);
            }
        }
        best.0
    }
}

/// Defines [`Texts`], one field a text, and its two languages side by side, so that none can be forgotten.
macro_rules! texts {
    ($($key:ident: $de:literal, $en:literal;)+) => {
        /// All texts of the interface in one language.
        pub(super) struct Texts { $(pub $key: &'static str),+ }
        static DE: Texts = Texts { $($key: $de),+ };
        static EN: Texts = Texts { $($key: $en),+ };
    };
}

texts! {
    tagline: "Wer tut wem was, wer sagt es, wie sicher ist es?", "Who did what to whom, who says so, how sure is it?";
    skip: "Zum Inhalt springen", "Skip to content";
    overview: "Überblick", "Overview";
    menu: "Seiten", "Pages";
    more: "Mehr", "More";
    help: "Tastatur", "Keyboard";
    help_search: "in die Suche", "to the search";
    help_next: "nächste und vorige Zeile", "next and previous row";
    help_open: "gewählte Zeile öffnen", "open the chosen row";
    help_evidence: "Beleg der gewählten Zeile im Bericht", "evidence of the chosen row in its report";
    help_go: "gehe zu", "go to";
    help_help: "diese Übersicht", "this sheet";
    help_close: "Schließen", "Close";
    copy_link: "Link kopieren", "Copy link";
    copied: "Kopiert", "Copied";
    as_table: "Als Tabelle", "As a table";
    as_of: "Stand", "As of";
    documents: "Berichte", "Reports";
    document: "Bericht", "Report";
    events: "Ereignisse", "Events";
    claims: "Aussagen", "Claims";
    agreements: "Abkommen", "Agreements";
    actors: "Akteure", "Actors";
    actor: "Akteur", "Actor";
    recipient: "Ziel", "Recipient";
    search: "Suche", "Search";
    search_do: "Suchen", "Search";
    search_hint: "Berichte durchsuchen", "Search the reports";
    search_key: "Taste / springt in die Suche", "Press / to search";
    about: "Über Lagebild", "About Lagebild";
    language: "Sprache", "Language";
    other_language: "English", "Deutsch";
    theme: "Darstellung", "Theme";
    theme_auto: "Automatisch", "Auto";
    theme_light: "Hell", "Light";
    theme_dark: "Dunkel", "Dark";
    searches: "Gespeicherte Suchen", "Saved searches";
    searches_none: "Es ist keine Suche gespeichert", "No search is saved";
    searches_do: "Eine Liste filtern und dort „Suche speichern“ wählen:", "Filter a list and choose “Save search” there:";
    searches_hint: "Neu ist, was seit dem letzten Durchgang dazukam und noch nicht gezeigt wurde; lagebild search run nimmt es zur Kenntnis.", "New is what came since the last run and was never shown; lagebild search run takes note of it.";
    search_name: "Name", "Name";
    search_new: "Neu", "New";
    search_hits: "Treffer", "Hits";
    search_looked: "Zuletzt durchsucht", "Last looked";
    search_sent: "Zustellung", "Delivery";
    search_waiting: "warten auf Zustellung", "wait to be delivered";
    search_new_hits: "Neu seit der letzten Zustellung", "New since the last delivery";
    search_nothing_new: "Nichts Neues.", "Nothing new.";
    search_all: "Alle Treffer", "All hits";
    search_known: "Die Kommandozeile zeigt die neuen Treffer und nimmt sie zur Kenntnis:", "The command line shows the new hits and takes note of them:";
    save_search: "Suche speichern", "Save search";
    save_search_hint: "Was jetzt gefunden wird, gilt als bekannt; neu ist, was danach dazukommt.", "What is found now counts as known; new is what comes later.";
    save_search_do: "Speichern", "Save";
    save_search_command: "Dieser Server schreibt nicht in den Speicher. Auf der Kommandozeile:", "This server does not write to the store. On the command line:";
    back: "Zurück zur Liste", "Back to the list";
    local: "Läuft nur auf diesem Rechner", "Runs on this machine only";
    latest_claims: "Neueste Aussagen", "Latest claims";
    latest_documents: "Neueste Berichte", "Latest reports";
    all_events: "Alle Ereignisse", "All events";
    all_claims: "Alle Aussagen", "All claims";
    all_agreements: "Alle Abkommen", "All agreements";
    all_documents: "Alle Berichte", "All reports";
    event_type: "Art", "Type";
    mode: "Weise", "Mode";
    who_whom: "Wer → wem", "Who → whom";
    nobody: "nicht genannt", "not told";
    date: "Datum", "Date";
    date_implicit: "Tag der Veröffentlichung, im Text steht keine Zeit", "day of publication, the text tells no time";
    date_of_report: "Tag des Berichts", "day of the report";
    date_note: "Kursiv: Tag des Berichts, der Text nennt keine Zeit.", "In italics: day of the report, the text tells no time.";
    today: "heute", "today";
    undated: "ohne Datum", "undated";
    from: "von", "from";
    to: "bis", "to";
    place: "Ort", "Place";
    status: "Status", "Status";
    certainty: "Gewissheit", "Certainty";
    contexts: "Felder", "Contexts";
    rule: "Regel", "Rule";
    codes: "Kodes", "Codes";
    in_text: "Im Text zeigen", "Show in the text";
    mention: "Stelle", "Passage";
    according_to: "Laut", "According to";
    holder: "Wer sagt es", "Who says so";
    addressee: "An", "To";
    unnamed_holder: "nicht genannte Quelle", "source not named";
    stance: "Haltung", "Stance";
    quote: "wörtlich", "quotation";
    said: "Was", "What";
    tells: "Erzählt von", "Tells of";
    kind: "Art", "Kind";
    parties: "Parteien", "Parties";
    steps: "Stand", "Steps";
    by: "durch", "by";
    obligations: "Pflichten", "Duties";
    all_parties: "alle Parteien", "all parties";
    unnamed_agreement: "Abkommen ohne Namen", "Unnamed agreement";
    source: "Quelle", "Source";
    published: "Veröffentlicht", "Published";
    title: "Titel", "Title";
    untitled: "Ohne Titel", "Untitled";
    name: "Name", "Name";
    country: "Land", "Country";
    legend: "Im Text hervorheben", "Highlight in the text";
    records: "Was Lagebild darin liest", "What Lagebild reads in it";
    no_records: "In diesem Bericht hat die Maschine weder Ereignisse noch Aussagen noch Abkommen gefunden.",
        "The engine found no events, claims or agreements in this report.";
    notes: "Hinweise der Maschine", "Notes of the engine";
    read_by: "Gelesen von", "Read by";
    filters: "Filter", "Filters";
    filter_do: "Anwenden", "Apply";
    filter_clear: "Alle Filter entfernen", "Clear all filters";
    filter_remove: "Filter entfernen", "Remove filter";
    words: "Wörter", "Words";
    download: "Diese Liste als", "This list as";
    prev: "Zurück", "Previous";
    next: "Weiter", "Next";
    pages: "Seiten", "Pages";
    of: "von", "of";
    acts_as: "handelt", "acts";
    receives: "betroffen", "acted upon";
    first_seen: "zuerst", "first";
    last_seen: "zuletzt", "last";
    report_language: "Sprache des Berichts", "Language of the report";
    quad: "Klasse", "Class";
    country_involved: "Beteiligtes Land", "Country involved";
    timeline: "Ereignisse nach Datum", "Events by date";
    timeline_note: "Gezählt am Tag, an dem sie beginnen; ohne Zeitangabe am Tag des Berichts. Verneintes zählt nicht. Ein Balken führt zu seinen Ereignissen.",
        "Counted on the day on which they begin; without a time, on the day of the report. Negated ones do not count. A bar leads to its events.";
    timeline_out: "Ganzer Zeitraum", "Whole time";
    period: "Zeitraum", "Period";
    per_day: "je Tag", "by day";
    per_week: "je Woche", "by week";
    per_month: "je Monat", "by month";
    per_year: "je Jahr", "by year";
    acts: "Taten", "Acts";
    acts_hint: "Was mehrere Berichte erzählen, steht einmal da.", "What several reports tell stands here once.";
    facet_note: "Die Zahlen zählen Ereignisse, wie Berichte sie erzählen.", "Numbers count events as reports tell them.";
    told_by: "Erzählt von", "Told by";
    only_such: "Alle Berichte erfüllen die Filter", "All reports pass the filters";
    told_by_least: "Erzählt von mindestens", "Told by at least";
    reports_n: "Berichten", "reports";
    report_1: "Bericht", "report";
    sources_n: "unabhängige Quellen", "independent sources";
    source_1: "unabhängige Quelle", "independent source";
    same_act: "Alle Berichte dazu", "All reports on it";
    agree: "Worin sie übereinstimmen", "Where they agree";
    disagree: "Worin sie auseinandergehen", "Where they disagree";
    agree_all: "Alle Berichte", "All reports";
    nothing_to_agree: "Nur ein Bericht erzählt davon: Es gibt nichts zu vergleichen.", "Only one report tells of it: there is nothing to compare.";
    numbers: "Zahlen", "Numbers";
    joined: "Warum dieselbe Tat", "Why the same act";
    first_told: "Zuerst berichtet", "Told first";
    copy_of: "Abschrift", "copy";
    opinions: "Wer was dazu sagt", "Who says what about it";
    position_says: "Sagen es", "Say so";
    position_confirms: "Bestätigen", "Confirm";
    position_denies: "Bestreiten", "Deny";
    position_doubts: "Fragen", "Question it";
    topics: "Gegenüber", "Side by side";
    topics_hint: "Taten, zu denen sich mehrere äußern; umstrittene zuerst.", "Acts on which several speak; contested ones first.";
    claims_list: "Alle Aussagen", "All claims";
    speakers: "Sprecher", "Speakers";
    speakers_hint: "Wie oft andere dasselbe sagen, bestätigen oder bestreiten. Gezählt wird, nicht geurteilt.",
        "How often others say the same, confirm or deny it. This counts and does not judge.";
    speaker: "Wer", "Speaker";
    stands_for: "Für", "For";
    told_acts: "Taten erzählt", "Acts told";
    shared: "auch andere", "others too";
    confirmed_by: "bestätigt", "confirmed";
    denied_by: "bestritten", "denied";
    alone: "allein", "alone";
    denials: "bestreitet", "denies";
    contradicted: "widersprochen", "contradicted";
    stories: "Geschichten", "Stories";
    story: "Geschichte", "Story";
    stories_hint: "Berichte, die einander fortsetzen.", "Reports that continue one another.";
    continues: "setzt fort", "continues";
    begins: "Anfang", "beginning";
    alike: "Ähnlichkeit", "Likeness";
    days_n: "Tage", "days";
    day_1: "Tag", "day";
    copies: "Abschriften dieses Berichts", "Copies of this report";
    in_story: "Teil der Geschichte", "Part of the story";
    pairs: "Paare", "Pairs";
    pair: "Paar", "Pair";
    pairs_hint: "Wer tut wem wie viel; jede Tat zählt einmal, nur Geschehenes.", "Who does how much to whom; each act counts once, only what happened.";
    tension: "Spannung", "Tension";
    index: "Index", "Index";
    expected: "erwartet", "expected";
    index_note: "50 ist wie immer für dieses Paar, je 10 eine Abweichung mehr. Formel:",
        "50 is as ever for this pair, each 10 one deviation more. Formula:";
    no_index: "Für einen Index ist die Vergangenheit noch zu kurz.", "The past is too short for an index yet.";
    alarm: "Ausschlag", "burst";
    alarms: "Ausschläge", "Bursts";
    no_alarms: "Kein Paar liegt weit über dem, was von ihm zu erwarten war.", "No pair stands far above what was to be expected of it.";
    watch: "Beobachten", "Watch";
    unwatch: "Nicht mehr beobachten", "Stop watching";
    watched_none: "Die regsten Paare der letzten Wochen. Auf der Seite eines Paares lässt es sich beobachten; dann steht es hier.",
        "The busiest pairs of the last weeks. A pair is watched from its page and then stands here.";
    arms: "Waffen", "Arms";
    arms_note: "Waffen an den anderen zählen in keiner Summe mit; Waffen an Dritte im Krieg mit ihm ebenso.",
        "Arms for the other are in no sum; arms for third parties at war with it neither.";
    verbal: "Worte", "Words";
    material: "Taten", "Deeds";
    cooperation: "Kooperation", "Cooperation";
    conflict: "Konflikt", "Conflict";
    weight: "PLOVER-Summe", "PLOVER sum";
    by_step: "Nach", "By";
    step_day: "Tag", "day";
    step_week: "Woche", "week";
    step_month: "Monat", "month";
    behind: "Taten dahinter", "Acts behind it";
    behind_all: "Taten zwischen beiden", "Acts between the two";
    other_way: "Andere Richtung zuerst", "Other direction first";
    no_pair: "Zwischen beiden ist in diesem Speicher nichts geschehen.", "Nothing happened between the two in this store.";
    untimed: "Taten mit ungenauer Zeit fehlen im Bild", "acts with vague time are not in the chart";
    profile: "Steckbrief", "Profile";
    profile_on: "am", "on";
    profile_any: "jederzeit", "at any time";
    unknown_actor: "Nur aus Berichten bekannt; in den Tabellen steht dieser Akteur nicht.",
        "Known from reports only; this actor is in no table.";
    codes_of: "Kodes", "Codes";
    other_names: "Auch", "Also";
    sectors: "Rollen", "Sectors";
    acts_for: "Handelt für", "Acts for";
    capital: "Hauptstadt", "Capital";
    offices: "Ämter", "Offices";
    no_office: "keines, für das die Tabellen an diesem Tag bürgen", "none that the tables vouch for on that day";
    learnt: "Aus Berichten gelernt", "Learnt from reports";
    learnt_known: "gilt für Berichte", "used for reports";
    learnt_open: "zu wenige Berichte, nicht verwendet", "too few reports, not used";
    learnt_disputed: "andere Berichte sagen anderes, nicht verwendet", "other reports say otherwise, not used";
    learnt_tables: "steht in den Tabellen, diese gelten", "in the tables, which are followed";
    learnt_conflict: "die Tabellen sagen anderes und gelten", "the tables say otherwise and are followed";
    led_by: "Geführt von", "Led by";
    member_of: "Mitglied in", "Member of";
    members: "Mitglieder", "Members";
    relations: "Beziehungen", "Relations";
    relations_none: "Mit niemandem verbindet ihn hier eine Tat.", "No act ties it to anybody here.";
    since_day: "seit", "since";
    until_day: "bis", "until";
    vouched: "verbürgt bis", "vouched for until";
    in_office_of: "von", "of";
    news_since: "Neu seit", "New since";
    news_none: "Seit deinem letzten Besuch ist nichts dazugekommen.", "Nothing came in since your last visit.";
    news_first: "Beim nächsten Besuch steht hier, was seither dazukam.", "On your next visit this will say what came in since.";
    latest_acts: "Jüngste Taten", "Latest acts";
    latest_agreements: "Jüngste Abkommen", "Latest agreements";
    latest_stories: "Laufende Geschichten", "Running stories";
    store_holds: "Im Speicher", "In the store";
    reports_from: "Berichte vom", "Reports from";
    hits: "Treffer", "Hits";
    sort: "Reihenfolge", "Order";
    sort_default: "übliche", "usual";
    sort_newest: "neueste zuerst", "newest first";
    sort_oldest: "älteste zuerst", "oldest first";
    sort_added: "zuletzt aufgenommen", "last added";
    sort_name: "nach Name", "by name";
    added_since: "aufgenommen seit", "added since";
    revision: "Fassung", "Revision";
    original: "Original", "Original";
    record_json: "als JSON", "as JSON";
    empty_store: "Noch keine Berichte", "No reports yet";
    empty_store_do: "Nimm welche auf und lade diese Seite neu:", "Add some and reload this page:";
    empty_demo_do: "Oder sieh dir die mitgelieferten Beispielberichte an:", "Or look at the sample reports that come with it:";
    empty_list: "Nichts gefunden", "Nothing found";
    empty_filtered: "Kein Eintrag passt zu allen Filtern. Entferne einen oder beginne neu.",
        "No entry fits all filters. Remove one or start again.";
    empty_here: "Aus den Berichten im Speicher wurde nichts dieser Art gelesen.",
        "Nothing of this kind was read from the reports in the store.";
    search_start: "Ein Wort oder mehrere, auch Teile von Zusammensetzungen: Vertrag findet Beistandsvertrag.",
        "One word or several; parts of German compounds count: Vertrag finds Beistandsvertrag.";
    search_none: "Kein Bericht enthält diese Wörter. Versuche weniger oder allgemeinere.",
        "No report holds these words. Try fewer or more general ones.";
    not_found: "Nicht gefunden", "Not found";
    not_found_text: "Diese Seite gibt es nicht, oder der Bericht ist nicht in diesem Speicher.",
        "There is no such page, or the report is not in this store.";
    forbidden_origin: "Seiten anderer Herkunft dürfen hier nicht fragen.", "Pages of other origins may not ask here.";
    no_token: "Token fehlt", "Token missing";
    no_token_text: "Wer hier fragt, zeigt ein Token: als Passwort (mit beliebigem Namen) oder als „Authorization: Bearer …“.",
        "Whoever asks here shows a token: as the password (with any name) or as \"Authorization: Bearer …\".";
    failures_text: "Von dieser Adresse kamen zu viele falsche Token. Nach einer Minute geht es weiter.",
        "Too many wrong tokens came from this address. It goes on after a minute.";
    too_long: "Eine Anfrage ist nicht länger als", "A request is no longer than";
    too_slow: "Die Anfrage kam nicht rechtzeitig an.", "The request did not come in time.";
    no_kind: "Berichte dieser Art werden hier nicht gelesen.", "Reports of this kind are not read here.";
    no_report: "Kein Bericht", "No report";
    read_only: "Hier kann nur gelesen werden.", "Only reading is possible here.";
    busy: "Speicher belegt", "Store in use";
    busy_text: "Nach einigen Sekunden erneut versuchen; Lesen geht auch jetzt.", "Try again after some seconds; reading is possible now, too.";
    bad_request: "Anfrage nicht verstanden", "Request not understood";
    forbidden: "Nicht erlaubt", "Not allowed";
    forbidden_host: "Lagebild antwortet nur unter localhost, 127.0.0.1 und [::1].",
        "Lagebild answers only to localhost, 127.0.0.1 and [::1].";
    method: "So nicht", "Not this way";
    method_text: "Diese Seite kann nur gelesen werden.", "This page can only be read.";
    broken: "Der Speicher antwortet nicht", "The store does not answer";
    broken_text: "Die Einzelheiten stehen im Terminal, in dem Lagebild läuft. lagebild check prüft den Speicher.",
        "The details are in the terminal that runs Lagebild. lagebild check examines the store.";
    back_home: "Zum Überblick", "To the overview";
    version: "Version", "Version";
    store: "Speicher", "Store";
    limits: "Grenzen", "Limits";
    licences: "Lizenzen", "Licences";
    quads: "Vier Klassen", "Four classes";
    how: "Wie es liest", "How it reads";
    keyboard: "Tastatur", "Keyboard";

    // Map, network, treaties, feeds, explain.
    and_more: "Weitere, hier nicht gezeigt:", "More, not shown here:";
    any: "alle", "any";
    since: "seit", "since";
    map: "Karte", "Map";
    map_part: "Ausschnitt", "Part of the world";
    map_world: "Welt", "World";
    map_europe: "Europa", "Europe";
    map_middle_east: "Naher Osten", "Middle East";
    map_asia: "Asien", "Asia";
    map_africa: "Afrika", "Africa";
    map_americas: "Amerika", "Americas";
    map_events_as: "Diese Ereignisse als", "These events as";
    map_about: "Etwa hier:", "About here:";
    map_table: "Orte der Ereignisse", "Places of events";
    map_precision: "Genauigkeit", "Precision";
    map_town: "Ort", "town";
    map_region: "Region", "region";
    map_state: "nur der Staat", "the state only";
    map_unknown: "ohne Koordinaten", "no coordinates";
    map_key_region: "Region, um ihre Mitte", "region, around its middle";
    map_key_state: "nur der Staat genannt:", "only the state named:";
    map_key_disputed: "umstrittene Grenze", "disputed border";
    map_told: "Im Text steht bei", "The text names for";
    map_n_towns: "Ereignissen ein Ort", "events a town";
    map_n_regions: "eine Region", "a region";
    map_n_states: "nur ein Staat", "only a state";
    map_n_unknown: "ein Ort ohne bekannte Koordinaten", "a place without known coordinates";
    map_n_nowhere: "nennen keinen Ort.", "name no place.";
    map_note: "Ein Kreis fasst Orte zusammen, die nah beieinander liegen; seine Farbe ist die häufigste Klasse. Ein Staat steht nicht für seine Hauptstadt und ist als Ganzes gefüllt.",
        "A circle gathers places that lie close together; its colour is the most frequent class. A state does not stand for its capital and is filled as a whole.";
    network: "Netz", "Network";
    network_nodes: "Knoten", "Nodes";
    network_sides: "Staaten und Organisationen", "States and organisations";
    network_actors: "Einzelne Akteure", "Single actors";
    network_n_nodes: "Akteure", "actors";
    network_n_ties: "gerichtete Beziehungen", "directed ties";
    network_state: "Staat", "state";
    network_other: "andere", "others";
    network_drawn: "Gezeichnet sind die stärksten:", "Drawn are the strongest:";
    network_actual: "Gezählt wird, was als geschehen erzählt ist; ein Filter nach Status ändert das.",
        "What is told as done counts; a filter by status changes that.";
    network_note: "Eine Tat, die mehrere Berichte erzählen, zählt einmal. Die Farbe eines Pfeils ist seine häufigste Klasse, die Dicke folgt der Zahl. Dieselben Daten ergeben dasselbe Bild.",
        "An act that several reports tell counts once. The colour of an arrow is its most frequent class, its thickness follows the number. The same data make the same picture.";
    network_table: "Wer handelt gegenüber wem", "Who acts upon whom";
    acts_count: "Taten", "acts";
    acts_all: "Taten", "Acts";
    treaties: "Verträge", "Treaties";
    treaty: "Vertrag", "Treaty";
    treaty_on: "Am Tag", "On the day";
    treaty_n_on: "Verträge am", "treaties on";
    treaty_party: "Vertragspartei", "Party";
    treaty_state: "Zustand", "State";
    treaty_told: "Berichte", "Reports";
    treaty_many: "viele", "many";
    treaty_n_parties: "Parteien", "parties";
    treaty_none: "An diesem Tag gab es keinen solchen Vertrag, oder er ist nicht bekannt.", "There was no such treaty on that day, or it is not known.";
    treaty_graph: "Verträge in Kraft und ihre Parteien", "Treaties in force and their parties";
    treaty_graph_one: "Dieser Vertrag, seine Parteien und was sie sonst bindet.", "This treaty, its parties, and what else binds them.";
    treaty_graph_note: "Kästen sind Verträge, Kreise Staaten. Verträge sehr vieler Staaten sind nicht gezeichnet.",
        "Boxes are treaties, circles states. Treaties of very many states are not drawn.";
    treaty_left_out: "Abkommen aus Berichten nennen weder einen bekannten Namen noch zwei Parteien und stehen in keinem Verzeichnis.",
        "agreements of reports name neither a known treaty nor two parties and stand in no ledger.";
    treaty_sources: "Das Verzeichnis verbindet die Tabellen des Programms mit dem, was die Berichte erzählen.",
        "The ledger joins the tables of the program with what the reports tell.";
    treaty_show: "Zeigen", "Show";
    treaty_steps: "Schritte", "Steps";
    treaty_no_steps: "Kein Schritt ist bekannt.", "No step is known.";
    treaty_table: "Tabelle", "table";
    treaty_later: "danach", "later";
    treaty_ratified: "ratifiziert", "ratified";
    treaty_no_duties: "Keine Pflicht ist bekannt.", "No duty is known.";
    treaty_bound: "gebunden:", "bound:";
    treaty_towards: "gegenüber", "towards";
    treaty_caveat: "Aber:", "But:";
    treaty_reports: "Was Berichte erzählen", "What reports tell";
    treaty_no_reports: "Kein Bericht im Speicher spricht von ihm.", "No report in the store speaks of it.";
    stage_unknown: "unbekannt", "unknown";
    stage_negotiated: "verhandelt", "negotiated";
    stage_agreed: "vereinbart", "agreed";
    stage_signed: "unterzeichnet", "signed";
    stage_ratified: "ratifiziert", "ratified";
    stage_in_force: "in Kraft", "in force";
    stage_suspended: "ausgesetzt", "suspended";
    stage_ended: "beendet", "ended";
    what_if: "Was wäre, wenn", "What if";
    if_lead: "Ein Staat greift einen anderen an. Wen verpflichten Verträge dann wozu?", "One state attacks another. Whom do treaties then oblige to what?";
    if_by: "Es greift an", "The attacker";
    if_attacked: "Angegriffen wird", "The attacked";
    if_ask: "Fragen", "Ask";
    if_unknown: "Kein Staat dieses Namens:", "No state of this name:";
    if_nobody: "Kein bekannter Vertrag verpflichtet dann jemanden.", "No known treaty obliges anybody then.";
    if_graph: "Rot der Angriff; grün, wer wem beizustehen hat.", "Red: the attack; green: who has to assist whom.";
    if_who: "Wer", "Who";
    if_duty: "Wozu", "To what";
    if_text: "Wortlaut, gekürzt", "Text, shortened";
    if_when: "falls", "if";
    if_chain: "Die Kette der Verbündeten", "The chain of allies";
    if_broken: "Was der Angriff bricht", "What the attack breaks";
    if_conflicts: "Unvereinbare Pflichten", "Duties that do not go together";
    if_not_in_force: "nicht bekannt, ob in Kraft", "not known to be in force";
    if_party: "ist selbst Partei", "is itself a party";
    if_note: "Die Antwort sagt, was Texte vorsehen, nicht, was Staaten tun.", "The answer says what texts provide for, not what states do.";
    feeds: "Quellen und Eingang", "Feeds and intake";
    feeds_utc: "Zeiten in UTC", "Times in UTC";
    feed: "Feed", "Feed";
    feeds_read: "Berichte gelesen", "Reports read";
    feeds_pending: "noch zu lesen", "still to be read";
    feeds_failed: "nicht lesbar", "not readable";
    feeds_none: "Keine Feeds", "No feeds";
    feeds_do: "Dieses Kommando folgt den Feeds einer Liste (OPML, TOML oder Adressen):", "This command follows the feeds of a list (OPML, TOML or addresses):";
    feed_rests: "ruht", "rests";
    feed_new: "neu", "new";
    feed_fine: "läuft", "fine";
    feed_fails: "gescheitert", "failed";
    feed_read_at: "Zuletzt gelesen", "Last read";
    feed_next: "Nächste Abfrage", "Next poll";
    feed_items: "Einträge", "Items";
    feed_waiting: "wartend", "Waiting";
    feeds_failed_list: "Was nicht gelesen werden konnte", "What could not be read";
    feeds_received: "Eingegangen", "Received";
    feeds_why: "Grund", "Reason";
    explain: "Warum so gelesen", "Why it is read so";
    explain_lead: "Jede Entscheidung mit ihren Worten, ihrer Regel und dem Grund. Der Bericht wird dafür mit den Regeln dieses Programms noch einmal gelesen.",
        "Every decision with its words, its rule and its reason. For this the report is read once more, by the rules of this program.";
    explain_outdated: "Der Speicher wurde mit anderen Regeln gefüllt:", "The store was filled with other rules:";
    explain_events: "Ereignisse dieses Berichts", "Events of this report";
    explain_why_not: "Warum nicht?", "Why not?";
    explain_expected: "Erwartet: ART AKTEUR > ZIEL", "Expected: TYPE ACTOR > RECIPIENT";
    explain_ask: "Fragen", "Ask";
    explain_is_read: "Es wird gelesen:", "It is read:";
    explain_not_read: "Es wird nicht gelesen:", "It is not read:";
    about_lexicon: "Regeln", "Rules";
    about_models: "Modelle", "Models";
    about_german: "Deutsch", "German";
    about_english: "Englisch", "English";
    about_format: "Format", "format";
}

/// Sentences with names in them.
impl Ui {
    /// One state attacks another.
    pub(super) fn if_attacks(self, by: &str, attacked: &str) -> String {
        match self {
            Self::De => format!("{by} greift {attacked} an"),
            Self::En => format!("{by} attacks {attacked}"),
        }
    }

    /// The attacker becomes the attacked.
    pub(super) fn if_attacked_in_turn(self, by: &str) -> String {
        match self {
            Self::De => format!("{by} seinerseits angegriffen wird"),
            Self::En => format!("{by} is attacked in turn"),
        }
    }

    /// Heading over the duties towards a state.
    pub(super) fn if_bound_to(self, state: &str) -> String {
        match self {
            Self::De => format!("Gegenüber {state} verpflichtet"),
            Self::En => format!("Bound towards {state}"),
        }
    }

    /// Duties towards both sides: to assist both, or to assist one and keep the peace with the other.
    pub(super) fn if_clash(self, attacked: &str, by: &str, assist: bool) -> String {
        match (self, assist) {
            (Self::De, true) => format!("zum Beistand für {attacked} und für {by} verpflichtet"),
            (Self::En, true) => format!("bound to assist {attacked} and {by}"),
            (Self::De, false) => {
                format!("zum Beistand für {attacked} und zum Gewaltverzicht gegenüber {by} verpflichtet")
            }
            (Self::En, false) => format!("bound to assist {attacked} and to use no force against {by}"),
        }
    }

    /// What a reason of an explanation is about.
    pub(super) fn reason(self, about: &str) -> &str {
        match (self, about) {
            (Self::De, "event") => "Ereignis",
            (Self::De, "trigger") => "Auslöser",
            (Self::De, "type") => "Art",
            (Self::De, "actor") => "Akteur",
            (Self::De, "recipient") => "Ziel",
            (Self::De, "status") => "Status",
            (Self::De, "certainty") => "Gewissheit",
            (Self::De, "date") => "Datum",
            (Self::De, "place") => "Ort",
            (Self::De, "also told") => "auch erzählt",
            (Self::De, "not taken") => "nicht genommen",
            (Self::De, "not read") => "nicht gelesen",
            (Self::De, "word") => "Wort",
            (Self::De, "party") => "Beteiligte",
            _ => about,
        }
    }
}

impl Ui {
    /// The texts in this language.
    pub(super) fn texts(self) -> &'static Texts {
        match self {
            Self::De => &DE,
            Self::En => &EN,
        }
    }

    /// A term of the codebook in plain words; the term itself where it has none.
    pub(crate) fn term(self, term: &str) -> &str {
        match TERMS.binary_search_by_key(&term, |row| row.0) {
            Ok(i) if self == Self::De => TERMS[i].1,
            Ok(i) => TERMS[i].2,
            Err(_) => term,
        }
    }

    /// The name of a state by ISO 3166-1 alpha-3.
    pub(super) fn country(self, key: &str) -> Option<&'static str> {
        let country = lagebild_bundle::knowledge().country(key)?;
        Some(if self == Self::De {
            country.name_de
        } else {
            country.name_en
        })
    }

    /// Whether `name` is the name of the state `key` in either language.
    pub(super) fn names_country(self, key: &str, name: &str) -> bool {
        lagebild_bundle::knowledge()
            .country(key)
            .is_some_and(|c| name == c.name_de || name == c.name_en)
    }

    /// The name of a party key: that of a state, or the key of an organisation as it stands.
    pub(super) fn party(self, key: &str) -> &str {
        self.country(key).unwrap_or(key)
    }

    /// A date for people, at the precision told; empty without one.
    pub(super) fn date(self, date: &DateRecord) -> String {
        match (date.from.as_deref(), date.to.as_deref()) {
            (Some(from), Some(to)) if from == to => self.short_day(from),
            (Some(from), Some(to)) => self.interval(from, to),
            (Some(from), None) => format!("{} {}", self.texts().since_day, self.short_day(from)),
            (None, Some(to)) => format!("{} {}", self.texts().until_day, self.short_day(to)),
            (None, None) => date.text.clone().unwrap_or_default(),
        }
    }

    /// `2024-10-24` as *24. Oktober 2024* or *24 October 2024*; anything else as it stands.
    pub(super) fn day(self, iso: &str) -> String {
        let Ok(date) = iso.parse::<Date>() else {
            return iso.to_owned();
        };
        match self {
            Self::De => format!("{}. {} {}", date.day(), self.month(date), date.year()),
            Self::En => format!("{} {} {}", date.day(), self.month(date), date.year()),
        }
    }

    /// As [`Self::day`], with the month cut short: *24. Okt. 2024*.
    pub(super) fn short_day(self, iso: &str) -> String {
        iso.parse().map_or_else(|_| iso.to_owned(), |date| self.short(date))
    }

    fn short(self, date: Date) -> String {
        let month = self.short_month(date);
        match self {
            Self::De => format!("{}. {month} {}", date.day(), date.year()),
            Self::En => format!("{} {month} {}", date.day(), date.year()),
        }
    }

    /// At most four letters, with a point where German cuts.
    fn short_month(self, date: Date) -> String {
        let month = self.month(date);
        match self {
            Self::De if month.chars().count() > 4 => month.chars().take(3).chain(['.']).collect(),
            Self::De => month.to_owned(),
            Self::En => month.chars().take(3).collect(),
        }
    }

    /// How far `day` lies from `today`: *vor 3 Tagen*, *in 2 months*.
    pub(super) fn relative(self, day: Date, today: Date) -> String {
        let days = today.since(day).map_or(0, |span| span.get_days());
        let (n, [one, many]) = match days.unsigned_abs() {
            0 => return self.texts().today.to_owned(),
            n @ 1..=30 => (n, self.unit(["Tag", "Tagen"], ["day", "days"])),
            n @ 31..=364 => (n / 30, self.unit(["Monat", "Monaten"], ["month", "months"])),
            n => (n / 365, self.unit(["Jahr", "Jahren"], ["year", "years"])),
        };
        let span = format!("{n} {}", if n == 1 { one } else { many });
        match (self, days > 0) {
            (Self::De, true) => format!("vor {span}"),
            (Self::En, true) => format!("{span} ago"),
            (_, false) => format!("in {span}"),
        }
    }

    fn unit(self, german: [&'static str; 2], english: [&'static str; 2]) -> [&'static str; 2] {
        if self == Self::De { german } else { english }
    }

    fn month(self, date: Date) -> &'static str {
        let names = if self == Self::De { &MONTHS_DE } else { &MONTHS_EN };
        usize::try_from(date.month() - 1)
            .ok()
            .and_then(|i| names.get(i))
            .unwrap_or(&"")
    }

    /// A whole month or year by its name, another interval by its ends.
    pub(super) fn interval(self, from: &str, to: &str) -> String {
        let (Ok(first), Ok(last)) = (from.parse::<Date>(), to.parse::<Date>()) else {
            return format!("{from} – {to}");
        };
        if first == last {
            return self.short(first);
        }
        if first.day() == 1 && last == first.last_of_month() {
            return format!("{} {}", self.month(first), first.year());
        }
        if first == first.first_of_year() && last == first.last_of_year() {
            return first.year().to_string();
        }
        if first.first_of_month() == last.first_of_month() {
            let dot = if self == Self::De { "." } else { "" };
            return format!("{}{dot} – {}", first.day(), self.short(last));
        }
        format!("{} – {}", self.short(first), self.short(last))
    }

    /// A label of an axis: a day, a month, or a year where it begins.
    pub(super) fn axis(self, date: Date, year: bool) -> String {
        match (date.day(), date.month(), year) {
            (_, _, true) => date.year().to_string(),
            (1, 1, _) => format!("{} {}", self.short_month(date), date.year()),
            (1, ..) => self.short_month(date),
            (day, ..) if self == Self::De => format!("{day}. {}", self.short_month(date)),
            (day, ..) => format!("{day} {}", self.short_month(date)),
        }
    }

    /// A figure with one decimal, and no minus before zero.
    pub(super) fn figure(self, value: f32) -> String {
        let text = format!("{:.1}", if value.abs() < 0.05 { 0.0 } else { value }).replace('-', "−");
        if self == Self::De { text.replace('.', ",") } else { text }
    }

    /// A number with its thousands set apart.
    pub(super) fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let mark = if self == Self::De { '.' } else { ',' };
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(mark);
            }
            out.push(digit);
        }
        out
    }

    /// An amount: *mindestens 3.000 Soldaten*.
    pub(super) fn amount(self, value: f64, thing: &str, kind: &str, modifier: &str) -> String {
        let number = if value.fract() == 0.0 && (0.0..1e15).contains(&value) {
            // In range and whole by the guard.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            self.number(value as u64)
        } else if self == Self::De {
            value.to_string().replace('.', ",")
        } else {
            value.to_string()
        };
        let thing = match kind {
            "dead" | "injured" | "arrested" => self.term(kind),
            "percent" => "%",
            _ => thing,
        };
        let modifier = if modifier == "exact" { "" } else { self.term(modifier) };
        [modifier, &number, thing]
            .iter()
            .filter(|s| !s.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

const MONTHS_DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Terms of the codebook in German and English, sorted by term.
const TERMS: &[(&str, &str, &str)] = &[
    ("ACCUSE", "Vorwurf", "Accusation"),
    ("AGREE", "Zusage", "Promise"),
    ("AID", "Hilfe", "Help"),
    ("ASSAULT", "Gewalt", "Assault"),
    ("COERCE", "Zwang", "Coercion"),
    ("CONCEDE", "Zugeständnis", "Concession"),
    ("CONSULT", "Gespräch", "Consultation"),
    ("COOPERATE", "Zusammenarbeit", "Cooperation"),
    ("MOBILIZE", "Mobilisierung", "Mobilisation"),
    ("PROTEST", "Protest", "Protest"),
    ("REJECT", "Ablehnung", "Rejection"),
    ("REQUEST", "Forderung", "Request"),
    ("RETREAT", "Rückzug", "Retreat"),
    ("SANCTION", "Sanktion", "Sanction"),
    ("SUPPORT", "Zuspruch", "Endorsement"),
    ("THREATEN", "Drohung", "Threat"),
    ("abduct", "Entführung", "abduction"),
    ("about", "etwa", "about"),
    ("access", "Zugang", "access"),
    ("accuse", "wirft vor", "accuses"),
    ("actual", "geschehen", "actual"),
    ("aerial", "Luftangriff", "air strike"),
    ("agreed", "vereinbart", "agreed"),
    ("aid", "Hilfe", "aid"),
    ("allege", "Beschuldigung", "allege"),
    ("alleged", "behauptet", "alleged"),
    ("alliance", "Bündnis", "alliance"),
    ("approved", "gebilligt", "approved"),
    ("arms", "Waffen", "arms"),
    ("arms-control", "Rüstungskontrolle", "arms control"),
    ("arrest", "Festnahme", "arrest"),
    ("arrested", "Festgenommene", "arrested"),
    ("asserted", "berichtet", "asserted"),
    ("assist", "Hilfe", "assist"),
    ("asylum", "Asyl", "asylum"),
    ("at-least", "mindestens", "at least"),
    ("beat", "Misshandlung", "beating"),
    ("border", "Grenze", "border"),
    ("boycott", "Boykott", "boycott"),
    ("cbrn", "Massenvernichtungswaffen", "CBRN"),
    ("ceasefire", "Waffenruhe", "ceasefire"),
    ("censor", "Zensur", "censorship"),
    ("change", "Änderung", "change"),
    ("concern", "ist besorgt", "is concerned"),
    ("confirm", "bestätigt", "confirms"),
    ("confirmed", "bestätigt", "confirmed"),
    ("consultation", "Beratung", "consultation"),
    ("convict", "Verurteilung", "conviction"),
    ("corruption", "Korruption", "corruption"),
    ("country", "Staat", "country"),
    ("crime", "Kriminalität", "crime"),
    ("criticise", "kritisiert", "criticises"),
    ("crowd-control", "Mittel gegen Menschenmengen", "crowd control"),
    ("curfew", "Ausgangssperre", "curfew"),
    ("cyber", "Cyber", "cyber"),
    ("dead", "Tote", "dead"),
    ("defence", "Verteidigung", "defence"),
    ("demand", "fordert", "demands"),
    ("demo", "Demonstration", "demonstration"),
    ("deny", "bestreitet", "denies"),
    ("deport", "Abschiebung", "deportation"),
    ("destroy", "Zerstörung", "destruction"),
    ("diplomatic", "Diplomatie", "diplomatic"),
    ("disapprove", "Missbilligung", "disapprove"),
    ("disarm", "Entwaffnung", "disarm"),
    ("disasters", "Katastrophen", "disasters"),
    ("discontinue", "Abbruch", "discontinue"),
    ("disputed", "bestritten", "disputed"),
    ("drone", "Drohnen", "drones"),
    ("economic", "Wirtschaft", "economic"),
    ("election", "Wahl", "election"),
    ("energy", "Energie", "energy"),
    ("environment", "Umwelt", "environment"),
    ("executive", "Regierung", "executive"),
    ("expect", "erwartet", "expects"),
    ("expel", "Ausweisung", "expel"),
    ("explosives", "Sprengstoff", "explosives"),
    ("extended", "verlängert", "extended"),
    ("firearms", "Schusswaffen", "firearms"),
    ("gender", "Geschlecht", "gender"),
    ("group", "Gruppe", "group"),
    ("health", "Gesundheit", "health"),
    ("heavy-weapons", "schwere Waffen", "heavy weapons"),
    ("human_rights", "Menschenrechte", "human rights"),
    ("human_security", "menschliche Sicherheit", "human security"),
    ("humanitarian", "humanitär", "humanitarian"),
    ("hunger", "Hungerstreik", "hunger strike"),
    ("illegal_drugs", "Drogen", "illegal drugs"),
    ("in-force", "in Kraft", "in force"),
    ("inequality", "Ungleichheit", "inequality"),
    ("initialled", "paraphiert", "initialled"),
    ("injured", "Verletzte", "injured"),
    ("intelligence", "Geheimdienste", "intelligence"),
    ("investigate", "Ermittlung", "investigate"),
    ("legal", "Recht", "legal"),
    ("legislative", "Parlament", "legislative"),
    ("lgbt", "LGBT", "LGBT"),
    ("martial-law", "Kriegsrecht", "martial law"),
    ("material-conflict", "Konflikt in Taten", "material conflict"),
    ("material-cooperation", "Kooperation in Taten", "material cooperation"),
    ("meet", "Treffen", "meet"),
    ("membership", "Mitgliedschaft", "membership"),
    ("migration", "Migration", "migration"),
    ("military", "Militär", "military"),
    ("militia", "Miliz", "militia"),
    ("misinformation", "Desinformation", "misinformation"),
    ("multilateral", "multilateral", "multilateral"),
    ("mutual-assistance", "gegenseitiger Beistand", "mutual assistance"),
    ("natural_resource", "Rohstoffe", "natural resources"),
    ("negated", "verneint", "negated"),
    ("negotiated", "verhandelt", "negotiated"),
    ("neutrality", "Neutralität", "neutrality"),
    ("non-aggression", "Gewaltverzicht", "non-aggression"),
    ("obstruct", "Blockade", "obstruction"),
    ("organisation", "Organisation", "organisation"),
    ("other", "sonstiges", "other"),
    ("peace", "Frieden", "peace"),
    ("peacekeeping", "Friedenssicherung", "peacekeeping"),
    ("person", "Person", "person"),
    ("phone", "Telefonat", "phone"),
    ("place", "Ort", "place"),
    ("planned", "geplant", "planned"),
    ("police", "Polizei", "police"),
    (
        "political_institutions",
        "politische Einrichtungen",
        "political institutions",
    ),
    ("possible", "möglich", "possible"),
    ("praise", "lobt", "praises"),
    ("primitive", "einfache Waffen", "primitive weapons"),
    ("pro_autocracy", "Autokratie", "pro-autocracy"),
    ("pro_democracy", "Demokratie", "pro-democracy"),
    ("promise", "verspricht", "promises"),
    ("proposed", "vorgeschlagen", "proposed"),
    ("question", "fragt", "asks"),
    ("ratified", "ratifiziert", "ratified"),
    ("rejected", "abgelehnt", "rejected"),
    ("relations", "Beziehungen", "relations"),
    ("release", "Freilassung", "release"),
    (
        "religion_ethnicity",
        "Religion und Volksgruppen",
        "religion and ethnicity",
    ),
    ("reparations", "Entschädigung", "reparations"),
    ("repression", "Unterdrückung", "repression"),
    ("resign", "Rücktritt", "resign"),
    ("restrict", "Einschränkung", "restrict"),
    ("rights_freedoms", "Rechte und Freiheiten", "rights and freedoms"),
    ("riot", "Krawall", "riot"),
    ("sanctions", "Sanktionen", "sanctions"),
    ("seize", "Beschlagnahme", "seizure"),
    ("sexual", "sexuelle Gewalt", "sexual violence"),
    ("signed", "unterzeichnet", "signed"),
    ("state", "erklärt", "states"),
    ("strike", "Streik", "strike"),
    ("suicide-attack", "Selbstmordanschlag", "suicide attack"),
    ("suspended", "ausgesetzt", "suspended"),
    ("targeted", "gezielte Tötung", "targeted killing"),
    ("technology", "Technik", "technology"),
    ("terminated", "beendet", "terminated"),
    ("territory", "Gebiet", "territory"),
    ("terrorism", "Terrorismus", "terrorism"),
    ("third-party", "Vermittlung", "third party"),
    ("torture", "Folter", "torture"),
    ("trade", "Handel", "trade"),
    ("trafficking", "Menschenhandel", "trafficking"),
    ("troops", "Truppen", "troops"),
    ("unconventional", "unkonventionelle Waffen", "unconventional weapons"),
    ("up-to", "bis zu", "up to"),
    ("vandalize", "Sachbeschädigung", "vandalism"),
    ("verbal-conflict", "Konflikt in Worten", "verbal conflict"),
    ("verbal-cooperation", "Kooperation in Worten", "verbal cooperation"),
    ("violated", "verletzt", "violated"),
    ("violence", "Gewalt", "violence"),
    ("visit", "Besuch", "visit"),
    ("warn", "warnt", "warns"),
    ("weapons", "Waffen", "weapons"),
    ("withdraw", "Rückzug", "withdraw"),
    ("withdrawal", "Abzug", "withdrawal"),
    ("withhold", "Vorenthalten", "withholding"),
    ("yield", "Nachgeben", "yield"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::codebook;

    #[test]
    fn the_browser_chooses_the_language() {
        assert_eq!(Ui::negotiate(""), Ui::De);
        assert_eq!(Ui::negotiate("fr-FR,fr;q=0.9"), Ui::De);
        assert_eq!(Ui::negotiate("en-US,en;q=0.9,de;q=0.8"), Ui::En);
        assert_eq!(Ui::negotiate("fr, en;q=0.3, de-AT;q=0.7"), Ui::De);
        assert_eq!(Ui::negotiate("en;q=nonsense"), Ui::En);
    }

    #[test]
    fn terms_are_sorted_and_cover_the_codebook() {
        assert!(
            TERMS.windows(2).all(|w| w[0].0 < w[1].0),
            "TERMS must be sorted, each term once"
        );
        let known = |term: &str| TERMS.iter().any(|row| row.0 == term);
        for term in codebook::EventType::ALL.iter().map(|t| t.as_str()) {
            assert!(known(term), "{term}");
        }
        let stances = codebook::Stance::ALL.iter().map(|t| t.as_str());
        let status = codebook::Status::ALL.iter().map(|t| t.as_str());
        let certainty = codebook::Certainty::ALL.iter().map(|t| t.as_str());
        let kinds = codebook::AgreementKind::ALL.iter().map(|t| t.as_str());
        let steps = codebook::Step::ALL.iter().map(|t| t.as_str());
        let duties = codebook::ObligationKind::ALL.iter().map(|t| t.as_str());
        let quads = codebook::Quad::ALL.iter().map(|t| t.as_str());
        let modes = codebook::Mode::ALL.iter().map(|t| t.as_str());
        let contexts = codebook::Context::ALL.iter().map(|t| t.as_str());
        for term in stances
            .chain(status)
            .chain(certainty)
            .chain(kinds)
            .chain(steps)
            .chain(modes)
            .chain(contexts)
            .chain(duties)
            .chain(quads)
        {
            assert!(known(term), "{term}");
        }
    }

    #[test]
    fn dates_keep_their_precision() {
        let date = |from: &str, to: &str| DateRecord {
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            text: None,
            implicit: false,
        };
        assert_eq!(Ui::De.date(&date("2024-10-24", "2024-10-24")), "24. Okt. 2024");
        assert_eq!(Ui::En.date(&date("2024-02-01", "2024-02-29")), "February 2024");
        assert_eq!(Ui::De.date(&date("2023-01-01", "2023-12-31")), "2023");
        assert_eq!(Ui::De.date(&date("2024-10-08", "2024-10-13")), "8. – 13. Okt. 2024");
        assert_eq!(
            Ui::En.date(&date("2024-06-30", "2024-07-02")),
            "30 Jun 2024 – 2 Jul 2024"
        );
        assert_eq!(Ui::En.day("someday"), "someday");
        let ago = |ui: Ui, day: &str| ui.relative(day.parse().unwrap(), "2024-10-24".parse().unwrap());
        assert_eq!(
            ["2024-10-24", "2024-10-23", "2024-08-20", "2020-01-01", "2024-10-30"].map(|day| ago(Ui::De, day)),
            ["heute", "vor 1 Tag", "vor 2 Monaten", "vor 4 Jahren", "in 6 Tagen"]
        );
        assert_eq!(ago(Ui::En, "2024-10-20"), "4 days ago");
    }

    #[test]
    fn amounts_read_well() {
        assert_eq!(
            Ui::De.amount(3000.0, "Soldaten", "count", "at-least"),
            "mindestens 3.000 Soldaten"
        );
        assert_eq!(Ui::En.amount(1.5, "EUR", "money", "exact"), "1.5 EUR");
        assert_eq!(Ui::De.amount(f64::NAN, "", "count", "exact"), "NaN");
    }

    #[test]
    fn countries_have_names_in_both_languages() {
        assert_eq!(Ui::De.party("PRK"), "Nordkorea");
        assert_eq!(Ui::En.party("RUS"), "Russia");
        assert_eq!(Ui::En.party("NATO"), "NATO");
    }
}
