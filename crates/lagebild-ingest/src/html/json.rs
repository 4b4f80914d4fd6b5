//! JSON as pages hold it: with a comma too many, line breaks in texts, wrapped in comments.

use serde_json::Value;

/// Reads `text`; what cannot be read even so says nothing, and the page has other places to look.
pub(super) fn lenient(text: &str) -> Option<Value> {
    let text = text.trim();
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    serde_json::from_str(&mended(text)).ok()
}

/// Without what stands around the value, commas before a closing bracket, and control characters in texts.
fn mended(text: &str) -> String {
    let text = text.replace("<![CDATA[", "").replace("]]>", "");
    let from = text.find(['{', '[']).unwrap_or(text.len());
    let to = text.rfind(['}', ']']).map_or(from, |at| at + 1).max(from);
    let mut mended = String::with_capacity(to - from);
    let (mut in_text, mut escape) = (false, false);
    for c in text[from..to].chars() {
        match c {
            _ if escape => escape = false,
            '\\' if in_text => escape = true,
            '"' => in_text = !in_text,
            c if in_text && c.is_control() => {
                mended.push(' ');
                continue;
            }
            '}' | ']' if !in_text => {
                let end = mended.trim_end().len();
                if mended[..end].ends_with(',') {
                    mended.truncate(end - 1);
                }
            }
            _ => {}
        }
        mended.push(c);
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_pages() {
        let title = |text| lenient(text)?.get("a")?.as_str().map(str::to_owned);
        assert_eq!(title(r#"{"a":"x, }"}"#).as_deref(), Some("x, }"));
        assert_eq!(title("<!-- {\"a\":\"x\ny\",\n} -->").as_deref(), Some("x y"));
        assert_eq!(title("//<![CDATA[\n{\"a\":\"x\",}\n//]]>").as_deref(), Some("x"));
        assert_eq!(lenient("{a:1}"), None);
        assert_eq!(lenient("]["), None);
    }
}
