//! Front matter for Markdown notes, as Obsidian, Hugo, Pandoc and Quarto read it.

use lagebild_store::StoredDocument;

/// A YAML block with what names a report, who acts in it and which types of events it tells.
#[must_use]
pub fn front_matter(report: &StoredDocument) -> String {
    let (row, record) = (&report.row, &report.record);
    let mut out = String::from("---\n");
    let mut put = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            out.push_str(&format!("{key}: {}\n", scalar(value)));
        }
    };
    put("title", record.title.as_deref());
    put("id", Some(&record.id));
    put("date", record.published.as_deref());
    put("source", record.source.as_deref());
    put("url", row.document.url.as_deref());
    put("lang", Some(&record.lang));
    let mut actors: Vec<&str> = Vec::new();
    let mut types: Vec<&str> = Vec::new();
    for event in &record.events {
        for party in event.actors.iter().chain(&event.recipients) {
            if let Some(name) = party.name.as_deref().filter(|name| !actors.contains(name)) {
                actors.push(name);
            }
        }
        if !types.contains(&event.kind.as_str()) {
            types.push(&event.kind);
        }
    }
    for (key, values) in [("actors", actors), ("types", types)] {
        let values: Vec<String> = values.into_iter().map(scalar).collect();
        out.push_str(&format!("{key}: [{}]\n", values.join(", ")));
    }
    out.push_str(&format!(
        "events: {}\nclaims: {}\nagreements: {}\n---\n\n",
        row.events, row.claims, row.agreements
    ));
    out
}

/// A YAML scalar in double quotes, which is JSON's string.
fn scalar(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
