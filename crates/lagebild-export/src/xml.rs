//! XML: elements one after another, with what XML cannot hold replaced and counted.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes XML 1.0.
pub(crate) struct Xml<W: Write> {
    writer: Writer<W>,
    /// Characters replaced.
    pub(crate) replaced: usize,
}

impl<W: Write> std::fmt::Debug for Xml<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Xml")
            .field("replaced", &self.replaced)
            .finish_non_exhaustive()
    }
}

/// Attributes: names and values.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl<W: Write> Xml<W> {
    /// Writes the declaration.
    pub(crate) fn new(out: W) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(out, b' ', 1);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { writer, replaced: 0 })
    }

    /// `text` with what XML 1.0 cannot hold, not even escaped, as U+FFFD.
    fn clean<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..) && c != '\u{fffe}';
        let illegal = text.chars().filter(|&c| !legal(c)).count();
        if illegal == 0 {
            return Cow::Borrowed(text);
        }
        self.replaced += illegal;
        Cow::Owned(text.chars().map(|c| if legal(c) { c } else { '\u{fffd}' }).collect())
    }

    fn start(&mut self, name: &'static str, attributes: Attributes<'_>) -> BytesStart<'static> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            let value = self.clean(value).into_owned();
            start.push_attribute((*key, value.as_str()));
        }
        start
    }

    /// A start tag.
    pub(crate) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        let start = self.start(name, attributes);
        self.writer.write_event(Event::Start(start))
    }

    /// An end tag.
    pub(crate) fn close(&mut self, name: &'static str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        let start = self.start(name, attributes);
        self.writer.write_event(Event::Empty(start))
    }

    /// An element that holds text.
    pub(crate) fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        let text = self.clean(text).into_owned();
        self.writer.write_event(Event::Text(BytesText::new(&text)))?;
        self.close(name)
    }

    /// Ends the file.
    pub(crate) fn finish(mut self) -> io::Result<usize> {
        let out = self.writer.get_mut();
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(self.replaced)
    }
}

/// What is told about characters that were replaced.
pub(crate) const REPLACED: &str = "characters that XML cannot hold were replaced by U+FFFD";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_replaced_and_counted() {
        let mut out = Vec::new();
        let mut xml = Xml::new(&mut out).unwrap();
        xml.text("a", &[("b", "x\u{1}\"<")], "y\0\u{fffe}\u{b}&<🇰🇷\t").unwrap();
        assert_eq!(xml.finish().unwrap(), 4);
        let text = String::from_utf8(out).unwrap();
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut seen = String::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(start) => {
                    let attribute = start.attributes().next().unwrap().unwrap();
                    assert_eq!(attribute.key.as_ref(), "b");
                    assert_eq!(&*attribute.value, "x\u{fffd}&quot;&lt;");
                }
                Event::Text(text) => seen.push_str(&text.xml10_content()),
                Event::GeneralRef(name) => seen.push_str(&format!("[{}]", name.xml10_content())),
                _ => {}
            }
        }
        assert_eq!(seen.trim_matches('\n'), "y\u{fffd}\u{fffd}\u{fffd}[amp][lt]🇰🇷\t");
    }
}
