//! Licences of the program and of the data compiled into it, as they stand in the repository.

/// Each with what it is for.
pub(crate) const LICENCES: &[(&str, &str)] = &[
    ("The program, at your choice: MIT", include_str!("../../../LICENSE-MIT")),
    ("or: Apache 2.0", include_str!("../../../LICENSE-APACHE")),
    ("The language data", include_str!("../../../data/lang/README.md")),
    ("The language models", include_str!("../../../models/README.md")),
    (
        "The knowledge tables",
        include_str!("../../../data/knowledge/README.md"),
    ),
    (
        "The codebook's tables",
        include_str!("../../../data/ontology/README.md"),
    ),
    ("The world map", include_str!("../../../data/world/README.md")),
    (
        "The shapes of the world map",
        include_str!("../../../data/world/LICENSE"),
    ),
    ("The sample reports", include_str!("../../../data/demo/README.md")),
];
