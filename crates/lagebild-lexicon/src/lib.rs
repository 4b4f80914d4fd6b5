//! Reads, checks and compiles the rule files and knowledge tables of Lagebild.
