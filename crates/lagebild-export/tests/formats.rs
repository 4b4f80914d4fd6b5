//! Every format is parsed back and compared with the records that it was made of.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use lagebild_core::wire::{
    ClaimRecord, DateRecord, Engine, EntityRecord, EventRecord, MentionRecord, PartyRecord, PlaceRecord,
    QuantityRecord, Range, Record, Words,
};
use lagebild_export::*;
use lagebild_store::{ClaimRow, DocumentBrief, DocumentRow, EventRow, SaidBy, StoredDocument};
use proptest::prelude::*;
use serde_json::Value;

const TEXT: &str = "=Südkorea prüft\n\nRussland ratifizierte am 24. Oktober den Pakt mit Nordkorea.\n\
                    Nordkorea schickte laut Seoul 3.000 Soldaten\nnach Kursk 🇰🇵.";

fn at(words: &str, n: usize) -> Words {
    let byte = TEXT.match_indices(words).nth(n).unwrap().0;
    let start = TEXT[..byte].chars().count();
    Words {
        start,
        end: start + words.chars().count(),
        text: words.to_owned(),
    }
}

fn range(words: &str) -> Range {
    let Words { start, end, .. } = at(words, 0);
    Range { start, end }
}

fn party(words: &str, n: usize, code: &str, roles: &[&str]) -> PartyRecord {
    let w = at(words, n);
    PartyRecord {
        text: w.text,
        start: Some(w.start),
        end: Some(w.end),
        name: Some(words.to_owned()),
        id: Some(format!("country:{code}")),
        country: Some(code.to_owned()),
        org: None,
        roles: roles.iter().map(ToString::to_string).collect(),
        code: Some(format!("{code}{}", roles.concat())),
    }
}

fn event(id: &str, kind: &str, sentence: &str, trigger: &str) -> EventRecord {
    let Range { start, end } = range(sentence);
    EventRecord {
        id: id.to_owned(),
        kind: kind.to_owned(),
        mode: None,
        content: None,
        actors: Vec::new(),
        recipients: Vec::new(),
        status: "actual".to_owned(),
        certainty: "asserted".to_owned(),
        date: DateRecord {
            from: Some("2024-10-24".to_owned()),
            to: Some("2024-10-24".to_owned()),
            text: Some("am 24. Oktober".to_owned()),
            implicit: false,
        },
        place: None,
        quantities: Vec::new(),
        context: Vec::new(),
        claim: None,
        quad: "verbal-cooperation".to_owned(),
        cameo: "057".to_owned(),
        goldstein: Some(8.0),
        plover_score: 5.0,
        rule: "test".to_owned(),
        mentions: vec![MentionRecord {
            start,
            end,
            trigger: at(trigger, 0),
        }],
    }
}

fn report() -> StoredDocument {
    let treaty = "Russland ratifizierte am 24. Oktober den Pakt mit Nordkorea.";
    let troops = "Nordkorea schickte laut Seoul 3.000 Soldaten\nnach Kursk 🇰🇵.";
    let mut ratifies = event("e1", "SUPPORT", treaty, "ratifizierte");
    ratifies.actors = vec![party("Russland", 0, "RUS", &["LEG"])];
    ratifies.recipients = vec![party("Nordkorea", 0, "PRK", &[])];
    let mut sends = event("e2", "AID", troops, "schickte");
    sends.actors = vec![party("Nordkorea", 1, "PRK", &["MIL"])];
    sends.recipients = vec![party("Russland", 0, "RUS", &[])];
    sends.certainty = "alleged".to_owned();
    sends.claim = Some("c1".to_owned());
    sends.cameo = "163".to_owned();
    sends.date = DateRecord {
        from: Some("2024-10-01".to_owned()),
        to: Some("2024-10-31".to_owned()),
        text: None,
        implicit: false,
    };
    sends.place = Some(PlaceRecord {
        text: "Kursk".to_owned(),
        name: "Kursk".to_owned(),
        country: Some("RUS".to_owned()),
        lat: Some(51.73733),
        lon: Some(36.18735),
    });
    let soldiers = range("3.000 Soldaten");
    sends.quantities = vec![QuantityRecord {
        value: 3000.0,
        thing: "Soldaten".to_owned(),
        kind: "count".to_owned(),
        modifier: "exact".to_owned(),
        start: soldiers.start,
        end: soldiers.end,
    }];
    let mut plans = event("e3", "AID", "=Südkorea prüft", "prüft");
    plans.actors = vec![party("Südkorea", 0, "KOR", &[]), party("Seoul", 0, "KOR", &["GOV"])];
    plans.status = "possible".to_owned();
    plans.place = Some(PlaceRecord {
        text: "Südkorea".to_owned(),
        name: "Südkorea".to_owned(),
        country: Some("KOR".to_owned()),
        lat: Some(36.5),
        lon: Some(127.75),
    });
    let entity = |id: &str, name: &str, n: usize| EntityRecord {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: "country".to_owned(),
        country: Some(id[8..].to_owned()),
        org: None,
        roles: Vec::new(),
        mentions: (0..n).map(|n| at(name, n)).collect(),
        learnt: None,
    };
    let record = Record {
        id: "d/1".to_owned(),
        title: Some("=Südkorea prüft".to_owned()),
        published: Some("2024-10-25".to_owned()),
        lang: "de".to_owned(),
        source: Some("Muster \"Tag\", Berlin\u{1}".to_owned()),
        text: TEXT.to_owned(),
        offsets: "char".to_owned(),
        engine: Engine {
            version: "0".to_owned(),
            lexicon: "l".to_owned(),
            model: "m".to_owned(),
        },
        sentences: vec![range("=Südkorea prüft"), range(treaty), range(troops)],
        entities: vec![
            entity("country:RUS", "Russland", 1),
            entity("country:PRK", "Nordkorea", 2),
            entity("country:KOR", "Südkorea", 1),
        ],
        events: vec![ratifies, sends, plans],
        claims: vec![ClaimRecord {
            id: "c1".to_owned(),
            holder: party("Seoul", 0, "KOR", &["GOV"]),
            stance: "state".to_owned(),
            quote: true,
            addressee: None,
            cue: at("laut", 0),
            content: range(troops),
            mention: range(troops),
            events: vec!["e2".to_owned()],
            rule: "de.say.laut".to_owned(),
        }],
        agreements: Vec::new(),
        times: Vec::new(),
        introductions: Vec::new(),
        notes: Vec::new(),
    };
    StoredDocument {
        row: DocumentRow {
            document: DocumentBrief {
                id: record.id.clone(),
                title: record.title.clone(),
                published: record.published.clone(),
                source: record.source.clone(),
                lang: record.lang.clone(),
                url: None,
            },
            added_at: "2024-10-25T08:00:00Z".to_owned(),
            changed_at: "2024-10-26T08:00:00Z".to_owned(),
            revision: 1,
            events: 3,
            claims: 1,
            agreements: 0,
        },
        record,
    }
}

fn events(report: &StoredDocument) -> Vec<EventRow> {
    let text = CodePoints::new(&report.record.text);
    let row = |event: &EventRecord| {
        let Range { start, end } = report.record.sentences[match event.id.as_str() {
            "e1" => 1,
            "e2" => 2,
            _ => 0,
        }];
        EventRow {
            key: format!("{}#{}", report.record.id, event.id),
            document: report.row.document.clone(),
            event: event.clone(),
            sentence: Words {
                start,
                end,
                text: text.of(start, end).to_owned(),
            },
            said_by: event.claim.as_ref().map(|claim| SaidBy {
                claim: claim.clone(),
                holder: report.record.claims[0].holder.clone(),
                stance: "state".to_owned(),
            }),
        }
    };
    report.record.events.iter().map(row).collect()
}

/// What a writer of events makes of the report; how many it wrote, and its notices.
fn write_events(make: impl FnOnce(&mut Vec<u8>) -> Box<dyn EventWriter + '_>) -> (String, usize, Vec<Notice>) {
    let report = report();
    let rows = events(&report);
    let mut out = Vec::new();
    let mut writer = make(&mut out);
    if writer.wants_announcement() {
        rows.iter().for_each(|row| writer.announce(row));
    }
    let written = rows.iter().filter(|row| writer.event(row, &report).unwrap()).count();
    let notices = writer.finish().unwrap();
    (String::from_utf8(out).unwrap(), written, notices)
}

fn write_reports(make: impl FnOnce(&mut Vec<u8>) -> Box<dyn ReportWriter + '_>) -> String {
    let mut out = Vec::new();
    let mut writer = make(&mut out);
    writer.report(&report()).unwrap();
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

/// Names of elements, with attributes, of well-formed XML.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut found, mut depth) = (Vec::new(), 0);
    loop {
        use quick_xml::events::Event as E;
        match reader.read_event().unwrap() {
            E::Eof => break,
            E::Start(e) => {
                depth += 1;
                found.push(named(&e));
            }
            E::Empty(e) => found.push(named(&e)),
            E::End(_) => depth -= 1,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    found
}

fn named(start: &quick_xml::events::BytesStart<'_>) -> (String, Vec<(String, String)>) {
    let attributes = start.attributes().map(|a| a.unwrap());
    let attributes = attributes.map(|a| (a.key.as_ref().to_owned(), a.value.into_owned()));
    (start.name().as_ref().to_owned(), attributes.collect())
}

#[test]
fn gdelt_has_its_columns_and_codes() {
    let report = report();
    let (mut out, mut mentions) = (Vec::new(), Vec::new());
    let mut writer = Box::new(Gdelt::new(&mut out, &mut mentions));
    let written: Vec<bool> = events(&report)
        .iter()
        .map(|row| writer.event(row, &report).unwrap())
        .collect();
    assert_eq!(
        written,
        [true, true, false],
        "what is only possible has no place in GDELT"
    );
    assert_eq!(writer.finish().unwrap()[0].count, 1);

    let out = String::from_utf8(out).unwrap();
    let rows: Vec<Vec<&str>> = out.lines().map(|l| l.split('\t').collect()).collect();
    let get = |row: usize, column: &str| rows[row][GDELT_EVENT_COLUMNS.iter().position(|c| *c == column).unwrap()];
    assert!(rows.len() == 2 && rows.iter().all(|r| r.len() == 61));
    for (column, value) in [
        ("SQLDATE", "20241024"),
        ("FractionDate", "2024.8877"),
        ("Actor1Code", "RUSLEG"),
        ("Actor1Name", "RUSSIA"),
        ("Actor2CountryCode", "PRK"),
        ("EventCode", "057"),
        ("EventRootCode", "05"),
        ("QuadClass", "1"),
        ("GoldsteinScale", "8"),
        ("DATEADDED", "20241025080000"),
        ("SOURCEURL", "urn:lagebild:d%2F1"),
    ] {
        assert_eq!(get(0, column), value, "{column}");
    }
    // GDELT's own value and class, FIPS for the place.
    for (column, value) in [
        ("QuadClass", "4"),
        ("GoldsteinScale", "-6.5"),
        ("ActionGeo_Type", "4"),
        ("ActionGeo_FullName", "Kursk, Russia"),
        ("ActionGeo_CountryCode", "RS"),
        ("ActionGeo_Lat", "51.73733"),
    ] {
        assert_eq!(get(1, column), value, "{column}");
    }
    let mentions = String::from_utf8(mentions).unwrap();
    let rows: Vec<Vec<&str>> = mentions.lines().map(|l| l.split('\t').collect()).collect();
    assert!(rows.len() == 2 && rows.iter().all(|r| r.len() == GDELT_MENTION_COLUMNS.len()));
    assert_eq!((rows[1][6], rows[1][11]), ("3", "50"));
}

#[test]
fn polecat_and_plover_are_tables_of_acts() {
    let (polecat, written, _) = write_events(|out| Box::new(Polecat::new(out).unwrap()));
    let rows: Vec<Vec<&str>> = polecat.lines().map(|l| l.split('\t').collect()).collect();
    assert!(written == 2 && rows.len() == 3 && rows.iter().all(|r| r.len() == 40));
    assert_eq!(rows[0], POLECAT_COLUMNS);
    assert_eq!(
        (rows[2][2], rows[2][9], rows[2][10], rows[2][24]),
        ("AID", "731", "MIL", "Kursk")
    );

    let (plover, _, _) = write_events(|out| Box::new(Plover::new(out)));
    let records: Vec<Value> = plover.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1]["actor"][0]["code"], "PRK");
    assert_eq!(records[1]["location"]["resolution"], 4);
    assert_eq!(records[1]["lagebild"]["certainty"], "alleged");
    assert_eq!(records[0]["text"]["sequence"], 2);
}

#[test]
fn geojson_tells_points_only_where_they_are_known() {
    let (json, written, notices) = write_events(|out| Box::new(GeoJson::new(out).unwrap()));
    let collection: Value = serde_json::from_str(&json).unwrap();
    let features = collection["features"].as_array().unwrap();
    assert_eq!((written, features.len(), notices[0].count), (3, 3, 2));
    assert!(features[0]["geometry"].is_null());
    assert_eq!(
        features[1]["geometry"]["coordinates"],
        serde_json::json!([36.18735, 51.73733])
    );
    assert_eq!(features[1]["properties"]["start"], "2024-10-01");
    // The middle of South Korea is no place of an act.
    assert!(features[2]["geometry"].is_null());
    assert_eq!(features[2]["properties"]["place_precision"], "country");
}

#[test]
fn graphs_have_nodes_for_all_ends_of_edges() {
    for format in [GraphFormat::GraphMl, GraphFormat::Gexf] {
        let (xml, written, notices) = write_events(|out| Box::new(Graph::new(out, format).unwrap()));
        let elements = elements(&xml);
        let attribute = |e: &(String, Vec<(String, String)>), name: &str| {
            e.1.iter()
                .find(|(k, _)| k == name)
                .map(|(_, v)| v.clone())
                .unwrap_or_default()
        };
        let nodes: Vec<String> = elements
            .iter()
            .filter(|e| e.0 == "node")
            .map(|e| attribute(e, "id"))
            .collect();
        assert_eq!(nodes, ["country:KOR", "country:PRK", "country:RUS"]);
        let edges: Vec<_> = elements.iter().filter(|e| e.0 == "edge").collect();
        // The mutual event makes an edge each way.
        assert_eq!((written, edges.len()), (3, 4));
        for edge in edges {
            assert!(nodes.contains(&attribute(edge, "source")) && nodes.contains(&attribute(edge, "target")));
        }
        assert!(
            notices.iter().any(|n| n.count == 4 && n.what.contains("U+FFFD")),
            "{notices:?}"
        );
        if format == GraphFormat::Gexf {
            let aid = elements
                .iter()
                .find(|e| e.0 == "edge" && attribute(e, "label") == "AID")
                .unwrap();
            assert_eq!(
                (attribute(aid, "start"), attribute(aid, "end")),
                ("2024-10-01".into(), "2024-10-31".into())
            );
        }
    }
}

#[test]
fn annotations_quote_what_they_point_to() {
    let json = write_reports(|out| Box::new(Annotations::new(out).unwrap()));
    let page: Value = serde_json::from_str(&json).unwrap();
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 4);
    let chars: Vec<char> = TEXT.chars().collect();
    for item in items {
        let target = &item["target"][0];
        let (position, quote) = (&target["selector"][0], &target["selector"][1]);
        let (start, end) = (
            position["start"].as_u64().unwrap() as usize,
            position["end"].as_u64().unwrap() as usize,
        );
        assert_eq!(
            chars[start..end].iter().collect::<String>(),
            quote["exact"].as_str().unwrap()
        );
        let around = format!(
            "{}{}{}",
            quote["prefix"].as_str().unwrap(),
            quote["exact"].as_str().unwrap(),
            quote["suffix"].as_str().unwrap()
        );
        assert!(TEXT.contains(&around));
    }
}

#[test]
fn brat_files_agree_with_each_other() {
    let Brat { txt, ann } = Brat::of(&report().record);
    assert_eq!(txt, TEXT);
    let chars: Vec<char> = txt.chars().collect();
    let (mut marks, mut events) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for line in ann.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        match line.as_bytes()[0] {
            b'T' => {
                let (_, places) = cells[1].split_once(' ').unwrap();
                let words: Vec<String> = places
                    .split(';')
                    .map(|piece| {
                        let (start, end) = piece.split_once(' ').unwrap();
                        chars[start.parse().unwrap()..end.parse().unwrap()].iter().collect()
                    })
                    .collect();
                assert_eq!(words.join(" "), cells[2], "{line}");
                marks.insert(cells[0].to_owned());
            }
            b'E' => {
                events.insert(cells[0].to_owned());
            }
            _ => assert!(cells[1].split(' ').nth(1).is_some_and(|e| events.contains(e)), "{line}"),
        }
    }
    for line in ann.lines().filter(|l| l.starts_with('E')) {
        for argument in line.split('\t').nth(1).unwrap().split(' ') {
            let (_, to) = argument.split_once(':').unwrap();
            assert!(marks.contains(to) || events.contains(to), "{line}");
        }
    }
    assert!(
        ann.contains("\tSaid ") && ann.contains(";"),
        "a range over two lines has two pieces"
    );
    let claim = ann.lines().find(|l| l.contains("Claim:")).unwrap();
    assert!(claim.contains(" Holder:T") && claim.contains(" Tells:E"), "{claim}");
    for label in ann
        .lines()
        .filter(|l| l.starts_with('T'))
        .map(|l| l.split(['\t', ' ']).nth(1).unwrap())
    {
        assert!(
            annotation_conf().lines().any(|l| l.split('\t').next() == Some(label)),
            "{label}"
        );
    }
}

#[test]
fn doccano_links_marks_by_their_numbers() {
    let line: Value = serde_json::from_str(&write_reports(|out| Box::new(Doccano::new(out)))).unwrap();
    let ids: Vec<u64> = line["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["id"].as_u64().unwrap())
        .collect();
    for relation in line["relations"].as_array().unwrap() {
        assert!(
            ids.contains(&relation["from_id"].as_u64().unwrap()) && ids.contains(&relation["to_id"].as_u64().unwrap())
        );
    }
    let labels = line["entities"].to_string();
    assert!(
        labels.contains("\"AID/actual\"") && labels.contains("\"Claim/state\""),
        "{labels}"
    );
}

#[test]
fn feeds_references_and_notes_are_well_formed() {
    let atom = write_reports(|out| Box::new(Feed::new(out, "x", "Titel & \u{2}", "2024-10-26T08:00:00Z").unwrap()));
    let elements = elements(&atom);
    assert_eq!(elements.iter().filter(|e| e.0 == "entry").count(), 1);
    assert!(atom.contains("<title>Titel &amp; \u{fffd}</title>") && atom.contains("<id>urn:lagebild:d%2F1</id>"));

    let ris = write_reports(|out| Box::new(Ris::new(out)));
    assert!(ris.starts_with("TY  - NEWS\r\n") && ris.ends_with("ER  - \r\n\r\n"));
    assert!(ris.contains("DA  - 2024/10/25\r\n") && ris.contains("KW  - Russland\r\n"));

    let front = front_matter(&report());
    assert!(
        front.starts_with("---\ntitle: \"=Südkorea prüft\"\n")
            && front.contains("source: \"Muster \\\"Tag\\\", Berlin\\u0001\"\n")
    );
}

#[test]
fn tables_read_back_cell_by_cell() {
    let report = report();
    let rows = events(&report);
    let mut csv_out = Vec::new();
    let mut writer = Box::new(CsvWriter::new(&mut csv_out, &EventRow::TABLE).unwrap());
    rows.iter().for_each(|row| writer.row(&row.cells()).unwrap());
    writer.finish().unwrap();
    let mut reader = csv::Reader::from_reader(&csv_out[..]);
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        header,
        EventRow::TABLE.columns.iter().map(|c| c.name).collect::<Vec<_>>()
    );
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    assert_eq!(records.len(), 3);
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    assert_eq!(
        &records[2][column("sentence")],
        "'=Südkorea prüft",
        "a formula is disarmed"
    );
    assert_eq!(&records[0][column("goldstein")], "8");

    let mut json_out = Vec::new();
    let mut writer = Box::new(NdjsonWriter::new(&mut json_out, &EventRow::TABLE));
    rows.iter().for_each(|row| writer.row(&row.cells()).unwrap());
    writer.finish().unwrap();
    let lines = String::from_utf8(json_out).unwrap();
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["sentence"], "=Südkorea prüft", "JSON keeps the words");
    assert!(last["claim"].is_null() && last["date_implicit"] == false);

    // Each cell is of the kind that its column promises.
    for row in &rows {
        for (cell, column) in row.cells().iter().zip(EventRow::TABLE.columns) {
            let fits = matches!(
                (cell, column.kind),
                (Cell::Missing, _)
                    | (Cell::Text(_), Kind::Text | Kind::Date | Kind::Time)
                    | (Cell::Integer(_), Kind::Integer)
                    | (Cell::Number(_), Kind::Number)
                    | (Cell::Boolean(_), Kind::Boolean)
            );
            assert!(fits, "{}: {cell:?}", column.name);
        }
    }
}

#[test]
fn claims_tell_their_entry_where_it_is_known() {
    let mut record = report().record;
    let older = ClaimRecord {
        rule: String::new(),
        ..record.claims[0].clone()
    };
    record.claims.push(older);
    let mut out = Vec::new();
    let mut writer = Box::new(NdjsonWriter::new(&mut out, &ClaimRow::TABLE));
    for row in RecordRows::new(&record).claims() {
        writer.row(&row.cells()).unwrap();
    }
    writer.finish().unwrap();
    let rows: Vec<Value> = out
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(
        [&rows[0]["rule"], &rows[1]["rule"]],
        [&Value::from("de.say.laut"), &Value::Null]
    );
}

#[cfg(feature = "columnar")]
#[test]
fn parquet_reads_back() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    let report = report();
    let mut out = Vec::new();
    let mut writer = Box::new(ParquetWriter::new(&mut out, &EventRow::TABLE).unwrap());
    for row in events(&report) {
        writer.row(&row.cells()).unwrap();
    }
    writer.finish().unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(out)).unwrap();
    let rows: Vec<String> = reader
        .get_row_iter(None)
        .unwrap()
        .map(|r| r.unwrap().to_string())
        .collect();
    assert_eq!(rows.len(), 3);
    assert!(
        rows[1].contains("date_from: 2024-10-01") && rows[1].contains("lat: 51.73733"),
        "{}",
        rows[1]
    );
    assert!(rows[0].contains("claim: null"), "{}", rows[0]);
}

proptest! {
    #[test]
    fn any_text_makes_well_formed_files(title in "\\PC{0,40}|[\\x00-\\x1f<>&\"']{0,20}") {
        let mut report = report();
        report.record.title = Some(title.clone());
        report.row.document.title = Some(title.clone());
        let mut out = Vec::new();
        let mut feed = Box::new(Feed::new(&mut out, &title, &title, "2024-10-26T08:00:00Z").unwrap());
        feed.report(&report).unwrap();
        ReportWriter::finish(feed).unwrap();
        prop_assert!(elements(std::str::from_utf8(&out).unwrap()).len() > 5);

        let mut table = Vec::new();
        let mut writer = Box::new(CsvWriter::new(&mut table, &DocumentRow::TABLE).unwrap());
        writer.row(&report.row.cells()).unwrap();
        writer.finish().unwrap();
        let record = csv::Reader::from_reader(&table[..]).records().next().unwrap().unwrap();
        let title = harmless(title);
        prop_assert_eq!(&record[5], title.as_str());
    }
}

#[test]
fn the_documentation_lists_the_schema() {
    let page = include_str!("../../../docs/export.md");
    for table in SCHEMA {
        let kind = |kind: Kind| format!("{kind:?}").to_lowercase();
        let columns: String = table
            .columns
            .iter()
            .map(|c| format!("| `{}` | {} | {} |\n", c.name, kind(c.kind), c.about))
            .collect();
        let section = format!(
            "### `{}`\n\n{}\n\n| column | kind | meaning |\n| --- | --- | --- |\n{columns}\n",
            table.name, table.about
        );
        assert!(page.contains(&section), "docs/export.md should hold:\n{section}");
    }
}
