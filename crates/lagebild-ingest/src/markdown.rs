//! Markdown to clean text: markup goes, words and their blocks stay.

use crate::assemble::Assembly;
use crate::dates::parse_date;
use crate::error::Error;
use crate::layout::layout;
use crate::{Source, squeezed};
use lagebild_core::{Block, Lang, Part, Span};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Whether a text opens with YAML (`---`) or TOML (`+++`) front matter.
pub(crate) fn has_front_matter(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    let Some(fence @ ("---" | "+++")) = lines.next() else {
        return false;
    };
    let Some(first) = lines.next() else { return false };
    first.contains([':', '=']) && lines.take(200).any(|line| line == fence)
}

/// Reads a Markdown text.
///
/// # Errors
/// [`Error::Empty`] when nothing but markup is there.
pub(crate) fn read(text: &str, title: Option<&str>) -> Result<Source, Error> {
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    for event in Parser::new_ext(text, options) {
        reader.event(event);
    }
    reader.flush(Part::Body);
    let Reader {
        mut source,
        assembly,
        heading,
        ..
    } = reader;
    if assembly.blocks.is_empty() {
        return Err(Error::Empty);
    }
    let title = title.map(str::to_owned).or_else(|| source.title.take()).or(heading);
    let Assembly { text, mut blocks } = assembly;
    refine_front(&text, &mut blocks, &mut source, title.as_deref());
    Ok(Source {
        text,
        blocks,
        title,
        ..source
    })
}

#[derive(Default)]
struct Reader {
    assembly: Assembly,
    source: Source,
    /// The inline text of the open block.
    open: String,
    /// Title: the first heading of the highest rank met first.
    heading: Option<String>,
    /// Depth of lists, of quotations, and of what is no prose (code, tables, raw HTML, images).
    lists: usize,
    quotes: usize,
    silent: usize,
    metadata: bool,
}

impl Reader {
    /// What a paragraph is.
    fn part(&self) -> Part {
        if self.lists > 0 {
            Part::ListItem
        } else if self.quotes > 0 {
            Part::Quote
        } else {
            Part::Body
        }
    }

    fn flush(&mut self, part: Part) {
        self.assembly.push(part, &self.open);
        self.open.clear();
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.metadata => self.front_matter(&text),
            Event::Text(text) | Event::Code(text) if self.silent == 0 => self.open.push_str(&text),
            Event::SoftBreak | Event::HardBreak if self.silent == 0 => self.open.push(' '),
            Event::Rule => self.flush(Part::Body),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::MetadataBlock(_) => self.metadata = true,
            Tag::CodeBlock(_) | Tag::Table(_) | Tag::HtmlBlock | Tag::Image { .. } => self.silent += 1,
            Tag::BlockQuote(_) => {
                self.flush(self.part());
                self.quotes += 1;
            }
            // The text of an item that holds a list of its own ends where that list starts.
            Tag::List(_) => {
                self.flush(self.part());
                self.lists += 1;
            }
            Tag::Item | Tag::Paragraph | Tag::Heading { .. } if !self.open.trim().is_empty() => {
                self.flush(self.part());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(_) => self.metadata = false,
            TagEnd::CodeBlock | TagEnd::Table | TagEnd::HtmlBlock | TagEnd::Image => {
                self.silent = self.silent.saturating_sub(1);
            }
            TagEnd::BlockQuote(_) => {
                self.flush(self.part());
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
            TagEnd::Item => self.flush(Part::ListItem),
            TagEnd::Paragraph => self.flush(self.part()),
            TagEnd::Heading(level) => {
                let is_title = self.heading.is_none()
                    && (level == HeadingLevel::H1 || !self.assembly.blocks.iter().any(|b| b.part == Part::Body));
                if is_title && !self.open.trim().is_empty() {
                    self.heading = Some(squeezed(&self.open));
                    self.flush(Part::Headline);
                } else {
                    self.flush(Part::Heading);
                }
            }
            _ => {}
        }
    }

    /// `key: value` or `key = "value"` lines; nested structures are passed over.
    fn front_matter(&mut self, text: &str) {
        for line in text.lines() {
            let Some((key, value)) = line.split_once([':', '=']) else {
                continue;
            };
            let value = value.trim().trim_matches(['"', '\'']).trim();
            if value.is_empty() {
                continue;
            }
            match key.trim().to_ascii_lowercase().as_str() {
                "title" | "titel" => self.source.title = Some(value.to_owned()),
                "date" | "datum" | "published" | "pubdate" => self.source.published = parse_date(value),
                "lang" | "language" | "sprache" => self.source.lang = Lang::from_code(value),
                "url" | "canonical" => self.source.facts.url = Some(value.to_owned()),
                "source" | "quelle" => self.source.facts.publisher = Some(value.to_owned()),
                _ => {}
            }
        }
    }
}

/// Finds date line, byline and dateline of the lead in the blocks that Markdown calls paragraphs.
fn refine_front(text: &str, blocks: &mut Vec<Block>, source: &mut Source, title: Option<&str>) {
    let found = layout(text, title);
    source.published = source.published.or(found.published);
    let mut refined = Vec::with_capacity(blocks.len());
    for block in blocks.iter() {
        let within: Vec<Block> = found
            .blocks
            .iter()
            .copied()
            .filter(|b| block.span.contains(b.span))
            .collect();
        let covers = within.first().is_some_and(|b| b.span.start() == block.span.start())
            && within.last().is_some_and(|b| b.span.end() == block.span.end());
        if block.part == Part::Body && covers && !within.iter().any(|b| b.part == Part::ListItem) {
            refined.extend(within);
        } else {
            refined.push(Block {
                span: Span::at(block.span.start(), block.span.end()),
                part: block.part,
            });
        }
    }
    *blocks = refined;
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::Date;

    fn shown(markdown: &str) -> Vec<String> {
        let source = read(markdown, None).unwrap();
        source
            .blocks
            .iter()
            .map(|b| format!("{:?}|{}", b.part, b.span.of(&source.text)))
            .collect()
    }

    #[test]
    fn blocks_and_clean_text() {
        let markdown = "# Putin *trifft* Kim\n\nVon Anna Schmidt\n\nMoskau (dpa) - Der **Präsident** ist in [Pjöngjang](https://x.y).\n\
                        Er bleibt.\n\n## Hintergrund\n\n> Das ist ein Zitat.\n\n- eins\n- zwei\n  - drei\n\n```\ncode\n```\n\n![Bild](a.png)";
        assert_eq!(
            shown(markdown),
            [
                "Headline|Putin trifft Kim",
                "Byline|Von Anna Schmidt",
                "Dateline|Moskau (dpa) -",
                "Body|Der Präsident ist in Pjöngjang. Er bleibt.",
                "Heading|Hintergrund",
                "Quote|Das ist ein Zitat.",
                "ListItem|eins",
                "ListItem|zwei",
                "ListItem|drei",
            ]
        );
    }

    #[test]
    fn front_matter() {
        let source = read(
            "---\ntitle: \"Ein Titel\"\ndate: 2024-10-24\nlang: de\n---\n\nDer Text beginnt.",
            None,
        )
        .unwrap();
        assert_eq!(source.title.as_deref(), Some("Ein Titel"));
        assert_eq!(source.published, Date::new(2024, 10, 24).ok());
        assert_eq!(source.lang, Some(Lang::De));
        assert_eq!(source.text, "Der Text beginnt.");
        assert_eq!(read("---\ntitle: x\n---\n", None).unwrap_err(), Error::Empty);
    }
}
